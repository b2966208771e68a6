from cryptography.fernet import Fernet

from odoo.tests import tagged

from ..models.qbo_reference_content import NAME_LISTS
from .common import ADMINISTRATOR, BOOKKEEPER, QboCase


@tagged("post_install", "-at_install")
class TestConnectionCheck(QboCase):
    """The button Test: each row says what was found and what to do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()

    def setUp(self):
        super().setUp()
        self.emulator.reset()
        self.authorize()

    def test_everything_in_order_passes(self):
        self.env["qbo.change.state"]._seen(self.connection)
        self.map_services()

        rows = self.connection._run_test()

        self.assertEqual(
            {row.key: row.found for row in rows if row.status != "passed"}, {}
        )
        self.assertIn("Harbor Books LLC", self.row("company").found)
        self.assertEqual(self.row("home_currency").found, "USD")
        self.assertEqual(self.row("sales_tax").found, "Odoo 8.25 % = QuickBooks 8.25 %")

    def test_reads_company_and_preferences_exactly_once(self):
        since = self.last_call_number()

        self.connection._run_test()

        paths = [request["path"] for request in self.emulator.requests(since)]
        self.assertEqual(
            sorted(path.split("/")[4] if "/v3/" in path else path for path in paths),
            ["companyinfo", "preferences"],
        )

    def test_customers_who_may_be_there_are_a_warning_until_decided(self):
        self.connection._retrieve_lists(NAME_LISTS)
        theirs = self.env["qbo.reference"].search(
            [("connection_id", "=", self.connection.id), ("entity", "=", "customer")],
            limit=1,
        )
        ours = self.env["res.partner"].create({"name": theirs.name, "customer_rank": 1})
        row = self.row("customers")
        self.assertEqual(row.status, "warning")
        self.assertIn("1 customer may be", row.found)
        self.assertIn("Match Customers", row.todo)

        self.env["qbo.match"]._find_matches(self.connection)
        matches = self.env["qbo.match"].search([("partner_id", "=", ours.id)])
        matches._decide("ignore")

        self.assertEqual(self.row("customers").status, "passed")

    def test_other_default_sales_tax_is_a_warning(self):
        self.sales_tax.amount = 8.0

        row = self.row("sales_tax")

        self.assertEqual(row.status, "warning")
        self.assertEqual(row.found, "Odoo 8 %, QuickBooks 8.25 %")
        self.assertTrue(row.todo)

    def test_group_of_taxes_counts_as_their_sum(self):
        parts = [
            self.sales_tax.copy({"name": "State", "amount": 7.25}),
            self.sales_tax.copy({"name": "District", "amount": 1.0}),
        ]
        self.env.company.account_sale_tax_id = self.env["account.tax"].create(
            {
                "name": "State and district",
                "amount_type": "group",
                "type_tax_use": "sale",
                "children_tax_ids": [(6, 0, [part.id for part in parts])],
            }
        )

        self.assertEqual(self.row("sales_tax").status, "passed")

    def test_lists_missing_so_far_do_not_keep_the_taxes_from_comparing(self):
        self.connection.with_context(active_test=False).reference_ids.sudo().unlink()

        self.assertEqual(self.row("sales_tax").found, "Odoo 8.25 % = QuickBooks 8.25 %")

    def test_classes_that_are_off_in_quickbooks_fail_where_they_are_used(self):
        self.set_preferences(
            AccountingInfoPrefs={
                "ClassTrackingPerTxn": False,
                "ClassTrackingPerTxnLine": False,
            }
        )
        self.assertEqual(self.row("classes").status, "passed")

        self.connection.use_classes = True

        self.assertEqual(self.row("classes").status, "failed")

    def test_numbers_that_quickbooks_makes_are_a_warning(self):
        self.set_preferences(SalesFormsPrefs={"CustomTxnNumbers": False})

        row = self.row("numbers")

        self.assertEqual(row.status, "warning")
        self.assertIn("Custom transaction numbers", row.todo)

    def test_credits_that_quickbooks_applies_are_a_warning(self):
        self.set_preferences(SalesFormsPrefs={"AutoApplyCredit": True})

        self.assertEqual(self.row("auto_credits").status, "warning")

    def test_closed_books_tell_until_when(self):
        self.set_preferences(AccountingInfoPrefs={"BookCloseDate": "2026-10-31"})

        row = self.row("closed_books")

        self.assertEqual(row.status, "passed")
        self.assertIn(
            "Closed up to and including Oct 31, 2026, 0 waiting are dated in it.",
            row.found,
        )

    def test_invoices_in_another_currency_need_multicurrency(self):
        other = self.setup_other_currency("EUR")
        self.init_invoice(
            "out_invoice",
            products=self.product_a,
            currency=other,
            invoice_date=self.connection.export_from,
            post=True,
        )

        row = self.row("currencies")

        self.assertEqual(row.status, "failed")
        self.assertIn("EUR", row.found)

    def map_services(self):
        """Choose an item for services; return it."""
        item = self.env["qbo.reference"].search([("name", "=", "Consulting")])
        self.env["qbo.mapping"].sudo().create(
            {
                "connection_id": self.connection.id,
                "kind": "item",
                "billing_type": "service",
                "reference_id": item.id,
            }
        )
        return item

    def test_mapped_entry_that_became_inactive_fails(self):
        item = self.map_services()
        self.assertEqual(self.row("mapping").status, "passed")

        item.sudo().active = False

        row = self.row("mapping")
        self.assertEqual(row.status, "failed")
        self.assertIn("Consulting", row.found)

    def test_nothing_mapped_is_a_warning(self):
        row = self.row("mapping")
        self.assertEqual(row.status, "warning")
        self.assertEqual(row.found, "Nothing is mapped yet.")
        self.assertEqual(row.fix, "mapping")

    def test_locations_say_whether_quickbooks_or_nobody_here_uses_them(self):
        row = self.row("locations")
        self.assertEqual(row.status, "passed")
        self.assertIn("On in QuickBooks, none is chosen", row.found)
        self.set_preferences(AccountingInfoPrefs={"TrackDepartments": False})
        row = self.row("locations")
        self.assertEqual(row.status, "passed")
        self.assertEqual(row.found, "Off in QuickBooks, not used.")

    def test_what_a_waiting_invoice_needs_is_missing(self):

        self.init_invoice(
            "out_invoice",
            products=self.product_a,
            invoice_date=self.connection.export_from,
            post=True,
        )

        row = self.row("mapping")
        self.assertEqual(row.status, "warning")
        self.assertIn("missing", row.found)
        self.assertEqual(row.fix, "mapping")

    def test_app_keys_that_cannot_be_read_fail(self):
        with self.encryption_key(Fernet.generate_key().decode()):
            row = self.row("app_keys")

        self.assertEqual(row.status, "failed")
        self.assertIn("missing or has changed", row.found)
        self.assertIn("enter the app keys again", row.todo)

    def test_summary_tells_what_the_test_has_cost(self):
        test = self.press_test(self.administrator)
        self.assertIn(
            "0 failed. This test used 2 metered reads of Intuit's monthly allowance.",
            test.summary,
        )

        self.emulator.expire_tokens("all")
        self.assertNotIn("metered", self.press_test(self.administrator).summary)

    def test_each_row_leads_to_the_place_that_mends_it(self):
        self.app.sudo().verifier_token_encrypted = False
        self.connection.use_classes = True
        self.set_preferences(
            AccountingInfoPrefs={
                "ClassTrackingPerTxn": False,
                "ClassTrackingPerTxnLine": False,
            }
        )
        self.connection.references_checked_at = False
        system = self.make_user("system", "base.group_system", ADMINISTRATOR)

        test = self.press_test(system)

        found = {row.label: row.action_fix() for row in test.row_ids if row.fix}
        self.assertEqual(found["Webhook"]["res_model"], "res.config.settings")
        self.assertEqual(found["Classes"]["res_model"], "qbo.connection")
        self.assertEqual(found["Mapped entries"]["res_model"], "qbo.mapping")
        self.assertIn("entries", found["Lists"]["params"]["message"])

    def test_row_has_a_button_only_for_who_may_press_it(self):
        self.app.sudo().verifier_token_encrypted = False
        self.connection.references_checked_at = False
        self.emulator.expire_tokens("all")
        bookkeeper = self.make_user("bookkeeper", BOOKKEEPER)
        self.assertFalse(self.fixes(bookkeeper))
        self.connection.reconnect_needed = False
        self.assertEqual(self.fixes(self.administrator), {"connect"})

        self.authorize()

        self.assertEqual(self.fixes(bookkeeper), {"refresh", "mapping"})
        self.assertEqual(self.fixes(self.administrator), {"refresh", "mapping"})

    def press_test(self, user):
        """Press Test on the Configuration; the dialog's record."""
        self.env.flush_all()
        connection = self.connection.with_user(user).sudo(False)
        action = connection.action_test()
        self.env.invalidate_all()
        return self.env["qbo.test"].with_user(user).browse(action["res_id"])

    def fixes(self, user):
        return set(self.press_test(user).row_ids.mapped("fix")) - {False}

    def test_failed_sign_in_leaves_the_rest_unchecked(self):
        self.emulator.expire_tokens("all")

        rows = {row.key: row for row in self.connection._run_test()}

        self.assertEqual(rows["app_keys"].status, "passed")
        self.assertEqual(rows["sign_in"].status, "failed")
        self.assertIn("has expired or was ended", rows["sign_in"].found)
        self.assertEqual(rows["company"].status, "not_checked")
        self.assertEqual(self.connection.state, "lost")

    def test_passing_fault_fails_the_test_but_not_the_connection(self):
        self.emulator.arm("unavailable", path="companyinfo")

        row = self.row("sign_in")

        self.assertEqual(row.status, "failed")
        self.assertEqual(row.found, "QuickBooks is not available just now.")
        self.assertIn("Try again", row.todo)
        self.assertEqual(self.connection.state, "connected")

    def test_test_brings_back_a_connection_whose_cause_was_mended(self):
        self.connection._connection_lost("Wrong keys.", reconnect_needed=False)

        self.assertEqual(self.row("sign_in").status, "passed")

        self.assertEqual(self.connection.state, "connected")

    def row(self, key):
        self.env.flush_all()
        (row,) = [row for row in self.connection._run_test() if row.key == key]
        self.env.invalidate_all()
        return row

    def set_preferences(self, **members):
        """Change settings in QuickBooks, as a bookkeeper does there."""

        def change(client):
            present = client.preferences()
            values = {name: {**present[name], **some} for name, some in members.items()}
            return client.update("Preferences", {**present, **values}, "prefs")

        self.connection._with_client(change)
