from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestExportPosting(EngineCase, CronMixinCase):
    """The clerk never waits for QuickBooks and is never stopped by it."""

    def lane(self):
        return f"service_billing_qbo.cron_drain_{self.connection.id % 4}"

    def test_twenty_posted_at_once_are_one_insert_and_one_call(self):
        drafts = self.env["account.move"]
        for _number in range(20):
            drafts += self.draft()
        self.env.cr.flush()  # a transaction that has queued nothing yet
        with self.capture_triggers(self.lane()) as captured:
            drafts.action_post()
        self.assertEqual(len(captured.records), 1)
        self.assertEqual(set(drafts.mapped("qbo_status")), {"waiting"})

    def test_posting_costs_three_queries_however_many(self):
        """One INSERT, and Odoo's own two of calling a scheduled action."""
        moves = self.posted(count=20)
        Export = self.env["qbo.export"]
        Export._target(
            self.env.company.id
        )  # Odoo's cache is warm, as in a running server
        self.env.flush_all()
        self.env.cr.flush()
        moves.mapped("invoice_date")
        with self.assertQueryCount(3):
            Export._enqueue(moves)

    def test_writing_lines_asks_nothing_of_ours(self):
        """Each time Odoo resets "the moves of no line" and reads what the fields of
        lines offer; posting does so twice."""
        mixin = self.env["qbo.mapping.mixin"]
        mixin._qbo_reference_domain("item")  # Odoo's cache is warm
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.env["account.move"].button_draft()
            mixin._qbo_reference_domain("item")

    def test_posting_works_while_quickbooks_is_disconnected(self):
        self.connection._set_state("disconnected")
        invoice = self.posted()
        self.drain()
        self.assertEqual(invoice.qbo_status, "waiting")
        self.assertEqual(self.row(invoice).attempt_count, 0)

        self.connection._set_state("connected")
        self.drain()
        self.assert_in_quickbooks(invoice)

    def test_paused_exports_wait(self):
        self.connection.paused = True
        invoice = self.posted()
        self.drain()
        self.assert_not_in_quickbooks(invoice)

        self.connection.paused = False
        self.drain()
        self.assert_in_quickbooks(invoice)

    def test_who_presses_export_now_while_it_is_paused_is_told_who_resumes(self):
        self.connection.paused = True
        invoice = self.posted()
        action = self.by_bookkeeper(invoice).action_qbo_export_now()
        self.assertIn("paused", action["params"]["message"])
        self.assertIn(self.administrator.name, action["params"]["message"])

    def test_credit_note_of_an_excluded_invoice_is_not_left_alone_there(self):
        """It would be a credit of the customer without anything that it takes back."""
        invoice = self.posted()
        self.by_bookkeeper(self.row(invoice)).action_exclude("Entered by hand.")
        credit = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit.action_post()
        self.drain()
        self.assert_not_in_quickbooks(credit)
        self.assertIn("its credit note cannot go", credit.qbo_status_text)

        self.by_bookkeeper(invoice).action_qbo_export_now()
        self.drain()

        self.assert_in_quickbooks(invoice + credit)

    def test_invoice_from_before_the_start_goes_only_by_hand(self):
        yesterday = fields.Date.today() - timedelta(days=1)
        invoice = self.posted(invoice_date=yesterday)
        self.assertEqual(invoice.qbo_status, "not_exported")
        self.drain()
        self.assert_not_in_quickbooks(invoice)

        self.by_bookkeeper(invoice).action_qbo_export_now()
        self.drain()
        self.assert_in_quickbooks(invoice)

    def test_export_now_says_why_it_cannot(self):
        invoice = self.posted()
        self.connection._set_state("disconnected")
        with self.assertRaisesRegex(Exception, "not connected"):
            invoice.action_qbo_export_now()

    def test_company_without_quickbooks_queues_nothing(self):
        self.connection.sudo().write({"state": "disconnected"})
        self.connection.accounting_vendor = "none"
        invoice = self.posted()
        self.assertFalse(self.row(invoice))

    def test_what_changes_while_quickbooks_is_not_used_goes_once_it_is_again(self):
        """Else Odoo would say "Exported" of what QuickBooks has otherwise."""
        self.connection.send_customer_changes = True
        cancelled, changed = self.posted(count=2)
        self.drain()
        self.connection._set_state("disconnected")
        self.connection.accounting_vendor = "none"
        self.customer.phone = "555 010 0199"
        cancelled.button_cancel()
        changed.button_draft()
        changed.invoice_line_ids.price_unit = 450
        changed.action_post()
        self.drain()
        self.assertEqual(changed.qbo_status, "change_waiting")

        self.connection.accounting_vendor = "quickbooks"
        self.connection._set_state("connected")
        self.drain()

        self.assertEqual(self.documents_of(cancelled)[0]["TotalAmt"], 0)
        self.assert_in_quickbooks(changed)
        phones = [
            customer["PrimaryPhone"]["FreeFormNumber"]
            for customer in self.in_quickbooks("Customer")
            if customer["Id"] == self.customer.qbo_id
        ]
        self.assertEqual(phones, ["555 010 0199"])

    def test_only_customers_are_queued_on_creation(self):
        contact = self.env["res.partner"].create(
            {"name": "Ana", "parent_id": self.customer.id, "customer_rank": 1}
        )
        nobody = self.env["res.partner"].create({"name": "Not a customer"})
        self.assertTrue(self.row(self.customer))
        self.assertFalse(self.row(contact))
        self.assertFalse(self.row(nobody))
