from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .engine_common import EngineCase

DRAIN = "odoo.addons.service_billing_qbo.models.drain_pass"


@tagged("post_install", "-at_install")
class TestExportRecording(EngineCase):
    """What QuickBooks did is never done again because Odoo failed to note it."""

    def setUp(self):
        super().setUp()
        self.drain()  # the customer is there already

    def occupy_ids(self, after: str):
        """Links that belong to nobody: the next documents' answers cannot be saved."""
        return (
            self.env["qbo.binding"]
            .sudo()
            .create(
                [
                    {
                        "connection_id": self.connection.id,
                        "company_id": self.connection.company_id.id,
                        "realm_id": self.connection.realm_id,
                        "res_model": "account.move",
                        "res_id": 10**9 + number,
                        "entity": "Invoice",
                        "qbo_id": str(int(after) + number),
                    }
                    for number in range(1, 20)
                ]
            )
        )

    def unrecorded(self):
        """An invoice that QuickBooks has and whose answer could not be written down."""
        first = self.posted(100)
        self.drain()
        in_the_way = self.occupy_ids(first.qbo_id)
        invoice = self.posted(200)
        with mute_logger(DRAIN, "odoo.sql_db"):
            self.drain()
        self.assertEqual(len(self.documents_of(invoice)), 1)
        self.assertEqual(invoice.qbo_status, "problem")
        in_the_way.unlink()
        return invoice

    def test_retry_adopts_what_could_not_be_recorded(self):
        """A second create would be a second invoice in the books."""
        invoice = self.unrecorded()
        since = self.last_call_number()

        self.by_bookkeeper(self.row(invoice)).action_retry()
        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertEqual(self.calls("/invoice$", since), [])

    def test_retry_all_adopts_what_could_not_be_recorded(self):
        invoice = self.unrecorded()

        self.by_bookkeeper(self.open_problems()).action_retry_all()
        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertFalse(self.open_problems())

    def test_posting_again_adopts_what_could_not_be_recorded(self):
        """A clerk who meets a problem resets to draft and posts again."""
        invoice = self.unrecorded()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 250
        invoice.action_post()

        self.drain()
        self.drain()

        self.assert_in_quickbooks(invoice)

    def test_excluded_and_taken_back_adopts_what_could_not_be_recorded(self):
        """A bookkeeper who keeps it out for a while does not know that it is there."""
        invoice = self.unrecorded()
        export = self.by_bookkeeper(self.row(invoice))
        export.action_exclude("Is it there?")
        since = self.last_call_number()

        export.action_export_now()
        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertFalse(export.excluded_reason)
        self.assertEqual(self.calls("/invoice$", since), [])

    def test_keys_taken_away_lose_the_connection_until_they_are_back(self):
        """To call it connected would be a lie: at the next hour nobody can sign in."""
        invoice = self.posted(100)
        app = self.env["qbo.app"]._of("sandbox")
        client_id = app.client_id

        app.client_id = False
        self.env.flush_all()
        self.drain()

        self.assertEqual(self.connection.state, "lost")
        self.assertIn("keys of an Intuit app", self.connection.state_reason)
        self.assertEqual(self.env["qbo.export"]._count_due(SQL("TRUE")), 0)

        app.client_id = client_id
        self.run_housekeeping()
        self.drain()

        self.assertEqual(self.connection.state, "connected")
        self.assert_in_quickbooks(invoice)

    def test_keys_that_the_server_no_longer_has_lose_the_connection(self):
        """Started without its environment: nothing in the database changed."""
        invoice = self.posted(100)
        self.token_row().access_expires_at = "2020-01-01"
        self.env.cr.execute("UPDATE qbo_app SET client_id = NULL")
        self.env.invalidate_all(flush=True)

        self.drain()

        self.assertEqual(self.connection.state, "lost")
        self.assertEqual(invoice.qbo_status, "waiting")
        self.assertEqual(self.env["qbo.export"]._count_due(SQL("TRUE")), 0)

    def test_credit_note_posted_again_after_its_deletion(self):
        """QuickBooks deleted it when it was cancelled; an update would always fail."""
        credit_note = self.posted(80, refund=True)
        self.drain()
        credit_note.button_cancel()
        self.drain()
        self.assert_not_in_quickbooks(credit_note)
        credit_note.button_draft()
        credit_note.action_post()

        self.drain()

        self.assert_in_quickbooks(credit_note)

    def test_readers_without_rights_on_quickbooks_open_the_invoice(self):
        """Sales people see invoices; the badge must not shut them out."""
        invoice = self.posted(100)
        self.drain()
        user = new_test_user(self.env, "qbo_sales", "base.group_user")
        self.env["ir.model.access"].create(
            {
                "name": "sales people read invoices",
                "model_id": self.env["ir.model"]._get_id("account.move"),
                "group_id": self.env.ref("base.group_user").id,
                "perm_read": True,
            }
        )
        self.env.invalidate_all()
        (values,) = invoice.with_user(user).read(self.shown_to(user, invoice))
        self.assertEqual(values["qbo_status"], "exported")
        self.env.invalidate_all()
        self.customer.with_user(user).read(self.shown_to(user, self.customer))

    def shown_to(self, user, record):
        """The fields of ours that a view shows to a person."""
        shown = record.with_user(user).fields_get(attributes=["type"])
        return [name for name in shown if name.startswith("qbo_")]
