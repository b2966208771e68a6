"""One customer that is invoiced in two currencies: two customers of QuickBooks."""

import uuid
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..mappers.matching import without_codes
from .engine_common import SERIAL
from .test_documents_life import LifeCase


class TwoCurrenciesCase(LifeCase):
    emulator_companies = ("multicurrency",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2026-01-01", 0.8)])


@tagged("post_install", "-at_install")
class TestCustomerInTwoCurrencies(TwoCurrenciesCase):
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


@tagged("post_install", "-at_install")
class TestSecondCurrencyMayBeThere(TwoCurrenciesCase):
    """A customer is in QuickBooks in euros; who may be it in dollars is asked."""

    def setUp(self):
        super().setUp()
        self.connection.currency_customers = True
        self.name = f"Coastal Bakery {next(SERIAL)}"
        email = f"office{next(SERIAL)}@example.com"
        self.customer = self.make_customer(self.name, email=email)
        self.customer.name = f"{self.name} LLC"
        self.in_euros = self.posted(currency_id=self.euro.id)
        self.drain()
        self.assert_in_quickbooks(self.in_euros)

    def make_theirs(self, name, currency="USD", is_read=True, **values):
        """Somebody makes a customer in QuickBooks."""
        vals = {"DisplayName": name, "CurrencyRef": {"value": currency}, **values}
        made = self.connection._with_client(
            lambda client: client.create("Customer", vals, uuid.uuid4().hex)
        )
        if is_read:
            self.connection._retrieve_lists(("customer",))
        return made

    def names(self):
        return [
            customer["DisplayName"]
            for customer in self.in_quickbooks("Customer")
            if self.name in customer["DisplayName"]
        ]

    def posted_in_dollars(self):
        invoice = self.posted()
        self.drain()
        return invoice

    def dialog(self):
        """The dialog that the only open problem leads to, as it is opened."""
        problem = self.by_bookkeeper(self.open_problems())
        self.assertEqual((len(problem), problem.fix), (1, "customer"))
        action = problem.action_fix()
        dialogs = self.by_bookkeeper(self.env[action["res_model"]])
        return dialogs.with_context(**action["context"]).create({})

    def assert_asked_about(self, theirs, reason):
        invoice = self.posted_in_dollars()
        self.assert_not_in_quickbooks(invoice)
        told = f"may be {theirs['DisplayName']} of QuickBooks: {reason}."
        self.assertIn(told, invoice.qbo_status_text)
        self.assertEqual(self.dialog().reference_id.qbo_id, theirs["Id"])
        return invoice

    def test_customer_of_the_other_currency_is_linked_not_made_again(self):
        theirs = self.make_theirs(f"{self.name}, Inc. (USD)")
        invoice = self.assert_asked_about(theirs, "similar name")
        known = self.names()

        self.dialog().action_link()
        self.drain()

        self.assert_in_quickbooks(self.in_euros + invoice)
        self.assertEqual(self.found(invoice)["CustomerRef"]["value"], theirs["Id"])
        self.assertNotEqual(self.customer.qbo_id, theirs["Id"])
        self.assertEqual(self.names(), known)
        self.assertFalse(self.open_problems())

    def test_same_name_but_for_the_currency_is_asked_about(self):
        theirs = self.make_theirs(f"{self.name} LLC - usd")
        self.assert_asked_about(theirs, "same name")

    def test_name_that_it_would_get_is_asked_about(self):
        theirs = self.make_theirs(f"{self.name} LLC (USD)")
        self.assert_asked_about(theirs, "same name")

    def test_same_email_is_asked_about(self):
        address = {"Address": self.customer.email}
        theirs = self.make_theirs(f"Pier {next(SERIAL)}", PrimaryEmailAddr=address)
        self.assert_asked_about(theirs, "same e-mail")

    def test_name_of_the_first_one_in_quickbooks_is_compared_too(self):
        """It was linked to one whom QuickBooks calls otherwise."""
        first = self.make_theirs(f"Port {next(SERIAL)} EUR", "EUR")
        theirs = self.make_theirs(first["DisplayName"].replace("EUR", "USD"))
        reference = self.reference_named("customer", first["DisplayName"])
        self.customer._qbo_link_customer(self.connection, reference)
        self.assert_asked_about(theirs, "same name")

    def test_currency_in_a_name_is_seen_where_people_write_it(self):
        for written, bare in (
            ("Acme (USD)", "Acme"),
            ("Acme - usd", "Acme"),
            ("Acme/USD", "Acme"),
            ("USD Acme", "Acme"),
            ("Acme USD Inc.", "Acme Inc."),
            ("Acme Usdan", "Acme Usdan"),
            ("USD", "USD"),
        ):
            with self.subTest(written=written):
                self.assertEqual(without_codes(written, ["USD"]), bare)

    def test_several_alike_are_asked_about(self):
        for name in (f"{self.name} Inc.", f"{self.name} Ltd USD"):
            self.make_theirs(name)
        invoice = self.posted_in_dollars()
        self.assertIn("several are alike", invoice.qbo_status_text)

    def test_customer_of_a_third_currency_is_somebody_else(self):
        self.make_theirs(f"{self.name} Inc.", "GBP")
        self.assert_in_quickbooks(self.posted_in_dollars())
        self.assertIn(f"{self.customer.name} (USD)", self.names())

    def test_new_one_is_made_when_a_person_says_so(self):
        theirs = self.make_theirs(f"{self.name} Inc.")
        invoice = self.assert_asked_about(theirs, "similar name")
        dialog = self.dialog()
        self.assertEqual(dialog.new_name, f"{self.customer.name} (USD)")

        dialog.action_create_as()
        self.drain()

        self.assert_in_quickbooks(self.in_euros + invoice)
        made = self.found(invoice)["CustomerRef"]
        self.assertEqual(made["name"], f"{self.customer.name} (USD)")
        self.assertNotIn(made["value"], (theirs["Id"], self.customer.qbo_id))
        self.assertFalse(self.customer.qbo_name)
        self.assertFalse(self.open_problems())

    def test_new_one_gets_the_name_that_a_person_gives_it(self):
        self.make_theirs(f"{self.name} LLC (USD)")
        invoice = self.posted_in_dollars()
        dialog = self.dialog()
        self.assertEqual(dialog.new_name, f"{self.name} LLC (USD) (Customer)")
        dialog.new_name = f"{self.name} Dollars"

        dialog.action_create_as()
        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertIn(f"{self.name} Dollars", self.names())
        self.assertFalse(self.customer.qbo_name)

    def test_name_of_a_customer_in_euros_is_a_question_of_another_name(self):
        taken = self.make_theirs(f"{self.name} LLC (USD)", "EUR")
        invoice = self.posted_in_dollars()
        self.assert_not_in_quickbooks(invoice)
        self.assertNotIn("Link it", self.open_problems().todo)
        dialog = self.dialog()
        dialog.reference_id = self.reference_named("customer", taken["DisplayName"])
        with self.assertRaisesRegex(UserError, "is in EUR in QuickBooks"):
            dialog.action_link()

        dialog.action_create_as()
        self.drain()

        self.assert_in_quickbooks(invoice)

    def test_name_taken_since_the_list_was_read_is_the_same_question(self):
        name = f"{self.name} LLC (USD)"
        self.make_theirs(name, "EUR", is_read=False, Notes="Typed in by hand")
        invoice = self.posted_in_dollars()
        self.back_off_is_over()
        self.drain()
        self.assert_not_in_quickbooks(invoice)
        dialog = self.dialog()
        dialog.new_name = f"{self.name} Dollars"

        dialog.action_create_as()
        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertFalse(self.open_problems())

    def test_new_one_without_the_setting_is_a_decision_too(self):
        self.connection.currency_customers = False
        invoice = self.posted_in_dollars()
        self.assert_not_in_quickbooks(invoice)

        self.dialog().action_create_as()
        self.drain()
        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertFalse(self.customer.qbo_name)

    def test_decision_counts_in_the_company_where_it_was_taken(self):
        self.make_theirs(f"{self.name} Inc.")
        invoice = self.posted_in_dollars()
        self.dialog().action_create_as()
        others = self.env["qbo.currency.customer"]
        other = others._of(self.connection, self.customer, invoice.currency_id)
        self.assertFalse(other._qbo_likely(self.connection))
        other.new_in_realm = "another company"
        self.assertTrue(other._qbo_likely(self.connection))

    def test_preview_asks_and_writes_nothing(self):
        theirs = self.make_theirs(f"{self.name} Inc.")
        draft = self.draft()
        alert = draft.with_user(self.bookkeeper).sudo(False).qbo_alert()
        self.assertIn(f"may be {theirs['DisplayName']}", alert["message"])
        others = self.env["qbo.currency.customer"]
        self.assertFalse(others._of(self.connection, self.customer, draft.currency_id))
