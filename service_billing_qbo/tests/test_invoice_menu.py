from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CLERK
from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestInvoiceMenu(EngineCase):
    """What people can do with invoices, one or many, and what is said of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_user("clerk", CLERK)

    def setUp(self):
        super().setUp()
        self.drain()

    def early(self, count=1):
        day = fields.Date.today() - timedelta(days=10)
        return self.posted(count=count, invoice_date=day)

    def bill(self):
        return self.env["account.move"].create(
            {"move_type": "in_invoice", "partner_id": self.customer.id}
        )

    def entries(self, move):
        return set(self.by_bookkeeper(move).qbo_entries.split(",")) - {""}

    def excluding(self, records, action):
        """The dialog in which a reason is asked for."""
        found = getattr(self.by_bookkeeper(records), action)()
        wizard = self.env[found["res_model"]].with_user(self.bookkeeper)
        return wizard.with_context(**found["context"]).create({"reason": "By hand"})

    def said(self, action):
        return action["params"]["message"]

    # -- where entries stand ----------------------------------------------------------

    def test_entries_stand_where_they_do_something(self):
        exported = self.posted()
        self.drain()
        waiting, early = self.posted(), self.early()

        self.assertEqual(self.entries(self.draft()), {"preview"})
        self.assertEqual(self.entries(waiting), {"preview", "exclude"})
        self.assertEqual(self.entries(early), {"preview", "exclude"})
        self.assertEqual(self.entries(exported), {"preview", "open"})
        self.assertEqual(self.entries(self.bill()), set())
        exported.qbo_binding_id.sudo().total_difference = 0.01
        self.env.invalidate_all()
        self.assertEqual(self.entries(exported), {"preview", "open", "accept"})

    def test_entries_are_marked_for_the_web_client(self):
        found = self.by_bookkeeper(self.env["account.move"]).get_views(
            [(False, "form"), (False, "list")], {"toolbar": True}
        )
        marks = {
            kind: {
                action["name"]: action.get("qbo_entry")
                for action in view["toolbar"]["action"]
            }
            for kind, view in found["views"].items()
        }
        self.assertEqual(marks["form"]["Accept difference"], "accept")
        self.assertEqual(marks["form"]["Open in QuickBooks"], "open")
        self.assertEqual(marks["form"]["Exclude from QuickBooks"], "exclude")
        self.assertEqual(marks["list"]["Export to QuickBooks"], "export")
        self.assertEqual(marks["list"]["Retry export"], "retry")
        self.assertEqual(marks["list"]["QuickBooks preview"], "preview")

    def test_what_makes_no_sense_is_answered_with_a_sentence(self):
        with self.assertRaisesRegex(UserError, "Only invoices and credit notes"):
            self.by_bookkeeper(self.bill()).action_qbo_preview()
        draft = self.draft()
        with self.assertRaisesRegex(UserError, f"{draft.name} is not in QuickBooks"):
            self.by_bookkeeper(draft).action_qbo_open()
        with self.assertRaisesRegex(UserError, "nothing to exclude"):
            self.by_bookkeeper(draft).action_qbo_exclude()

    def test_smart_button_leads_somewhere_also_without_an_export(self):
        early, waiting = self.early(), self.posted()

        opened = self.by_bookkeeper(waiting).action_qbo_open_export()
        self.assertEqual(opened["res_id"], self.row(waiting).id)
        opened = early.with_user(self.clerk).action_qbo_open_export()
        note = self.env["qbo.preview"].browse(opened["res_id"]).note
        self.assertIn("Dated before", note)
        self.drain()
        self.row(waiting).sudo().unlink()
        self.env.invalidate_all()
        opened = self.by_bookkeeper(waiting).action_qbo_open_export()
        self.assertEqual(opened["url"], waiting.qbo_url)

    # -- what was cancelled ---------------------------------------------------------

    def test_cancelled_before_it_went_has_nothing_to_do_with_quickbooks(self):
        """One truth for badge, filter and group."""
        cancelled, excluded = self.early(count=2)
        self.excluding(excluded, "action_qbo_exclude").action_exclude()
        (cancelled + excluded).button_cancel()
        mine = [("id", "in", (cancelled + excluded).ids)]

        for move in cancelled + excluded:
            self.assertFalse(move.qbo_status)
            self.assertFalse(move.qbo_shown)
        moves = self.env["account.move"]
        self.assertEqual(
            moves._read_group(mine, ["qbo_status"], ["__count"]), [(False, 2)]
        )
        missing = [*mine, ("qbo_status", "=", "not_exported")]
        self.assertFalse(moves.search_count(missing))
        self.assertFalse(self.draft().qbo_status)

    def test_cancelled_says_what_becomes_of_it_there(self):
        invoice, note = self.posted(), self.posted(refund=True)
        self.drain()
        (invoice + note).button_cancel()

        voided = "Cancelled here: it will be voided in QuickBooks."
        deleted = "Cancelled here: it will be deleted in QuickBooks."
        self.assertEqual(invoice.qbo_status, "change_waiting")
        self.assertEqual(invoice.qbo_status_text, voided)
        self.assertEqual(note.qbo_status_text, deleted)
        alert = invoice.with_user(self.clerk).qbo_alert()
        self.assertEqual((alert["level"], alert["message"]), ("info", voided))

        self.connection.sudo().cancel_policy = "delete"
        self.connection.sudo().paused = True
        self.env.invalidate_all()
        alert = invoice.with_user(self.clerk).qbo_alert()
        self.assertTrue(alert["message"].startswith(deleted), alert["message"])
        self.assertIn("is paused", alert["message"])
        self.connection.sudo().write({"paused": False, "cancel_policy": "void"})
        self.drain()
        self.assertEqual(set((invoice + note).mapped("qbo_status")), {"withdrawn"})

    def test_lost_connection_is_no_harmless_wait(self):
        invoice = self.posted()
        self.connection.sudo()._set_state("lost", "Intuit refuses the authorization.")
        alert = invoice.with_user(self.clerk).qbo_alert()
        self.assertEqual(alert["level"], "danger")

    # -- excluding --------------------------------------------------------------------

    def test_what_was_never_queued_is_excluded_with_a_reason(self):
        early = self.early()

        wizard = self.excluding(early, "action_qbo_exclude")
        self.assertEqual(wizard.question, "1 document will not be sent to QuickBooks:")
        wizard.action_exclude()

        self.assertEqual(self.row(early).state, "excluded")
        self.assertIn("By hand", early.qbo_status_text)
        self.assertEqual(self.row(early).excluded_by_id, self.bookkeeper)
        self.drain()
        self.assert_not_in_quickbooks(early)

    def test_clerk_does_not_exclude_what_was_never_queued(self):
        early = self.early()
        with self.assertRaises(AccessError):
            self.env["qbo.export"].with_user(self.clerk)._keep_out(
                self.connection, early, "No"
            )
        self.assertFalse(self.row(early))

    def test_excluding_many_names_them_and_says_what_is_left(self):
        exported = self.posted()
        self.drain()
        waiting, early, draft = self.posted(count=5), self.early(count=2), self.draft()

        wizard = self.excluding(
            exported + waiting + early + draft, "action_qbo_exclude"
        )

        self.assertEqual(wizard.question, "7 documents will not be sent to QuickBooks:")
        self.assertIn(waiting[0].name, wizard.names_text)
        self.assertTrue(wizard.names_text.endswith(" and 2 more"), wizard.names_text)
        # 100 to 104, and 100 and 101.
        self.assertIn("711.00", wizard.total_text)
        self.assertEqual(wizard.left_text, "1 already exported, 1 draft")
        self.assertEqual(
            self.said(wizard.action_exclude()),
            "7 excluded, 1 already exported, 1 draft",
        )
        self.assertEqual(
            set((waiting + early).qbo_export_id.mapped("state")), {"excluded"}
        )

    # -- on the list of exports -------------------------------------------------------

    def test_exports_are_excluded_retried_and_previewed_in_bulk(self):
        exported = self.posted()
        self.drain()
        waiting = self.posted(count=2)
        rows = self.row(exported) + waiting.qbo_export_id

        said = self.said(self.by_bookkeeper(rows).action_retry())
        self.assertEqual(said, "2 queued, 1 already exported")
        preview = self.by_bookkeeper(rows).action_preview()
        shown = self.env["qbo.preview"].browse(preview["res_id"]).document_ids
        self.assertEqual(shown.move_id, exported + waiting)
        wizard = self.excluding(rows, "action_open_exclude")
        said = self.said(wizard.action_exclude())
        self.assertEqual(said, "2 excluded, 1 already exported")

        excluded = self.by_bookkeeper(rows).action_retry()
        self.assertEqual(excluded["params"]["type"], "warning")
        self.assertEqual(
            self.said(excluded), "0 queued, 1 already exported, 2 left alone"
        )
        with self.assertRaisesRegex(UserError, "nothing to exclude"):
            self.by_bookkeeper(rows).action_open_exclude()

    def test_customers_export_has_no_preview(self):
        with self.assertRaisesRegex(UserError, "Only invoices and credit notes"):
            self.by_bookkeeper(self.row(self.customer)).action_preview()

    def test_retry_on_the_export_is_offered_as_on_the_invoice(self):
        self.env["qbo.mapping"].sudo().search(
            [("connection_id", "=", self.connection.id)]
        ).write({"reference_id": False})
        row = self.row(self.posted())
        self.drain()

        self.assertEqual(row.state, "problem")
        self.assertFalse(row.with_user(self.clerk).can_retry)
        self.assertTrue(self.by_bookkeeper(row).can_retry)
        row.problem_ids.sudo().kind = "data"
        self.env.invalidate_all()
        self.assertTrue(row.with_user(self.clerk).can_retry)
