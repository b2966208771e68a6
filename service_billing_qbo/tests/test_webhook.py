"""The door for Intuit's notifications: who gets in, and what stays outside."""

import base64
import hashlib
import hmac
import json
import logging
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..quickbooks.webhooks import MAX_BYTES
from .common import ConnectionHttpCase

WEBHOOK = "/service_billing_qbo/webhook"
CONTROLLER = "odoo.addons.service_billing_qbo.controllers.webhook"


@tagged("post_install", "-at_install")
class TestWebhook(ConnectionHttpCase):
    """The address where Intuit tells what changed: closed to all others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()
        cls.verifier_token = cls.emulator.info()["verifier_token"]

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def event(self, **values):
        return {
            "specversion": "1.0",
            "id": "d1a3aedd-9670-41bf-a4f9-c148a1cc4e03",
            "source": "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=",
            "type": "qbo.invoice.updated.v1",
            "datacontenttype": "application/json",
            "time": "2026-11-22T19:59:07.034359333Z",
            "intuitentityid": "1234",
            "intuitaccountid": self.connection.realm_id,
            "data": {},
            **values,
        }

    def post(self, body, signature=None, content_type="application/cloudevents+json"):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if signature is None:
            signature = self.signed(body)
        return self.url_open(
            WEBHOOK,
            data=body,
            headers={"Content-Type": content_type, "intuit-signature": signature},
        )

    def signed(self, body, token=None):
        key = (token or self.verifier_token).encode()
        digest = hmac.new(key, body, hashlib.sha256).digest()
        return base64.b64encode(digest).decode()

    def noted(self):
        self.env.invalidate_all()
        return self.env["qbo.change"].search([])

    def test_event_is_noted_and_looked_at(self):
        answer = self.post([self.event()])

        self.assertEqual((answer.status_code, answer.text), (200, ""))
        change = self.noted()
        self.assertEqual(change.connection_id, self.connection)
        self.assertEqual((change.entity, change.qbo_id), ("invoice", "1234"))
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("service_billing_qbo.ir_cron_changes").id)]
        )
        self.assertTrue(triggers)

    def test_what_comes_again_and_in_disorder_is_one_row(self):
        later = self.event(time="2026-11-22T20:00:00Z", type="qbo.invoice.void.v1")
        self.post([later, self.event()])
        self.post([self.event()])

        change = self.noted()
        self.assertEqual(len(change), 1)
        self.assertEqual(
            change.changed_at, fields.Datetime.to_datetime("2026-11-22 20:00:00")
        )
        self.assertEqual(change.revision, 2)

    @mute_logger(CONTROLLER)
    def test_wrong_signatures_are_refused(self):
        body = json.dumps([self.event()]).encode()
        right = self.signed(body)
        for signature in ("", "x", right[:-2], self.signed(body, "other"), "é"):
            self.assertEqual(self.post(body, signature).status_code, 403, signature)
        self.assertEqual(self.post(body + b" ", right).status_code, 403)
        self.assertFalse(self.noted())

    @mute_logger(CONTROLLER)
    def test_without_a_verifier_token_nothing_is_believed(self):
        self.app.sudo().verifier_token_encrypted = False
        self.env.flush_all()
        body = json.dumps([self.event()]).encode()

        for signature in (self.signed(body), "", self.signed(body, " ")):
            self.assertEqual(self.post(body, signature).status_code, 403)
        self.assertFalse(self.noted())

    def test_body_without_a_right_signature_is_not_logged(self):
        with self.assertLogs(CONTROLLER, logging.DEBUG) as logs:
            self.post(b"SECRET-BODY", "x")
        self.assertNotIn("SECRET-BODY", "".join(logs.output))

    def test_unknown_company_is_answered_the_same(self):
        known = self.post([self.event()])
        self.env["qbo.change"].search([]).unlink()
        unknown = self.post([self.event(intuitaccountid="1")])

        self.assertEqual(known.status_code, unknown.status_code)
        self.assertEqual(known.text, unknown.text)
        self.assertFalse(self.noted())

    def test_keys_of_one_environment_do_not_speak_for_the_other(self):
        self.env.cr.execute(
            "UPDATE qbo_connection SET environment = 'production' WHERE id = %s",
            [self.connection.id],
        )
        self.env.invalidate_all()

        self.assertEqual(self.post([self.event()]).status_code, 200)
        self.assertFalse(self.noted())

    def test_disconnected_company_stores_nothing(self):
        self.connection._set_state("disconnected")
        self.env.flush_all()

        self.assertEqual(self.post([self.event()]).status_code, 200)
        self.assertFalse(self.noted())

    @mute_logger(CONTROLLER)
    def test_signed_nonsense_is_taken_and_forgotten(self):
        """Intuit would send it again and again, and it would be no better."""
        for body in (b"[", b"{}", b"\xff", b'"x"', b"[1, null, {}]", b"[[]]"):
            self.assertEqual(self.post(body).status_code, 200, body)
        strange = [
            self.event(type="qbo.invoice.updated.v2"),
            self.event(type="Invoice", intuitentityid="7"),
            self.event(time="yesterday", intuitentityid="7"),
            self.event(intuitentityid={"a": 1}),
            self.event(intuitentityid="../7"),
        ]
        self.post(strange)
        self.assertEqual(self.noted().mapped("qbo_id"), ["1234"])

    def test_body_beyond_any_notification(self):
        answer = self.post(b"x" * (MAX_BYTES + 1))

        self.assertEqual(answer.status_code, 413)

    def test_other_content_types_of_json(self):
        for content_type in ("application/json", "application/json;charset=UTF-8"):
            self.post([self.event()], content_type=content_type)
        self.assertEqual(self.noted().revision, 2)

    def test_only_posts(self):
        self.assertEqual(self.url_open(WEBHOOK).status_code, 405)

    def test_emulators_own_notification_is_understood(self):
        """As it is signed and worded by who knows nothing of this addon."""
        self.emulator.webhooks("http://127.0.0.1:9/")
        name = f"Harbor {fields.Datetime.now()}".replace(":", ".")
        made = self.connection._client().create(
            "Customer", {"DisplayName": name}, f"webhook-{name}"[:50]
        )
        attempt = self.attempt()
        self.post(attempt["body"].encode())

        change = self.noted()
        self.assertEqual((change.entity, change.qbo_id), ("customer", made["Id"]))

    def attempt(self):
        for _try in range(100):
            attempts = self.emulator.notifications()["attempts"]
            if attempts:
                return attempts[-1]
            self.env.cr.execute("SELECT pg_sleep(0.1)")
        raise AssertionError("the emulator tried to notify nobody")

    def test_test_tells_whether_notifications_come(self):
        def row():
            rows = self.connection._run_test()
            return next(one for one in rows if one.key == "webhook")

        self.assertEqual(row().status, "warning")
        self.assertIn(WEBHOOK, row().todo)
        self.post([self.event()])
        self.env.invalidate_all()
        state = self.env["qbo.change.state"]._of(self.connection)
        state.webhook_seen_at -= timedelta(minutes=7)
        self.assertEqual((row().status, row().found), ("passed", "Seen 7 minutes ago."))
        state.webhook_seen_at = False
        self.app.sudo().verifier_token_encrypted = False
        self.assertIn("Verifier Token", row().todo)

    def test_settings_show_the_address(self):
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.qbo_webhook_url.endswith(WEBHOOK))
