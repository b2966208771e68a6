from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CLERK, QboCase
from .engine_common import SERIAL


@tagged("post_install", "-at_install")
class TestGuide(QboCase):
    """The check list is computed from what is there, step by step."""

    def steps(self, user=None):
        connection = self.connection.sudo(False).with_user(user or self.administrator)
        connection.invalidate_recordset()
        return {step["key"]: step for step in connection.guide or []}

    def done(self):
        return [key for key, step in self.steps().items() if step["done"]]

    def invoice(self, **values):
        customer = self.env["res.partner"].create(
            {"name": f"Harbor Dental {next(SERIAL)}", "customer_rank": 1}
        )
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": fields.Date.today(),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Work", "price_unit": 100, "tax_ids": []})
                ],
                **values,
            }
        )

    def test_from_nothing_to_the_first_exported_invoice(self):
        self.assertEqual(self.done(), ["app_keys"])
        self.assertEqual(self.steps()["connect"]["button"], "Set up QuickBooks")
        self.assertFalse(self.steps()["map"]["button"], "first connect")

        self.connect()
        nothing_to_do = ["match", "earlier"]
        self.assertEqual(
            self.done(), ["app_keys", "connect", "verify", "sales_tax", *nothing_to_do]
        )
        self.connection.with_user(self.administrator).action_test()
        self.assertIn("test", self.done())

        earlier = self.invoice(invoice_date="2026-01-15", date="2026-01-15")
        earlier.action_post()
        invoice = self.invoice()
        invoice.action_post()
        self.assertIn("1 missing", self.steps()["map"]["text"], "nobody looked yet")
        self.assertIn("2 customers", self.steps()["match"]["text"])
        self.assertIn("1 invoice from before", self.steps()["earlier"]["text"])

        self.choose_items()
        self.assertIn("map", self.done())
        preview = self.connection.with_user(self.administrator).action_guide("earlier")
        self.assertEqual(preview["res_model"], "qbo.preview")
        lane = self.connection.id % 4
        self.env.ref(f"service_billing_qbo.cron_drain_{lane}").method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(self.connection.guide, "the first invoice is there")

    def test_earlier_invoices_can_be_left_out(self):
        self.connect()
        self.connection.export_from = "2026-03-01"
        self.invoice(invoice_date="2026-02-15", date="2026-02-15").action_post()
        self.assertEqual(self.steps()["earlier"]["other_button"], "Leave them out")
        self.assertFalse(self.steps()["map"]["other_button"])

        self.connection.with_user(self.administrator).action_guide_leave_earlier()

        step = self.steps()["earlier"]
        self.assertEqual((step["done"], step["text"]), (True, "They stay out"))
        self.connection.export_from = "2026-06-01"
        self.invoice(invoice_date="2026-05-15", date="2026-05-15").action_post()
        self.assertIn("1 invoice from before", self.steps()["earlier"]["text"])
        clerk = self.make_user("clerk", CLERK)
        with self.assertRaises(AccessError):
            self.connection.with_user(clerk).action_guide_leave_earlier()

    def test_mapping_step_says_what_to_map_when_nothing_waits(self):
        self.connect()
        step = self.steps()["map"]
        self.assertFalse(step["done"])
        self.assertIn("No invoice waits", step["text"])

    def choose_items(self):
        self.env["qbo.mapping"].action_open()
        item = self.env["qbo.reference"].search([("entity", "=", "item")], limit=1)
        rows = self.env["qbo.mapping"].sudo().search([("kind", "=", "item")])
        rows.filtered(lambda row: row.needed_count).reference_id = item
        self.env["qbo.mapping"]._refresh_needed(self.connection.sudo())

    def test_customers_are_matched_with_what_was_read_only(self):
        """Before that each of ours would look like one that QuickBooks lacks."""
        self.connect()
        self.connection.people_checked_at = False

        with self.assertRaisesRegex(UserError, "have not been read yet"):
            self.env["qbo.match"].with_user(self.administrator).action_open()

    def test_each_role_has_the_buttons_of_its_steps(self):
        bookkeeper = self.make_user(
            "bookkeeper", "service_billing_qbo.group_bookkeeper"
        )
        self.authorize()
        buttons = {
            key for key, step in self.steps(bookkeeper).items() if step["button"]
        }
        self.assertNotIn("verify", buttons)
        self.assertIn("Ask ", self.steps(bookkeeper)["verify"]["text"])
        self.assertIn("map", buttons)
        auditor = self.make_user("auditor", "account.group_account_readonly")
        self.assertFalse([s for s in self.steps(auditor).values() if s["button"]])

    def test_every_step_is_explained_before_its_turn(self):
        for key, step in self.steps().items():
            with self.subTest(step=key):
                self.assertTrue(step["done"] or step["text"])

    def test_company_is_verified_by_the_button_of_its_step(self):
        self.authorize()
        step = self.steps()["verify"]
        self.assertEqual(step["button"], "This is the right company")
        self.assertIn(self.connection.qbo_company_name, step["text"])
        bookkeeper = self.make_user(
            "bookkeeper", "service_billing_qbo.group_bookkeeper"
        )
        with self.assertRaises(AccessError):
            self.connection.with_user(bookkeeper).action_guide("verify")
        self.assertFalse(self.connection.company_confirmed)
        self.connection.with_user(self.administrator).action_guide("verify")
        self.assertTrue(self.connection.company_confirmed)
        self.assertTrue(self.steps()["verify"]["done"])

    def test_every_step_leads_somewhere(self):
        self.connect()
        self.invoice(invoice_date="2026-01-15", date="2026-01-15").action_post()
        for key in self.steps():
            with self.subTest(step=key):
                action = self.connection.with_user(self.administrator).action_guide(key)
                if key == "verify":
                    self.assertFalse(action, "done by the press")
                else:
                    self.assertIn("type", action)

    def test_clerk_has_no_overview(self):
        clerk = self.make_user("clerk", CLERK)
        menu = self.env.ref("service_billing_qbo.menu_overview")
        visible = self.env["ir.ui.menu"].with_user(clerk)._visible_menu_ids()
        self.assertNotIn(menu.id, visible)
