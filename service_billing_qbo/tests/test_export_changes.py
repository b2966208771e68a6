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

    def voided_and_posted_again(self):
        """Intuit has no way to take a void back."""
        invoice = self.posted(100)
        self.drain()
        voided_id = invoice.qbo_id
        invoice.button_cancel()
        self.drain()
        invoice.button_draft()
        invoice.action_post()
        return invoice, voided_id

    def new_ones(self, invoice, voided_id):
        return [one for one in self.documents_of(invoice) if one["Id"] != voided_id]

    def switch_number_warning(self, on):
        self.emulator.switch(self.connection.realm_id, duplicate_number_warning=on)

    def test_voided_invoice_posted_again_is_a_new_one(self):
        self.switch_number_warning(False)
        self.addCleanup(self.switch_number_warning, True)
        invoice, voided_id = self.voided_and_posted_again()

        self.drain()
        self.drain()

        (document,) = self.new_ones(invoice, voided_id)
        self.assertEqual(document["TotalAmt"], 100)
        self.assertEqual(invoice.qbo_id, document["Id"])
        self.assertEqual(invoice.qbo_status, "exported")
        (voided,) = (d for d in self.documents_of(invoice) if d["Id"] == voided_id)
        self.assertEqual(voided["TotalAmt"], 0)
        note = next(m.body for m in invoice.message_ids if "Voided in Quick" in m.body)
        self.assertIn(f"Invoice {voided['DocNumber']}", note)
        self.assertIn(f"txnId={voided_id}", note, "which one it was stays to be read")

    def test_voided_invoice_is_not_taken_for_the_new_one(self):
        """It bears the same number and mark; the answer to the new one is lost."""
        self.switch_number_warning(False)
        self.addCleanup(self.switch_number_warning, True)
        invoice, voided_id = self.voided_and_posted_again()
        for fault in ("reset_before", "lost_answer"):
            self.emulator.arm(fault, path="/invoice")
            self.drain()
            self.back_off_is_over()

        self.drain()

        (document,) = self.new_ones(invoice, voided_id)
        self.assertEqual(invoice.qbo_id, document["Id"])
        self.assertEqual(invoice.qbo_status, "exported")

    def test_number_that_the_voided_one_keeps_is_a_problem_with_a_name(self):
        invoice, voided_id = self.voided_and_posted_again()

        self.drain()

        self.assertEqual(self.new_ones(invoice, voided_id), [])
        self.assertEqual(invoice.qbo_status, "problem")
        self.assertIn("keeps the voided invoice", invoice.qbo_status_text)

        voided = next(d for d in self.documents_of(invoice) if d["Id"] == voided_id)
        self.connection._with_client(
            lambda client: client.update(
                "Invoice",
                {
                    "Id": voided_id,
                    "SyncToken": voided["SyncToken"],
                    "sparse": True,
                    "DocNumber": f"{voided['DocNumber']}-V",
                },
                f"renumber-{voided_id}",
            )
        )
        self.by_bookkeeper(self.row(invoice)).action_retry()
        self.drain()

        self.assertEqual(len(self.new_ones(invoice, voided_id)), 1)
        self.assertEqual(invoice.qbo_status, "exported")

    def test_cancelled_twice_is_voided_once(self):
        invoice, voided_id = self.voided_and_posted_again()
        invoice.button_cancel()
        since = self.last_call_number()

        self.drain()

        self.assertEqual(self.calls("/v3/", since), [])

    def test_cancelled_before_sending_sends_nothing(self):
        self.drain()
        invoice = self.posted(100)
        invoice.button_cancel()
        since = self.last_call_number()

        self.drain()

        self.assertEqual(self.calls("/v3/", since), [])
        self.assertEqual(self.row(invoice).state, "cancelled")
        self.assertFalse(invoice.qbo_status, "it has nothing to do with QuickBooks")

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
