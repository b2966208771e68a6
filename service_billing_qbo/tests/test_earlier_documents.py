from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CLERK
from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestEarlierDocuments(EngineCase):
    """What was posted while nothing was queued is not forgotten silently."""

    def setUp(self):
        super().setUp()
        self.drain()
        self.today = fields.Date.today()
        self.earlier = self.posted(
            count=3, invoice_date=self.today - timedelta(days=10)
        )
        self.assertEqual(set(self.earlier.mapped("qbo_status")), {"not_exported"})

    def test_moving_the_start_back_offers_what_lies_between(self):
        self.connection.export_from = self.today - timedelta(days=20)

        self.assertEqual(self.connection.earlier_count, 3)
        self.assertIn("3 invoices dated since", self.connection.earlier_text)

        self.by_bookkeeper(self.connection).sudo(False).action_export_earlier()
        self.env.invalidate_all()
        self.assertEqual(set(self.earlier.mapped("qbo_status")), {"waiting"})
        self.assertFalse(self.connection.earlier_count)
        self.drain()

        self.assert_in_quickbooks(self.earlier)

    def test_moving_the_start_forward_or_not_far_enough_offers_nothing(self):
        for days in (-5, 5):
            self.connection.export_from = self.today - timedelta(days=days)
            self.assertFalse(self.connection.earlier_offered, days)

    def test_leave_asks_no_more_and_queues_nothing(self):
        self.connection.export_from = self.today - timedelta(days=20)

        self.by_bookkeeper(self.connection).sudo(False).action_leave_earlier()

        self.env.invalidate_all()
        self.assertFalse(self.connection.earlier_count)
        self.assertEqual(set(self.earlier.mapped("qbo_status")), {"not_exported"})

    def test_excluded_and_exported_ones_are_not_offered(self):
        first, second, third = self.earlier
        self.by_bookkeeper(first).action_qbo_export_now()
        self.drain()
        self.by_bookkeeper(second).action_qbo_export_now()
        self.by_bookkeeper(self.row(second)).action_exclude("Typed by hand")

        self.connection.export_from = self.today - timedelta(days=20)

        self.assertEqual(self.connection.earlier_count, 1)
        self.connection._queue_earlier()
        self.assertEqual(self.row(third).state, "waiting")
        self.assertEqual(self.row(second).state, "excluded")

    def test_what_is_too_early_says_so_and_a_bookkeeper_decides(self):
        """It may have been entered in QuickBooks by hand: no clerk sends it twice."""
        invoice = self.earlier[0]
        clerk = self.make_user("clerk of old", CLERK)

        self.assertIn("Dated before", invoice.with_user(clerk).qbo_status_text)
        self.assertFalse(invoice.with_user(clerk).qbo_button)
        with self.assertRaises(UserError):
            invoice.with_user(clerk).action_qbo_export_now()
        self.assertEqual(self.by_bookkeeper(invoice).qbo_button, "early")
        shown = self.by_bookkeeper(self.earlier).action_qbo_export_selected()
        self.assertEqual(shown["res_model"], "qbo.preview")
        self.assertFalse(self.row(invoice))
        preview = self.env["qbo.preview"].browse(shown["res_id"])
        queued = self.by_bookkeeper(preview).action_export_now()
        self.assertIn("Dated before", preview.document_ids[1].reason)
        self.assertIn("queued", queued["params"]["message"])
        self.assertEqual(self.row(self.earlier[1]).state, "waiting")

        self.by_bookkeeper(invoice).action_qbo_export_now()
        self.drain()
        self.assert_in_quickbooks(invoice)

    def test_clerk_does_not_decide_it(self):
        self.connection.export_from = self.today - timedelta(days=20)
        clerk = self.make_user("clerk", CLERK)

        with self.assertRaises(AccessError):
            self.connection.with_user(clerk).sudo(False).action_export_earlier()


@tagged("post_install", "-at_install")
class TestEarlierDocumentsAfterBreak(EngineCase):
    """A class of its own: it ends the authorization."""

    def test_choosing_quickbooks_again_offers_what_was_posted_meanwhile(self):
        self.connection._disconnect()
        self.connection.accounting_vendor = "none"
        invoice = self.posted(500)
        self.assertFalse(self.row(invoice))

        self.connection.accounting_vendor = "quickbooks"

        self.assertEqual(self.connection.earlier_count, 1)
        self.by_bookkeeper(self.connection).sudo(False).action_export_earlier()
        self.assertEqual(self.row(invoice).state, "waiting")
