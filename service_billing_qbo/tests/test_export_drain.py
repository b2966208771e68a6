from odoo.tests import tagged

from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestExportDrain(EngineCase):
    """Post an invoice and it is in QuickBooks once; or a person sees why not."""

    def test_posted_invoice_goes_with_its_customer(self):
        invoice = self.posted(100)
        self.assertEqual(invoice.qbo_status, "waiting")

        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertEqual(self.customer.qbo_status, "exported")
        names = [customer["DisplayName"] for customer in self.in_quickbooks("Customer")]
        self.assertEqual(names.count(self.customer.name), 1)

    def test_many_invoices_share_batches_and_need_no_read(self):
        self.drain()
        invoices = self.posted(count=35)
        metered = self.stat("metered")
        since = self.last_call_number()

        self.drain()

        self.assert_in_quickbooks(invoices)
        self.assertEqual(len(self.calls("/batch$", since)), 2)
        self.assertEqual(self.stat("metered"), metered)

    def test_credit_note_goes_as_credit_memo(self):
        credit_note = self.posted(40, refund=True)

        self.drain()

        self.assert_in_quickbooks(credit_note)

    def test_draining_again_sends_nothing(self):
        self.posted(count=3)
        self.drain()
        since = self.last_call_number()

        self.drain()

        self.assertEqual(self.calls("/v3/", since), [])

    def test_one_broken_invoice_does_not_stop_the_others(self):
        good = self.posted(count=3)
        other = self.make_customer("Pier 7", email="nobody")
        stopped = self.posted(60, customer=other)

        self.drain()

        self.assert_in_quickbooks(good)
        self.assertEqual(stopped.qbo_status, "problem")
        self.assertIn("nobody", stopped.qbo_status_text)
        self.assert_not_in_quickbooks(stopped)
