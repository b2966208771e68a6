import logging
import stat
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import file_open

from ..models import server_settings
from ..quickbooks import ClientRefused, GrantRefused, Refused
from .common import ADMINISTRATOR, BOOKKEEPER, CLERK, ConnectionCase, ConnectionHttpCase

TOKEN_FIELDS = ("access_token_encrypted", "refresh_token_encrypted", "connection_id")
APP_FIELDS = ("client_secret_encrypted", "verifier_token_encrypted")


@tagged("post_install", "-at_install")
class TestSecrets(ConnectionCase):
    """Who may see tokens and app secrets: nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()
        roles = {
            "employee": (),
            "clerk": (CLERK,),
            "auditor": ("account.group_account_readonly",),
            "bookkeeper": (BOOKKEEPER,),
            "qbo_administrator": (ADMINISTRATOR,),
            "system": ("base.group_system", ADMINISTRATOR),
        }
        # All may export, so that only what is closed stops them.
        cls.people = [
            cls.make_user(login, "base.group_allow_export", *groups)
            for login, groups in roles.items()
        ]

    def test_nobody_reads_exports_or_searches_tokens(self):
        for user in self.people:
            token = self.token_row().with_user(user)
            for name in TOKEN_FIELDS:
                with self.subTest(user=user.login, field=name):
                    self.assert_closed(token, name)

    def test_nobody_reads_exports_or_searches_app_secrets(self):
        for user in self.people:
            app = self.app.with_user(user)
            for name in APP_FIELDS:
                with self.subTest(user=user.login, field=name):
                    self.assert_closed(app, name)

    def test_app_secrets_can_be_typed_but_never_come_back(self):
        app = self.app.with_user(self.people[-1]).sudo(False)

        app.client_secret = "typed by a system administrator"

        self.assertFalse(app.client_secret)
        self.assertFalse(app.read(["client_secret"])[0]["client_secret"])
        self.assertTrue(app.client_secret_set_at)
        self.assertEqual(
            self.env["qbo.app"]._keys("sandbox").client_secret,
            "typed by a system administrator",
        )

    def test_app_keys_do_not_show_in_their_representation(self):
        keys = self.env["qbo.app"]._keys("sandbox")

        self.assertNotIn(keys.client_secret, repr(keys))

    def test_only_system_administrators_come_to_the_app_keys(self):
        for user in self.people[:-1]:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.app.with_user(user).read(["client_id"])

    def test_database_holds_no_secret_in_clear(self):
        self.connection._client(renew=True)
        self.assert_not_in_database(self.known_secrets())

    def test_trouble_tells_no_secret(self):
        """A refused sign-in, wrong keys, an answer that repeats the token: neither
        what is kept nor what is logged holds what was refused."""
        wrong = "a client secret of another app, 0123456789"
        with self.assertLogs(level=logging.DEBUG) as log:
            secrets = {wrong, *self.known_secrets()}
            self.meet_an_answer_that_repeats_the_token()
            self.emulator.arm("expired_401", times=1, path="companyinfo")
            self.connection._with_client(lambda client: client.company_info(), "test")
            secrets |= self.known_secrets()
            right = self.emulator.info()["client_secret"]
            self.app.client_secret = wrong
            self.assert_is_lost(ClientRefused)
            self.app.client_secret = right
            self.run_housekeeping()
            self.assertEqual(self.connection.state, "connected")
            secrets |= self.known_secrets()
            self.emulator.expire_tokens("all")
            self.assert_is_lost(GrantRefused)

        self.assert_not_in_database(secrets)
        written = "\n".join(log.output)
        for secret in secrets:
            self.assertNotIn(secret, written)
        self.assertTrue(self.env["qbo.log"].search([("outcome", "=", "refused")]))

    def meet_an_answer_that_repeats_the_token(self):
        echo = f"Bearer {self.token_row()._access_token()}"
        self.emulator.arm(
            "refused",
            times=1,
            path="companyinfo",
            code="2020",
            message=f"Rejected: {echo}",
            detail=f"Authorization: {echo}",
        )
        with self.fails_with(Refused):
            self.connection._with_client(lambda client: client.company_info(), "test")

    def assert_is_lost(self, error):
        """The next sign-in is refused, which is kept, and told to people."""
        self.env.flush_all()
        with self.fails_with(error):
            self.connection._client(renew=True)
        self.assertEqual(self.connection.state, "lost")
        self.assertTrue(self.connection.state_reason)

    def assert_not_in_database(self, secrets):
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT table_name FROM information_schema.tables
                WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                  AND (table_name LIKE 'qbo%%' OR table_name IN (
                       'mail_message', 'mail_mail', 'mail_tracking_value',
                       'ir_logging', 'ir_config_parameter', 'ir_cron_trigger',
                       'res_config_settings'))"""
        )
        tables = [name for (name,) in self.env.cr.fetchall()]
        self.assertIn("qbo_token", tables)
        for table in tables:
            self.env.cr.execute(f'SELECT t::text FROM "{table}" t')
            content = "\n".join(row for (row,) in self.env.cr.fetchall())
            for secret in secrets:
                self.assertNotIn(secret, content, table)

    def test_no_screen_shows_a_secret(self):
        """Whatever a role may read of our models, its fields and its views."""
        self.connection._client(renew=True)
        token = self.token_row()
        secrets = {*self.known_secrets(), token.refresh_token_encrypted}
        models = [name for name in self.env if name.startswith("qbo.")]
        for user in self.people:
            shown = []
            for name in models:
                records = self.env[name].with_user(user)
                if self.env[name]._abstract or not records.has_access("read"):
                    continue
                shown.append(str(records.search([]).read()))
                shown.append(records.get_view(view_type="form")["arch"])
            for secret in secrets:
                self.assertNotIn(secret, "".join(shown), user.login)
        system = self.people[-1]
        settings = self.env["res.config.settings"].with_user(system).create({})
        for secret in secrets:
            self.assertNotIn(secret, str(settings.read()))

    def test_neutralized_copy_has_no_authorization(self):
        with file_open("service_billing_qbo/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()

        self.assertFalse(self.env["qbo.token"].sudo().search([]))
        self.assertEqual(self.connection.state, "disconnected")
        self.assertEqual(self.connection.environment, "sandbox")
        self.assertFalse(self.app.sudo().client_secret_encrypted)
        self.assertFalse(self.app.sudo().verifier_token_encrypted)

    def test_server_settings_win_over_the_database(self):
        overruling = {
            "SERVICE_BILLING_QBO_CLIENT_ID": "of both environments",
            "SERVICE_BILLING_QBO_SANDBOX_CLIENT_ID": "of the sandbox",
        }
        with patch.dict("os.environ", overruling):
            keys = self.env["qbo.app"]._keys("sandbox")
            self.assertEqual(keys.client_id, "of the sandbox")
            self.assertEqual(keys.source, "server")
            production = self.env["qbo.app"]._keys("production")
            self.assertEqual(production.client_id, "of both environments")
        self.assertEqual(self.env["qbo.app"]._keys("sandbox").source, "database")

    def test_key_file_is_made_once_and_for_its_owner_only(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "secrets" / "tokens.key"
            place = {
                "SERVICE_BILLING_QBO_KEYS": "",
                "SERVICE_BILLING_QBO_KEY_FILE": str(path),
            }
            with patch.dict("os.environ", place):
                token = server_settings.vault().encrypt("secret")
                self.assertEqual(server_settings.vault().decrypt(token), "secret")
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)

    def assert_closed(self, record, name):
        record = record.sudo(False)
        with self.assertRaises(AccessError):
            record.read([name])
        with self.assertRaises(AccessError):
            record.export_data([name])
        with self.assertRaises(AccessError):
            record.search([(name, "!=", False)])
        with self.assertRaises(AccessError):
            record._read_group([], [name])
        self.assertNotIn(name, record.fields_get())

    def known_secrets(self):
        token = self.token_row()
        keys = self.env["qbo.app"]._keys("sandbox")
        return {
            token._access_token(),
            token._refresh_token(),
            keys.client_secret,
            self.env["qbo.app"]._verifier_token("sandbox"),
        }


@tagged("post_install", "-at_install")
class TestLoggedSecrets(ConnectionHttpCase):
    """What Odoo logs at its most talkative while a connection is made and used."""

    def test_log_holds_no_secret(self):
        with (
            self.assertLogs(level=logging.DEBUG) as log,
            self.assertLogs("werkzeug", logging.INFO) as access_log,
        ):
            answer = self.consent(self.press_connect())
            self.come_back(answer)
            first = self.secrets()
            self.emulator.advance_clock(25 * 3600)
            self.emulator.expire_tokens("access")
            self.connection._with_client(lambda client: client.company_info())
            second = self.secrets()
            self.connection._disconnect()

        # The test's own browser logs where it goes; Odoo must not.
        browser = f"urllib3.connectionpool:{self.base_url()}"
        lines = [line for line in log.output if browser not in line]
        written = "\n".join([*lines, *access_log.output])
        self.assertIn("/service_billing_qbo/callback?code=[hidden]", written)
        self.assertTrue(first.isdisjoint(second), "nothing was renewed")
        for secret in {answer["code"], *first, *second}:
            self.assertNotIn(secret, written)

    def secrets(self):
        token = self.token_row()
        return {token._access_token(), token._refresh_token()}
