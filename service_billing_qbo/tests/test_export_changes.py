from odoo import Command
from odoo.tests import tagged

from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestExportChanges(EngineCase):
    """QuickBooks follows what becomes of a document, in order, with few calls."""

    def change(self, invoice, amount):
        """Reset to draft, change the price, post again."""
        invoice.button_draft()
        invoice.write(
            {
                "invoice_line_ids": [
                    Command.update(invoice.invoice_line_ids.id, {"price_unit": amount})
                ]
            }
        )
        invoice.action_post()

    def test_changes_before_sending_are_one_create(self):
        self.drain()
        invoice = self.posted(100)
        self.change(invoice, 120)
        self.change(invoice, 130)
        since = self.last_call_number()

        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertEqual(len(self.calls("/invoice$", since)), 1)
        self.assertEqual(
            len(self.env["qbo.export"].search([("res_id", "=", invoice.id)])), 1
        )

    def test_change_after_export_updates_the_same_document(self):
        invoice = self.posted(100)
        self.drain()
        qbo_id = invoice.qbo_id
        self.change(invoice, 150)
        self.assertEqual(invoice.qbo_status, "change_waiting")

        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertEqual(invoice.qbo_id, qbo_id)

    def test_cancelled_invoice_is_voided(self):
        invoice = self.posted(100)
        self.drain()
        invoice.button_cancel()

        self.drain()

        (document,) = self.documents_of(invoice)
        self.assertEqual(document["TotalAmt"], 0)
        self.assertEqual(self.row(invoice).operation, "void")

    def test_cancelled_before_sending_sends_nothing(self):
        self.drain()
        invoice = self.posted(100)
        invoice.button_cancel()
        since = self.last_call_number()

        self.drain()

        self.assertEqual(self.calls("/v3/", since), [])
        self.assertEqual(self.row(invoice).state, "cancelled")
        self.assertEqual(invoice.qbo_status, "not_exported")

    def test_draft_that_was_waiting_is_not_sent(self):
        self.drain()
        invoice = self.posted(100)
        invoice.button_draft()

        self.drain()

        self.assert_not_in_quickbooks(invoice)
        self.assertEqual(self.row(invoice).state, "cancelled")

    def test_deleted_invoice_is_voided(self):
        invoice = self.posted(100)
        self.drain()
        qbo_id = invoice.qbo_id
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()

        self.drain()

        (document,) = (d for d in self.in_quickbooks() if d["Id"] == qbo_id)
        self.assertEqual(document["TotalAmt"], 0)

    def test_somebody_changed_it_in_quickbooks_meanwhile(self):
        """A stale SyncToken is read anew; the change goes over without a person."""
        invoice = self.posted(100)
        self.drain()
        binding = invoice.qbo_binding_id
        self.connection._with_client(
            lambda client: client.update(
                "Invoice",
                {
                    "Id": binding.qbo_id,
                    "SyncToken": binding.sync_token,
                    "sparse": True,
                    "CustomerMemo": {"value": "Thank you"},
                },
                "bookkeeper-at-work",
            )
        )
        self.change(invoice, 170)

        self.drain()

        self.assert_in_quickbooks(invoice)
