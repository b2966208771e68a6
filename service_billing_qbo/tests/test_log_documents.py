from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestLogDocuments(EngineCase):
    """What became of each document of a request can be read for thirty days."""

    def setUp(self):
        super().setUp()
        self.drain()  # the customer is there already

    def history(self, invoice):
        """What a bookkeeper reads on the export, oldest first."""
        export = self.by_bookkeeper(self.row(invoice))
        return export.log_document_ids.sorted("id")

    def test_request_names_each_document_with_its_outcome(self):
        invoices = self.posted(count=5)
        self.drain()

        document = self.row(invoices[0]).request_id
        log = self.env["qbo.log"].search([("request_id", "=", document)])
        shown = log.document_ids
        self.assertEqual(set(shown.mapped("reference")), set(invoices.mapped("name")))
        self.assertEqual(set(shown.mapped("outcome")), {"done"})
        row = self.history(invoices[0])
        self.assertEqual((row.outcome, row.operation), ("done", "create"))
        self.assertEqual(row.qbo_id, invoices[0].qbo_id)

    def test_refusal_says_what_quickbooks_answered(self):
        self.emulator.arm(
            "refused", times=1, path="/invoice", code="2020", message="Required missing"
        )
        invoice = self.posted()
        self.drain()

        row = self.history(invoice)
        self.assertEqual(row.outcome, "refused")
        self.assertIn("2020", row.message)
        log = self.env["qbo.log"].search([("request_id", "=", row.request_id)])
        self.assertEqual(log.document_ids, row)
        self.assertTrue(log.intuit_tid)

    def test_answer_that_was_lost_and_found_is_readable(self):
        self.emulator.arm("lost_answer", path="/invoice")
        invoice = self.posted()
        self.drain()
        self.back_off_is_over()
        self.drain()

        self.assert_in_quickbooks(invoice)
        rows = self.history(invoice)
        self.assertEqual(rows.mapped("outcome"), ["unknown", "adopted"])
        self.assertEqual(len(set(rows.mapped("request_id"))), 1)
        self.assertEqual(rows[-1].qbo_id, invoice.qbo_id)
        log = self.env["qbo.log"].search([("request_id", "=", rows[0].request_id)])
        self.assertEqual(log.document_ids, rows)

    def test_rows_end_with_the_requests(self):
        invoice = self.posted()
        self.drain()
        row = self.history(invoice).sudo()
        row.created_at = fields.Datetime.now() - timedelta(days=31)
        self.env["qbo.log.document"].sudo()._gc_log()
        self.assertFalse(row.exists())
