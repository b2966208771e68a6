from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CLERK
from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestExclude(EngineCase):
    """What QuickBooks has follows Odoo: only what it does not have is kept out."""

    def setUp(self):
        super().setUp()
        self.drain()

    def early(self):
        day = fields.Date.today() - timedelta(days=10)
        return self.posted(invoice_date=day)

    def changed(self, price=250.0):
        """An invoice that is in QuickBooks, and a change of it that waits."""
        invoice = self.posted()
        self.drain()
        self.change(invoice, price)
        self.assertEqual(invoice.qbo_status, "change_waiting")
        return invoice

    def change(self, invoice, price):
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = price
        invoice.action_post()

    def excluded_before(self):
        """As the database has it from when a waiting change could be excluded."""
        invoice = self.changed()
        self.row(invoice).sudo().write(
            {
                "state": "excluded",
                "excluded_reason": "By hand",
                "excluded_by_id": self.bookkeeper.id,
                "done_at": fields.Datetime.now(),
            }
        )
        self.env.invalidate_all()
        return invoice

    def dialog(self, records, action):
        found = getattr(self.by_bookkeeper(records), action)()
        wizards = self.env[found["res_model"]].with_user(self.bookkeeper)
        return wizards.with_context(**found["context"]).create({"reason": "By hand"})

    def said(self, dialog):
        """What is said once the dialog is confirmed, and in which colour."""
        self.env.flush_all()
        toast = dialog.action_exclude()["params"]
        self.env.invalidate_all()
        return toast["type"], toast["message"]

    # -- what QuickBooks has is not offered ------------------------------------------

    def test_change_of_what_is_there_is_offered_nowhere(self):
        invoice = self.changed()
        row = self.by_bookkeeper(self.row(invoice))
        self.assertNotIn("exclude", invoice.qbo_entries)
        self.assertFalse(row.can_exclude)
        for press in (
            self.by_bookkeeper(invoice).action_qbo_exclude,
            row.action_open_exclude,
            lambda: row.action_exclude("By hand"),
        ):
            with self.assertRaisesRegex(UserError, "held back. What QuickBooks has"):
                press()

        self.drain()
        self.assert_in_quickbooks(invoice)

    def test_change_that_is_stopped_is_not_excluded_either(self):
        invoice = self.changed()
        for state in ("problem", "retry"):
            self.row(invoice).sudo().state = state
            self.env.invalidate_all()
            self.assertNotIn("exclude", invoice.qbo_entries)
            self.assertFalse(self.row(invoice).can_exclude)

    def test_customer_that_is_there_is_not_excluded(self):
        """A later change of its name would never reach QuickBooks."""
        self.connection.sudo().send_customer_changes = True
        self.customer.name = f"{self.customer.name} & Sons"
        row = self.by_bookkeeper(self.row(self.customer))
        self.assertEqual(row.state, "waiting")
        with self.assertRaisesRegex(UserError, "What QuickBooks has"):
            row.action_exclude("By hand")

    def test_those_chosen_with_others_are_left_out_and_it_is_said_why(self):
        changed, early, waiting = self.changed(), self.early(), self.posted()
        moves = changed + early + waiting
        dialog = self.dialog(moves, "action_qbo_exclude")
        self.assertEqual(dialog.question, "2 documents will not be sent to QuickBooks:")
        self.assertRegex(dialog.left_text, "^1 already exported. What QuickBooks has")
        rows = self.row(changed) + self.row(waiting)
        dialog = self.dialog(rows, "action_open_exclude")
        self.assertEqual(dialog.export_ids, self.row(waiting))
        self.assertRegex(dialog.left_text, "^1 already exported. What QuickBooks has")

        kind, message = self.said(dialog)
        self.assertEqual(kind, "success")
        self.assertRegex(message, "^1 excluded, 1 already exported. What QuickBooks")
        self.assertEqual(self.row(changed).state, "waiting")

    def test_what_was_deleted_there_can_be_kept_out(self):
        """Posted again it would be another document, perhaps typed in by hand."""
        note = self.posted(refund=True)
        self.drain()
        note.button_cancel()
        self.drain()
        note.button_draft()
        note.action_post()
        kind, _message = self.said(self.dialog(note, "action_qbo_exclude"))
        self.drain()

        self.assertEqual(kind, "success")
        self.assertEqual(self.documents_of(note), [])
        self.assertEqual(note.qbo_status, "not_exported")
        self.assertIn("By hand", note.qbo_status_text)
        self.assertEqual(self.by_bookkeeper(note).qbo_button, "export")
        self.by_bookkeeper(note).action_qbo_export_now()
        self.drain()
        self.assert_in_quickbooks(note)

    # -- what happens while the question is open --------------------------------------

    def test_exported_by_a_colleague_meanwhile_it_is_not_excluded(self):
        early = self.early()
        dialog = self.dialog(early, "action_qbo_exclude")
        self.by_bookkeeper(early).action_qbo_export_now()
        self.drain()

        kind, message = self.said(dialog)

        self.assertEqual(kind, "warning")
        self.assertRegex(message, "^0 excluded, 1 already exported. What QuickBooks")
        self.assertEqual(self.row(early).state, "exported")
        self.change(early, 250.0)
        self.drain()
        self.assert_in_quickbooks(early)

    def test_waiting_export_that_went_meanwhile_leaves_the_others_to_be_excluded(self):
        first, second = self.posted(count=2)
        dialog = self.dialog(first + second, "action_qbo_exclude")
        self.row(second).sudo().retry_at = fields.Datetime.now() + timedelta(hours=1)
        self.drain()
        self.assertEqual(self.row(first).state, "exported")

        _kind, message = self.said(dialog)

        self.assertRegex(message, "^1 excluded, 1 already exported. What QuickBooks")
        self.assertEqual(self.row(second).state, "excluded")

    def test_what_is_being_sent_is_not_counted_as_excluded(self):
        early, waiting = self.early(), self.posted()
        dialog = self.dialog(early + waiting, "action_qbo_exclude")
        self.by_bookkeeper(early).action_qbo_export_now()
        for move in early + waiting:
            self.row(move).sudo().state = "sending"

        self.assertEqual(
            self.said(dialog),
            ("warning", "0 excluded, 2 being sent just now: try again in a minute"),
        )
        self.assertEqual(self.row(early).state, "sending")
        self.assertEqual(self.row(early).excluded_reason, False)

    def test_excluded_by_a_colleague_meanwhile_it_keeps_the_first_reason(self):
        waiting = self.posted()
        dialog = self.dialog(waiting, "action_qbo_exclude")
        self.by_bookkeeper(self.row(waiting)).action_exclude("I was first")

        self.assertEqual(self.said(dialog), ("warning", "0 excluded, 1 left alone"))
        self.assertEqual(self.row(waiting).excluded_reason, "I was first")

    def test_stopped_document_that_was_not_queued_then_is_excluded(self):
        """Whatever looks at it anew: a look-up is not what a bookkeeper asked for."""
        early = self.early()
        dialog = self.dialog(early, "action_qbo_exclude")
        self.by_bookkeeper(early).action_qbo_export_now()
        self.row(early).sudo().write({"state": "problem", "check_code": "6140"})

        self.assertEqual(self.said(dialog), ("success", "1 excluded"))
        self.assertEqual(self.row(early).state, "excluded")

    # -- excluded in earlier versions ------------------------------------------------

    def test_excluded_change_is_not_shown_as_exported(self):
        invoice = self.excluded_before()
        self.assertEqual(invoice.qbo_status, "change_waiting")
        self.assertIn("may be missing in QuickBooks", invoice.qbo_status_text)
        self.assertIn("By hand", invoice.qbo_status_text)
        alert = self.by_bookkeeper(invoice).qbo_alert()
        self.assertEqual(alert["level"], "warning")

        clerk = self.make_user("clerk lets in", CLERK)
        self.assertEqual(invoice.with_user(clerk).qbo_button, "export")
        invoice.with_user(clerk).action_qbo_export_now()
        self.drain()
        self.assert_in_quickbooks(invoice)

    def test_excluded_change_goes_with_the_next_one(self):
        invoice = self.excluded_before()
        self.change(invoice, 300.0)

        row = self.row(invoice)
        self.assertEqual((row.state, row.excluded_reason), ("waiting", False))
        self.assertFalse(row.excluded_by_id)
        self.drain()
        self.assert_in_quickbooks(invoice)

    def test_excluded_change_does_not_keep_a_cancelled_document_there(self):
        invoice = self.excluded_before()
        invoice.button_cancel()
        self.drain()

        self.assertEqual(invoice.qbo_status, "withdrawn")
        self.assertEqual(self.documents_of(invoice)[0]["TotalAmt"], 0)

    def test_credit_note_of_an_excluded_change_goes(self):
        """Its invoice is there."""
        invoice = self.excluded_before()
        note = self.posted(refund=True, reversed_entry_id=invoice.id)
        self.drain()
        self.assert_in_quickbooks(note)

    def test_link_to_another_company_of_quickbooks_lets_nothing_in(self):
        """Excluded here it stays excluded here."""
        invoice = self.excluded_before()
        invoice.qbo_binding_id.sudo().realm_id = "another realm"
        self.env.invalidate_all()
        self.assertEqual(invoice.qbo_status, "not_exported")
        self.change(invoice, 300.0)
        self.assertEqual(self.row(invoice).state, "excluded")
