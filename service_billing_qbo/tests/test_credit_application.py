from odoo.tests import tagged

from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestCreditApplication(EngineCase):
    """A credit note that Odoo applies to an invoice is applied in QuickBooks too."""

    def reverse(self, invoice, amount=None):
        """Post a credit note and set it off against the invoice."""
        credit_note = self.posted(amount or invoice.amount_total, refund=True)
        receivable = (invoice + credit_note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        receivable.reconcile()
        return credit_note

    def balance_of(self, move):
        return float(self.documents_of(move)[0]["Balance"])

    def payments_of(self, *moves):
        """What QuickBooks has applied to these documents."""
        ids = {move.qbo_id for move in moves}
        return [
            payment
            for payment in self.in_quickbooks("Payment")
            if ids & {line["LinkedTxn"][0]["TxnId"] for line in payment["Line"]}
        ]

    def test_applied_credit_note_pays_the_invoice(self):
        invoice = self.posted(100)
        credit_note = self.reverse(invoice)

        self.drain()

        self.assert_in_quickbooks(invoice + credit_note)
        (payment,) = self.payments_of(invoice)
        self.assertEqual(float(payment["TotalAmt"]), 0)
        self.assertEqual(self.balance_of(invoice), 0)

    def test_partly_applied_credit_note_leaves_the_rest_open(self):
        invoice = self.posted(100)
        self.drain()
        self.reverse(invoice, 30)

        self.drain()

        self.assertEqual(self.balance_of(invoice), 70)

    def test_credit_note_taken_off_again_opens_the_invoice(self):
        invoice = self.posted(100)
        credit_note = self.reverse(invoice)
        self.drain()
        credit_note.line_ids.remove_move_reconcile()

        self.drain()

        self.assertEqual(self.balance_of(invoice), 100)
        self.assertEqual(self.payments_of(invoice, credit_note), [])

    def test_payment_deleted_there_and_taken_off_here_stops_nothing(self):
        """Both in one turn: the end of the application, and the invoice it tied."""
        invoice = self.posted(100)
        credit_note = self.reverse(invoice)
        self.drain()
        (payment,) = self.payments_of(invoice)
        client = self.connection._client()
        client.delete("Payment", payment["Id"], payment["SyncToken"], "by-hand")
        # As the way back notes it.
        self.env["qbo.binding"].sudo().search(
            [("entity", "=", "Payment"), ("qbo_id", "=", payment["Id"])]
        ).remote_state = "deleted"
        self.connection.paused = True
        credit_note.line_ids.remove_move_reconcile()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 120
        invoice.action_post()
        self.connection.paused = False

        self.drain()

        self.assertFalse(self.open_problems())
        self.assert_in_quickbooks(invoice + credit_note)
        self.assertEqual(self.balance_of(invoice), 120)

    def test_invoice_gets_another_customer_once_its_credit_note_is_taken_off(self):
        """QuickBooks refuses that while the two are linked; a batch has no order."""
        invoice = self.posted(100)
        self.reverse(invoice)
        self.drain()
        self.customer = self.make_customer("Pier Nine LLC")
        invoice.button_draft()
        invoice.line_ids.remove_move_reconcile()
        invoice.partner_id = self.customer
        invoice.action_post()
        self.reverse(invoice, 30)

        self.drain()
        self.drain()

        self.assertFalse(self.open_problems())
        self.assert_in_quickbooks(invoice)
        (document,) = self.documents_of(invoice)
        self.assertEqual(document["CustomerRef"]["name"], self.customer.name)
        self.assertEqual(self.balance_of(invoice), 70)

    def test_applied_credit_notes_that_are_cancelled_together_go(self):
        """In one batch with the end of their applications, in whatever order."""
        credit_notes = [self.reverse(invoice) for invoice in self.posted(count=4)]
        self.drain()
        for credit_note in credit_notes:
            credit_note.button_draft()
            credit_note.button_cancel()

        self.drain()
        self.drain()

        self.assertFalse(self.open_problems())
        for credit_note in credit_notes:
            self.assertEqual(self.documents_of(credit_note), [])

    def test_document_that_could_not_change_goes_once_it_is_taken_off(self):
        """Nobody has to press Retry: what stopped it is mended in Odoo."""
        invoice = self.posted(100)
        self.reverse(invoice)
        self.drain()
        customer = self.make_customer("Pier Ten LLC")
        invoice.button_draft()
        invoice.partner_id = customer
        invoice.action_post()
        self.drain()
        self.assertEqual(invoice.qbo_status, "problem")

        invoice.line_ids.remove_move_reconcile()
        self.drain()

        self.assertFalse(self.open_problems())
        self.assert_in_quickbooks(invoice)
        (document,) = self.documents_of(invoice)
        self.assertEqual(document["CustomerRef"]["name"], customer.name)

    def test_credit_note_of_earlier_invoice_in_quickbooks_is_applied(self):
        """What QuickBooks has is kept up to date, whatever the start date."""
        self.connection.sudo().export_from = "2099-01-01"
        invoice = self.posted(100)
        credit_note = self.posted(100, refund=True)
        self.by_bookkeeper(invoice + credit_note).action_qbo_export_now()
        self.drain()
        (invoice + credit_note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()

        self.drain()

        self.assertEqual(self.balance_of(invoice), 0)

    def test_earlier_invoice_is_not_exported_for_its_credit_note(self):
        self.connection.sudo().export_from = "2099-01-01"
        invoice = self.posted(100)
        self.reverse(invoice)

        self.drain()

        self.assert_not_in_quickbooks(invoice)

    def test_drafts_are_matched_without_a_date(self):
        """Odoo matches drafts as well; QuickBooks must not stop the clerk."""
        invoice = self.posted(100)
        credit_note = self.draft(100, refund=True, invoice_date=False)

        (invoice + credit_note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()

        self.assertTrue(credit_note.line_ids.matched_debit_ids)

    def test_what_was_matched_as_a_draft_is_applied_once_posted(self):
        invoice = self.posted(100)
        credit_note = self.draft(100, refund=True)
        (invoice + credit_note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.drain()
        credit_note.action_post()

        self.drain()

        self.assertTrue(credit_note.line_ids.matched_debit_ids)
        self.assertEqual(self.balance_of(invoice), 0)
        self.assertEqual(len(self.payments_of(invoice)), 1)
