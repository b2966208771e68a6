"""What Configuration and settings say of a connection, and ask before it ends."""

import tempfile
from ast import literal_eval
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ADMINISTRATOR, ConnectionCase

SYSTEM = "base.group_system"


@tagged("post_install", "-at_install")
class TestConnectionScreens(ConnectionCase):
    """What the Configuration says, and what it asks before something is lost."""

    def setUp(self):
        super().setUp()
        self.pane = self.connection.with_user(self.administrator).sudo(False)

    def message(self, key):
        self.env.invalidate_all()
        return self.pane.alerts[key]["message"]

    def test_alert_says_what_is_missing_before_a_connection(self):
        credentials = "There are currently no connection credentials available. "
        self.connection.accounting_vendor = "none"
        self.assertEqual(
            self.message("no_credentials"),
            credentials + "Choose QuickBooks in Configuration > Edit.",
        )
        self.connection.accounting_vendor = "quickbooks"
        self.assertEqual(
            self.message("no_credentials"), credentials + "Press Connect to QuickBooks."
        )
        self.app.client_id = False
        self.assertEqual(
            self.message("no_credentials"),
            credentials
            + "You need the keys of an Intuit app. A system administrator enters them "
            "in Settings > Service Billing.",
        )

    def test_way_to_the_app_keys_is_shown_to_whom_it_is_open(self):
        self.app.client_id = False
        self.env.invalidate_all()
        self.assertNotIn("action", self.pane.alerts["no_credentials"])
        system = self.make_user("system", "base.group_system", ADMINISTRATOR)
        alert = self.pane.with_user(system).alerts["no_credentials"]
        self.assertEqual(alert["action_text"], "Settings")
        self.assertEqual(alert["action"]["res_model"], "res.config.settings")

    def test_button_says_what_is_missing_before_a_connection(self):
        self.app.client_id = False
        with self.assertRaisesRegex(UserError, "enters them in Settings"):
            self.pane.action_test()

    def test_disconnected_and_lost_say_what_to_do(self):
        self.connect()
        self.connection._connection_lost("It was ended.", reconnect_needed=True)
        words = self.message("lost")
        self.assertIn("It was ended. Press Connect to QuickBooks.", words)
        self.assertIn("Posting goes on, and the exports wait.", words)
        self.assertRegex(
            self.pane.authorized_text, r"^No, since [A-Z][a-z]{2} \d{1,2}, \d{4}$"
        )
        self.connection._set_state("lost", "Wrong keys.", reconnect_needed=False)
        self.assertIn(
            "Odoo tries again each hour; Test tries at once.", self.message("lost")
        )
        self.connection._disconnect()
        self.assertIn("Press Connect to QuickBooks.", self.message("disconnected"))

    def test_connecting_says_what_an_unknown_client_id_means(self):
        self.connection._set_state("connecting")
        self.assertEqual(
            self.message("connecting"),
            "Finish in the QuickBooks window, or start again. If that window says that "
            "the client_id is not known, check the keys in Settings.",
        )

    def test_account_mapping_says_before_set_up_where_to_begin(self):
        company = self.env["res.company"].create({"name": "Quiet Harbor"})
        self.administrator.company_ids |= company
        mapping = self.env["qbo.mapping"].with_user(self.administrator)
        with self.assertRaisesRegex(UserError, "Choose QuickBooks in Configuration >"):
            mapping.with_company(company).action_auto_match()

    def test_month_before_intuits_limit_one_can_connect_again(self):
        self.connect()
        token = self.token_row()
        for days, offered in ((31, False), (29, True), (1, True)):
            token.hard_expires_at = fields.Datetime.now() + timedelta(days=days)
            self.env.invalidate_all()
            with self.subTest(days=days):
                self.assertEqual(self.pane.reconnect_due, offered)
                self.assertEqual("reconnect_due" in (self.pane.alerts or {}), offered)
        self.assertIn("Connect again before", self.message("reconnect_due"))

    def test_first_day_of_exports_cannot_be_emptied_once_connected(self):
        self.pane.export_from = False
        self.connect()
        with self.assertRaisesRegex(UserError, "without it no invoice goes"):
            self.pane.export_from = False
        self.connection._disconnect()
        with self.assertRaisesRegex(UserError, "without it no invoice goes"):
            self.pane.export_from = False

    def test_question_before_disconnecting_counts_what_stays_waiting(self):
        self.connect()
        for states, words in (
            ((), "No export waits."),
            (("waiting",), "1 export is not in QuickBooks yet and stays waiting."),
            (
                ("waiting", "problem", "exported"),
                "2 exports are not in QuickBooks yet and stay waiting.",
            ),
        ):
            with self.subTest(states=states):
                self.put_exports(*states)
                self.assertIn(
                    f"and links are kept. {words} Posting goes on.",
                    self.pane.disconnect_question(),
                )

    def test_stopping_counts_what_needs_attention_too(self):
        self.connect()
        self.put_exports("waiting", "problem", "exported")
        self.connection._disconnect()
        draft = self.pane.new({"accounting_vendor": "none"}, origin=self.pane)
        self.assertEqual(
            draft.stop_warning,
            "Stop using QuickBooks? 2 waiting exports will not be sent; "
            "links are kept.",
        )

    def test_nothing_is_noted_before_something_happened(self):
        company = self.env["res.company"].create({"name": "Quiet Harbor"})
        connection = self.env["qbo.connection"]._ensure_for_company(company)
        self.assertFalse(connection.message_ids)

    def put_exports(self, *states):
        partners = self.env["res.partner"].create([{"name": one} for one in states])
        self.env["qbo.export"].sudo().search([]).unlink()
        self.env["qbo.export"].sudo().create(
            [
                {
                    "connection_id": self.connection.id,
                    "company_id": self.env.company.id,
                    "res_model": "res.partner",
                    "res_id": partner.id,
                    "state": state,
                }
                for partner, state in zip(partners, states, strict=True)
            ]
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestSettingsBlock(ConnectionCase):
    """Settings > Service Billing, block QuickBooks Online."""

    def setUp(self):
        super().setUp()
        self.system = self.make_user("system", SYSTEM, ADMINISTRATOR)

    def block(self, company=None):
        self.env.invalidate_all()
        company = company or self.env.company
        settings = self.env["res.config.settings"].with_user(self.system)
        return settings.with_company(company).create({})

    def test_state_is_shown_before_there_is_a_connection(self):
        company = self.env["res.company"].create({"name": "Not Yet"})
        self.system.company_ids |= company
        self.assertEqual(self.block(company).qbo_state, "not_configured")
        self.assertFalse(self.block(company).qbo_connection_id)
        self.assertEqual(self.block().qbo_state, "not_connected")

    def test_buttons_do_what_those_of_the_configuration_do(self):
        with self.assertRaisesRegex(UserError, "no connection credentials"):
            self.block().action_qbo_test()
        with self.assertRaisesRegex(UserError, "no connection credentials"):
            self.block().action_qbo_refresh_references()
        self.connect()
        self.assertEqual(self.block().action_qbo_test()["res_model"], "qbo.test")
        message = self.block().action_qbo_refresh_references()["params"]["message"]
        self.assertRegex(message, r"\d+ entries")

    def test_buttons_are_for_quickbooks_administrators(self):
        other = self.make_user("system only", SYSTEM)
        settings = self.env["res.config.settings"]
        arch = settings.with_user(other).get_view(view_type="form")["arch"]
        self.assertIn("qbo_state", arch)
        self.assertNotIn("action_qbo_test", arch)
        self.assertNotIn('name="qbo_disconnect"', arch)
        arch = settings.with_user(self.system).get_view(view_type="form")["arch"]
        for name in ("action_qbo_test", "action_qbo_refresh_references"):
            self.assertIn(name, arch)
        for name in ("qbo_connect", "qbo_disconnect"):
            self.assertIn(f'name="{name}"', arch)

    def test_system_administrator_enters_the_keys_without_seeing_the_books(self):
        pure = self.make_user("keys", SYSTEM)
        self.assertFalse(pure.has_group("account.group_account_invoice"))
        action = self.env.ref("service_billing_qbo.res_config_settings_action")
        settings = self.env["res.config.settings"].with_user(pure)
        settings = settings.with_context(**literal_eval(action.context))
        with Form(settings) as form:
            self.assertEqual(form.qbo_state, "not_connected")
            form.qbo_client_id = "of the system administrator"
            form.qbo_client_secret = "typed once"
        self.env.invalidate_all()
        self.assertEqual(self.app.client_id, "of the system administrator")
        with self.assertRaises(AccessError):
            self.env["qbo.connection"].with_user(pure).search([])

    def test_addresses_without_https_are_fit_for_trying_out_on_localhost(self):
        set_param = self.env["ir.config_parameter"].set_param
        for base, environment, warned, on_localhost in (
            ("http://localhost:8069", "sandbox", False, True),
            ("http://localhost:8069", "production", True, False),
            ("http://localhost.example.com", "sandbox", True, False),
            ("http://odoo.example.com", "sandbox", True, False),
            ("https://odoo.example.com", "production", False, False),
        ):
            with self.subTest(base=base, environment=environment):
                set_param("web.base.url", base)
                self.connection.environment = environment
                block = self.block()
                self.assertEqual(block.qbo_insecure, warned)
                self.assertEqual(block.qbo_on_localhost, on_localhost)

    def test_each_key_tells_by_itself_whether_the_server_sets_it(self):
        for name, flag in {
            "CLIENT_ID": "qbo_client_id_on_server",
            "CLIENT_SECRET": "qbo_client_secret_on_server",
            "VERIFIER_TOKEN": "qbo_verifier_on_server",
        }.items():
            with patch.dict("os.environ", {f"SERVICE_BILLING_QBO_{name}": "set there"}):
                block = self.block()
                for other in (
                    "qbo_client_id_on_server",
                    "qbo_client_secret_on_server",
                    "qbo_verifier_on_server",
                ):
                    with self.subTest(set=name, field=other):
                        self.assertEqual(block[other], other == flag)

    def test_secret_that_cannot_be_read_is_not_called_set(self):
        self.assertEqual(self.block().qbo_client_secret_hint, "Set, not shown")
        with self.encryption_key(Fernet.generate_key().decode()):
            block = self.block()
            self.assertTrue(block.qbo_secrets_unreadable)
            hint = "Cannot be read, enter it again"
            self.assertEqual(block.qbo_client_secret_hint, hint)
            self.assertEqual(block.qbo_verifier_token_hint, hint)

    def test_place_of_the_encryption_key_is_told_as_it_is(self):
        self.assertEqual(self.block().qbo_key_place, "environment")
        keyless = {"SERVICE_BILLING_QBO_KEYS": ""}
        with tempfile.TemporaryDirectory() as folder:
            named = str(Path(folder) / "tokens.key")
            with patch.dict(
                "os.environ", {**keyless, "SERVICE_BILLING_QBO_KEY_FILE": named}
            ):
                self.assertEqual(self.block().qbo_key_place, "named_file")
