from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..quickbooks import jsonmoney
from .common import CLERK
from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestPreview(EngineCase):
    """What would be sent is shown before it is, and QuickBooks is not asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_user("clerk", CLERK)

    def preview(self, moves, user=None):
        """The dialog that a person gets, as that person sees it."""
        before = self.last_call_number()
        action = moves.with_user(user or self.bookkeeper).action_qbo_preview()
        self.assertEqual(self.last_call_number(), before, "QuickBooks was asked")
        self.assertEqual(action["target"], "new")
        preview = self.env[action["res_model"]].browse(action["res_id"])
        return preview.with_user(user or self.bookkeeper)

    def rows(self, preview):
        return {row.label: row for row in preview.row_ids}

    def unmap(self):
        self.env["qbo.mapping"].sudo().search(
            [("connection_id", "=", self.connection.id)]
        ).write({"reference_id": False})

    def test_draft_shows_the_expected_total_and_that_it_must_be_confirmed(self):
        draft = self.draft(200)

        preview = self.preview(draft, self.clerk)

        self.assertTrue(preview.is_single)
        self.assertEqual(preview.document_ids.outcome, "go")
        self.assertFalse(preview.can_export, "a draft is confirmed first")
        self.assertIn("before it is confirmed", preview.note)
        self.assertIn("is created in QuickBooks first", preview.note)
        total = self.rows(preview)["Total"]
        self.assertEqual(total.odoo_amount, total.qbo_amount)
        self.assertEqual(total.preview_mark, "equal")
        line = self.rows(preview)["Line 1"]
        self.assertIn("Maintenance x 1", line.odoo_text)
        self.assertIn("Not taxable", line.qbo_text)

    def test_what_is_shown_is_what_is_sent(self):
        invoice = self.posted(120)

        preview = self.preview(invoice)
        self.drain()

        shown = jsonmoney.loads(preview.payload_text)
        sent = jsonmoney.loads(self.row(invoice).payload_text)
        sent.pop("CustomerRef")
        self.assertEqual(shown, sent)
        self.assert_in_quickbooks(invoice)

    def test_json_is_not_for_clerks(self):
        preview = self.preview(self.draft(), self.clerk)
        with self.assertRaises(AccessError):
            preview.read(["payload_text"])
        self.assertNotIn("payload_text", preview.fields_get())

    def test_what_stops_it_is_told_with_the_place_that_mends_it(self):
        self.unmap()
        draft = self.draft()

        preview = self.preview(draft)

        self.assertEqual(preview.document_ids.outcome, "stopped")
        self.assertFalse(preview.can_export)
        cause = preview.cause_ids
        self.assertIn("has no default QuickBooks item", cause.message)
        self.assertEqual(cause.fix, "choose")
        self.assertEqual(cause.action_fix()["res_model"], "qbo.mapping")
        alert = draft.with_user(self.clerk).qbo_alert()
        self.assertTrue(alert["message"].startswith("Cannot be exported yet: "))
        draft.action_post()

    def test_draft_that_can_go_has_no_warning(self):
        self.assertFalse(self.draft().with_user(self.clerk).qbo_alert())

    def test_change_is_shown_as_was_and_will_be(self):
        invoice = self.posted(100)
        self.drain()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 130
        invoice.action_post()

        preview = self.preview(invoice)

        self.assertEqual(preview.document_ids.operation, "update")
        line = self.rows(preview)["Line 1"]
        self.assertEqual(line.preview_mark, "changed")
        self.assertIn("100.00 -> ", line.qbo_amount.replace("\N{NO-BREAK SPACE}", " "))
        self.assertFalse(self.rows(preview)["Date"].preview_mark)

    def test_several_are_one_table_and_those_that_can_go_are_exported(self):
        good = self.draft(50)
        bad = self.draft(60, customer=self.make_customer("Pier", email="nobody"))
        self.connection.sudo().paused = True
        (good + bad).action_post()
        draft = self.draft(70)

        preview = self.preview(good + bad + draft)

        self.assertFalse(preview.is_single)
        self.assertEqual(preview.summary, "2 would go, 1 cannot")
        self.assertEqual(
            preview.document_ids.mapped("outcome"), ["go", "stopped", "go"]
        )
        self.assertIn("is not valid", preview.document_ids[1].reason)
        self.assertIn("is paused", preview.note)
        self.connection.sudo().paused = False
        message = preview.action_export_now()["params"]["message"]
        self.assertEqual(message, "1 queued, 1 draft")

    def test_cancelled_document_says_what_becomes_of_it(self):
        invoice = self.posted()
        self.drain()
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(self.preview(invoice).document_ids.operation, "void")

    def test_other_companys_documents_are_not_previewed(self):
        other = self.env["res.company"].create({"name": "Other Harbor"})
        stranger = self.make_user("stranger", CLERK, company=other)
        with self.assertRaises(AccessError):
            self.draft().with_user(stranger).action_qbo_preview()
