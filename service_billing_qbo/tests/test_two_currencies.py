"""One customer that is invoiced in two currencies: two customers of QuickBooks."""

from decimal import Decimal

from odoo.tests import tagged

from .test_documents_life import LifeCase


@tagged("post_install", "-at_install")
class TestCustomerInTwoCurrencies(LifeCase):
    emulator_companies = ("multicurrency",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2026-01-01", 0.8)])

    def test_other_total_in_dollars_is_flagged_until_it_is_accepted(self):
        """Equal in euros, 5 dollars apart in the books: QuickBooks goes by the rate."""
        move = self.draft(currency_id=self.euro.id)
        move.invoice_line_ids.balance = -130
        move.action_post()
        self.drain()
        self.assertEqual(Decimal(str(self.found(move)["HomeTotalAmt"])), Decimal(125))
        self.assertEqual(move.qbo_status, "differs")
        self.assertIn("home total differs by $\xa0-5.00", move.qbo_status_text)
        grouped = self.env["account.move"].search([("qbo_status", "=", "differs")])
        self.assertIn(move, grouped)
        link = move.qbo_binding_id
        self.assertEqual((link.odoo_home_total, link.qbo_home_total), (130, 125))
        self.by_bookkeeper(link)._accept_difference("Rate of the contract")
        self.env.invalidate_all()
        self.assertEqual(move.qbo_status, "exported")

    def test_cents_that_odoo_rounds_item_by_item_are_no_difference(self):
        move = self.taxed(10.10, currency_id=self.euro.id)
        credit_note = self.posted(7.77, currency_id=self.euro.id, refund=True)
        self.drain()
        home_total = Decimal(str(self.found(move)["HomeTotalAmt"]))
        self.assertEqual(home_total, Decimal("13.66"))
        self.assertEqual(move.amount_total_signed, 13.67)
        self.assert_in_quickbooks(move + credit_note)

    def test_bookkeeper_chooses_the_customer_of_the_other_currency(self):
        in_euros = self.posted(currency_id=self.euro.id)
        self.drain()
        self.assert_in_quickbooks(in_euros)
        in_dollars = self.posted()
        self.drain()
        problem = self.row(in_dollars).problem_ids
        self.assertEqual((problem.kind, problem.res_model), ("currency", "res.partner"))
        other = self.reference_named("customer", "Cool Cars")
        self.customer._qbo_link_customer(self.connection, other)
        self.drain()
        self.assert_in_quickbooks(in_euros + in_dollars)
        self.assertEqual(self.found(in_dollars)["CustomerRef"]["value"], other.qbo_id)

    def test_changes_of_a_customer_go_to_each_of_its_currencies(self):
        self.connection.write(
            {"currency_customers": True, "send_customer_changes": True}
        )
        self.posted(currency_id=self.euro.id)
        self.drain()
        self.posted()
        self.drain()
        self.drain()
        self.customer.write({"phone": "555 010 0142", "name": "Harbor & Sons"})
        self.drain()
        found = {
            customer["DisplayName"]: customer
            for customer in self.in_quickbooks("Customer")
            if customer["DisplayName"].startswith("Harbor & Sons")
        }
        self.assertEqual(set(found), {"Harbor & Sons", "Harbor & Sons (USD)"})
        for customer in found.values():
            phone = customer["PrimaryPhone"]["FreeFormNumber"]
            self.assertEqual(phone, "555 010 0142")
            self.assertIn(":", customer["Notes"], "what names it in Odoo stays")
        currencies = {name: one["CurrencyRef"]["value"] for name, one in found.items()}
        self.assertEqual(
            currencies, {"Harbor & Sons": "EUR", "Harbor & Sons (USD)": "USD"}
        )

    def test_credit_note_is_applied_among_the_customers_of_its_currency(self):
        self.connection.currency_customers = True
        self.posted(currency_id=self.euro.id)
        self.drain()
        invoice = self.posted()
        credit = self.posted(40, refund=True)
        lines = (invoice + credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.drain()
        self.drain()
        self.assertEqual(Decimal(str(self.found(invoice)["Balance"])), Decimal(60))
        names = {self.found(move)["CustomerRef"]["name"] for move in invoice + credit}
        self.assertEqual(names, {f"{self.customer.name} (USD)"})
