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

    def test_what_quickbooks_has_unchanged_is_not_sent_again(self):
        exported = self.posted(80)
        note = self.posted(30, refund=True)
        self.drain()
        calls = self.last_call_number()

        preview = self.preview(exported + note, self.clerk)

        self.assertEqual(set(preview.document_ids.mapped("outcome")), {"there"})
        self.assertEqual(
            preview.summary, "0 would go, 0 cannot, 2 in QuickBooks already"
        )
        self.assertFalse(preview.can_export)
        self.assertEqual(preview.action_export_now()["params"]["type"], "warning")
        self.drain()
        self.assertEqual(self.last_call_number(), calls, "QuickBooks was told again")

    def test_what_would_go_is_counted_apart_from_what_is_there(self):
        exported = self.posted(80)
        self.drain()
        changed = self.posted(90)
        self.drain()
        changed.button_draft()
        changed.action_post()
        excluded = self.posted(70)
        self.by_bookkeeper(self.row(excluded)).action_exclude("Typed by hand")
        waiting = self.posted(60)

        preview = self.preview(exported + changed + excluded + waiting, self.clerk)

        self.assertEqual(
            preview.document_ids.mapped("outcome"), ["there", "go", "nothing", "go"]
        )
        self.assertIn("Typed by hand", preview.document_ids[2].reason)
        self.assertEqual(preview.document_ids[1].outcome_text, "Would be changed")
        self.assertEqual(preview.document_ids[3].outcome_text, "Would be created")
        self.assertEqual(
            preview.summary,
            "2 would go, 0 cannot, 1 in QuickBooks already, 1 with nothing to send",
        )
        self.assertTrue(preview.can_export)

    def test_change_that_goes_by_itself_needs_no_button(self):
        invoice = self.posted(90)
        self.drain()
        invoice.button_draft()
        invoice.action_post()

        preview = self.preview(invoice)

        self.assertEqual(preview.document_ids.outcome, "go")
        self.assertFalse(preview.can_export)

    def test_what_is_there_is_shown_as_it_was_sent(self):
        invoice = self.posted(80)
        self.drain()
        sent = self.row(invoice).payload_text
        self.unmap()

        preview = self.preview(invoice)

        self.assertEqual(preview.document_ids.outcome, "there")
        self.assertFalse(preview.cause_ids)
        self.assertIn("nothing would be sent", preview.note)
        self.assertEqual(jsonmoney.loads(preview.payload_text), jsonmoney.loads(sent))
        total = self.rows(preview)["Total"]
        self.assertEqual(total.qbo_text, "In QuickBooks")
        self.assertEqual(total.preview_mark, "equal")
        self.assertEqual(
            preview.document_ids._title(), f"{invoice.name} (in QuickBooks already)"
        )

    def test_customer_is_named_or_new(self):
        draft = self.draft(90)
        customer = self.rows(self.preview(draft, self.clerk))["Customer"]
        self.assertEqual(customer.odoo_text, self.customer.name)
        self.assertEqual(customer.qbo_text, f"New: {self.customer.name}")

        self.posted(90)
        self.drain()

        customer = self.rows(self.preview(draft, self.clerk))["Customer"]
        self.assertEqual(customer.qbo_text, self.customer.name)

    def test_what_is_not_known_yet_says_so(self):
        self.unmap()
        total = self.rows(self.preview(self.draft()))["Total"]
        self.assertEqual(total.qbo_text, "Not known yet")
        self.assertFalse(total.preview_mark)

    def test_credit_note_is_named_by_its_number_and_takes_away(self):
        invoice = self.posted(80)
        note = self.posted(30, refund=True, ref="Reversal of: all that was agreed")

        shown = self.preview(invoice + note).document_ids[1]

        self.assertEqual(shown.name, note.name)
        self.assertEqual(shown.odoo_total, note.amount_total_in_currency_signed)
        self.assertEqual(shown.expected_total, -30)

    def test_whose_turn_it_is_is_said_to_who_cannot_mend_it(self):
        self.unmap()
        draft = self.draft()

        cause = self.preview(draft, self.clerk).cause_ids

        self.assertEqual(cause.turn, "bookkeeper")
        said = draft.with_user(self.clerk).qbo_alert()["message"]
        self.assertTrue(said.endswith("It is the bookkeeper's turn."), said)
        said = draft.with_user(self.bookkeeper).qbo_alert()["message"]
        self.assertNotIn("turn", said)

    def test_bookkeeper_is_told_of_the_quickbooks_administrators_turn(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        draft = self.draft(currency_id=euro.id)

        said = self.by_bookkeeper(draft).qbo_alert()["message"]

        self.assertIn("It is the QuickBooks administrator's turn.", said)
        draft.action_post()
        self.drain()
        row = self.row(draft)
        self.assertEqual(row.state, "problem")
        said = self.by_bookkeeper(draft).qbo_alert()["message"]
        self.assertIn("It is the QuickBooks administrator's turn.", said)
        self.assertFalse(row.with_user(self.clerk).can_retry)
        self.assertTrue(self.by_bookkeeper(row).can_retry)
        self.assertFalse(self.by_bookkeeper(row).retry_leads)

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
