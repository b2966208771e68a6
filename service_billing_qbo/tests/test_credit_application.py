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
