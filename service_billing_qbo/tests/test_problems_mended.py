"""What is mended in Odoo lets go what it stopped, by itself and once."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from ..models.roles import CLERK
from ..quickbooks import jsonmoney
from .engine_common import EngineCase


class MendedCase(EngineCase):
    def assert_goes_by_itself(self, *invoices):
        self.drain()
        for invoice in invoices:
            self.assert_in_quickbooks(invoice)
        self.assertFalse(self.open_problems())

    def assert_said_to_be_released(self, text):
        self.env.cr.precommit.run()
        sent = self.env["bus.bus"].sudo().search([])
        self.assertIn(text, "".join(sent.mapped("message")))

    def unmap_everything(self):
        self.env["qbo.mapping"].sudo().search([]).unlink()

    def an_item(self):
        return self.env["qbo.reference"].search(
            [("entity", "=", "item"), ("active", "=", True)], limit=1
        )

    def make_product(self, **values):
        return self.env["product.product"].create(
            {"name": "Router", "type": "consu", "taxes_id": False, **values}
        )

    def sold(self, product):
        lines = [Command.create({"product_id": product.id, "price_unit": 10})]
        return self.posted(invoice_line_ids=lines)


@tagged("post_install", "-at_install")
class TestProblemsMendedInOdoo(MendedCase):
    """Mended in Odoo, exports go by themselves: nobody presses anything here."""

    # -- customers ----------------------------------------------------------------

    def test_corrected_email_of_a_customer(self):
        customer = self.make_customer("Pier", email="nobody")
        invoices = self.posted(count=3, customer=customer)
        self.drain()
        self.assertTrue(self.open_problems())

        customer.email = "ana@example.com"

        self.assert_goes_by_itself(*invoices)

    def test_corrected_email_of_a_contact(self):
        contact = self.env["res.partner"].create(
            {"name": "Ana", "parent_id": self.customer.id, "email": "nobody"}
        )
        invoice = self.posted(customer=contact)
        self.drain()
        self.assertTrue(self.open_problems())

        contact.email = "ana@example.com"

        self.assert_goes_by_itself(invoice)

    def test_email_that_is_still_wrong_is_the_same_problem(self):
        """Else each attempt would be told to people as a new one."""
        customer = self.make_customer("Pier", email="nobody")
        self.posted(customer=customer)
        self.drain()
        problem = self.open_problems()

        customer.email = "somebody"
        self.drain()

        self.assertEqual(self.open_problems(), problem)
        self.assertIn("somebody", problem.message)

    def test_name_of_a_vendor_changed_in_odoo(self):
        customer = self.make_customer("Both")
        self.connection._with_client(
            lambda client: client.create(
                "Vendor", {"DisplayName": customer.name}, f"mended-{customer.id}"
            )
        )
        invoice = self.posted(customer=customer)
        self.drain()
        self.assertEqual(self.open_problems().kind, "customer")

        customer.name = f"{customer.name} Customer"

        self.assert_goes_by_itself(invoice)

    def test_name_that_quickbooks_cannot_write(self):
        customer = self.env["res.partner"].create(
            {"name": "東京", "is_company": True, "customer_rank": 1}
        )
        invoice = self.posted(customer=customer)
        self.drain()
        self.assertTrue(self.open_problems())

        customer.qbo_name = f"Tokyo {customer.id}"

        self.assert_goes_by_itself(invoice)

    def test_customer_without_its_unmapped_term(self):
        """The invoice has none itself: it waits only for its customer."""
        term = self.env["account.payment.term"].create({"name": "As agreed"})
        customer = self.make_customer("Pier", property_payment_term_id=term.id)
        invoice = self.posted(customer=customer)
        self.drain()
        self.assertEqual(invoice.qbo_status, "problem")

        customer.property_payment_term_id = False

        self.assert_goes_by_itself(invoice)

    # -- one click of a clerk -------------------------------------------------------

    def test_retry_of_an_invoice_retries_its_customer(self):
        clerk = new_test_user(self.env, "clerk mends", CLERK)
        customer = self.make_customer("Both")
        vendor = self.connection._with_client(
            lambda client: client.create(
                "Vendor", {"DisplayName": customer.name}, f"retry-{customer.id}"
            )
        )
        invoice = self.posted(customer=customer)
        self.drain()
        self.connection._with_client(
            lambda client: client.update(
                "Vendor",
                {**vendor, "DisplayName": f"{customer.name} Supplies"},
                f"renamed-{customer.id}",
            )
        )
        self.connection._retrieve_lists(("vendor",))

        invoice.with_user(clerk).action_qbo_retry()

        self.assert_goes_by_itself(invoice)

    # -- products and taxes -----------------------------------------------------------

    def test_product_moved_to_a_category_with_an_item(self):
        self.unmap_everything()
        categories = self.env["product.category"].create(
            [{"name": "Without"}, {"name": "With"}]
        )
        categories[1].sudo().qbo_item_id = self.an_item()
        product = self.make_product(categ_id=categories[0].id)
        invoice = self.sold(product)
        self.drain()
        self.assertEqual(self.open_problems().kind, "unmapped")

        product.categ_id = categories[1]

        self.assert_goes_by_itself(invoice)

    def test_category_moved_below_one_with_an_item(self):
        self.unmap_everything()
        categories = self.env["product.category"].create(
            [{"name": "Without"}, {"name": "With"}]
        )
        categories[1].sudo().qbo_item_id = self.an_item()
        invoice = self.sold(self.make_product(categ_id=categories[0].id))
        self.drain()
        self.assertEqual(self.open_problems().kind, "unmapped")

        categories[0].parent_id = categories[1]

        self.assert_goes_by_itself(invoice)

    def test_product_of_another_billing_type(self):
        self.unmap_everything()
        mappings = self.env["qbo.mapping"].sudo()
        item = {"reference_id": self.an_item().id}
        mappings._choose(self.connection, "item", mappings, item, "recurring")
        product = self.make_product()
        invoice = self.sold(product)
        self.drain()
        self.assertEqual(self.open_problems().kind, "unmapped")

        product.product_tmpl_id.qbo_billing_type = "recurring"

        self.assert_goes_by_itself(invoice)

    def create_item(self, product):
        """Ask for the product to be created as an item of QuickBooks."""
        self.sold(product)
        self.drain()
        mappings = self.env["qbo.mapping"].sudo()
        mappings._refresh_needed(self.connection.sudo())
        row = mappings._resolve(self.connection, "item", product.product_tmpl_id)
        account = self.env["qbo.reference"].search(
            [("entity", "=", "account"), ("active", "=", True)]
        )
        income = account.filtered(lambda one: one._details().get("type") == "Income")
        mappings._create_in_quickbooks(row, income[:1])
        self.drain()
        return row

    def test_product_with_the_name_of_an_item_gets_another(self):
        self.unmap_everything()
        product = self.make_product(name=self.an_item().name)
        self.create_item(product)
        keys = self.open_problems().mapped("key")
        self.assertIn(f"item-name:product.template:{product.product_tmpl_id.id}", keys)

        product.name = f"Router {product.id}"

        self.drain()
        self.assertFalse(self.open_problems())

    def test_product_with_the_name_of_an_item_is_that_item(self):
        self.unmap_everything()
        product = self.make_product(name=self.an_item().name)
        row = self.create_item(product)
        problem = self.open_problems().filtered(lambda one: one.kind == "data")

        self.by_bookkeeper(row.sudo(False)).reference_id = self.an_item()

        self.assertTrue(problem.closed_at)
        self.drain()
        self.assertFalse(self.open_problems())

    # -- settings ---------------------------------------------------------------------

    def close_books(self):
        """Somebody closes the books in QuickBooks, and Odoo has been told."""
        prefs = jsonmoney.loads(self.connection.preferences_text)
        prefs["AccountingInfoPrefs"]["BookCloseDate"] = "2099-01-31"
        self.connection.sudo().preferences_text = jsonmoney.dumps(prefs)

    def test_first_open_day(self):
        self.close_books()
        invoices = self.posted(count=2)
        self.drain()
        problem = self.open_problems()
        self.assertEqual(problem.kind, "closed")

        self.connection.with_user(
            self.administrator
        ).closed_books_policy = "first_open_day"

        self.assertTrue(problem.closed_at)
        self.assert_said_to_be_released("2 exports released.")
        self.assert_goes_by_itself(*invoices)

    def test_due_date_only(self):
        term = self.env["account.payment.term"].create({"name": "As agreed"})
        customer = self.make_customer("Pier", property_payment_term_id=term.id)
        invoices = self.posted(
            count=3, customer=customer, invoice_payment_term_id=term.id
        )
        self.drain()
        problem = self.open_problems()

        self.connection.with_user(self.administrator).unmapped_term_policy = "due_date"

        self.assertTrue(problem.closed_at)
        self.assert_said_to_be_released("3 exports released.")
        self.assert_goes_by_itself(*invoices)

    def test_classes_no_longer_sent(self):
        connection = self.connection.with_user(self.administrator)
        connection.use_classes = True
        mapping = self.env["qbo.mapping"].search([("billing_type", "=", "service")])
        mapping.sudo().class_id = self.env["qbo.reference"].search(
            [("entity", "=", "class"), ("active", "=", True)], limit=1
        )
        prefs = jsonmoney.loads(connection.preferences_text)
        prefs["AccountingInfoPrefs"]["ClassTrackingPerTxn"] = False
        prefs["AccountingInfoPrefs"]["ClassTrackingPerTxnLine"] = False
        self.connection.sudo().preferences_text = jsonmoney.dumps(prefs)
        invoice = self.posted()
        self.drain()
        self.assertEqual(self.open_problems().kind, "feature")

        connection.use_classes = False

        self.assert_goes_by_itself(invoice)

    def test_setting_that_does_not_mend_it_leaves_the_same_problem(self):
        invoice = self.sold(self.unmapped_product())
        self.drain()
        problem = self.open_problems()

        self.connection.with_user(self.administrator).allow_overrides = True
        self.drain()

        self.assertEqual(self.open_problems(), problem)
        self.assertEqual(invoice.qbo_status, "problem")

    def unmapped_product(self):
        self.unmap_everything()
        return self.make_product()


@tagged("post_install", "-at_install")
class TestTaxesMendedInOdoo(MendedCase):
    """Rates are compared outside automated sales tax: here by a tax code each."""

    emulator_companies = ("us-manual-tax",)

    def setUp(self):
        super().setUp()
        self.codes = {
            code: self.rate_of(code)
            for code in self.env["qbo.reference"].search(
                [("entity", "=", "tax_code"), ("active", "=", True)]
            )
        }

    def rate_of(self, code):
        rates = self.env["account.tax"]._qbo_rates(self.connection.sudo())
        return sum(rates[id_] for id_ in code._details().get("rate_ids") or [])

    def taxed(self, tax):
        line = Command.create(
            {"name": "Kit", "price_unit": 100, "tax_ids": [Command.set(tax.ids)]}
        )
        return self.posted(invoice_line_ids=[line])

    def wrongly_mapped(self):
        """An invoice with a tax for which a code of another rate was chosen."""
        wrong, right = sorted(
            (code for code, rate in self.codes.items() if rate),
            key=lambda code: self.codes[code],
        )[:2]
        tax = self.env["account.tax"].create(
            {
                "name": "Tax",
                "amount": float(self.codes[right]),
                "type_tax_use": "sale",
            }
        )
        tax.sudo().qbo_tax_code_id = wrong
        invoice = self.taxed(tax)
        self.drain()
        self.assertIn("% in Odoo", self.open_problems().message)
        return tax, wrong, right, invoice

    def test_another_tax_code_lets_the_invoice_go(self):
        tax, _wrong, right, invoice = self.wrongly_mapped()

        row = self.env["qbo.mapping"]._resolve(self.connection, "tax_code", tax)
        self.by_bookkeeper(row.sudo(False)).reference_id = right

        self.assert_said_to_be_released("1 export released.")
        self.assert_goes_by_itself(invoice)

    def test_corrected_rate_lets_the_invoice_be_judged_anew(self):
        tax, wrong, _right, _invoice = self.wrongly_mapped()

        tax.amount = float(self.codes[wrong])
        self.drain()

        self.assertFalse(self.open_problems())
