from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged

from ..models.qbo_exceptions import NotConnected
from ..quickbooks import (
    AnswerLost,
    ClientRefused,
    GrantRefused,
    NotAuthorized,
    WrongKey,
)
from .common import ConnectionCase


@tagged("post_install", "-at_install")
class TestTokens(ConnectionCase):
    """Tokens are renewed when needed, never lost, and their end is told once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()

    def setUp(self):
        super().setUp()
        self.emulator.reset()
        self.authorize()
        self.since = self.last_call_number()

    def test_valid_token_is_used_without_refresh(self):
        self.connection._with_client(lambda client: client.company_info())

        self.assertFalse(self.refreshes())

    def test_token_is_renewed_before_it_ends(self):
        stored = self.token_row()._access_token()

        with freeze_time(datetime.now() + timedelta(minutes=56)):
            self.connection._client()

        self.assertEqual(len(self.refreshes()), 1)
        self.assertNotEqual(self.token_row()._access_token(), stored)

    def test_refused_token_is_renewed_once_and_the_call_repeated(self):
        self.emulator.expire_tokens("access")

        company = self.connection._with_client(lambda client: client.company_info())

        self.assertEqual(company["CompanyName"], "Harbor Books LLC")
        self.assertEqual(len(self.refreshes()), 1)

    def test_token_that_another_worker_has_renewed_is_not_renewed_again(self):
        client = self.connection._client()
        self.connection._client(renew=True)
        self.assertEqual(len(self.refreshes()), 1)

        self.connection._client(refused=client)

        self.assertEqual(len(self.refreshes()), 1)

    def test_newest_refresh_token_is_the_one_kept(self):
        """Intuit changes its value about once a day; the old one dies."""
        for _day in range(3):
            self.emulator.advance_clock(25 * 3600)
            before = self.token_row()._refresh_token()
            self.connection._client(renew=True)
            self.assertNotEqual(self.token_row()._refresh_token(), before)

        self.connection._with_client(lambda client: client.company_info())

    def test_lost_answer_of_the_token_endpoint_keeps_the_old_token(self):
        self.emulator.arm("lost_answer", path="tokens/bearer")
        before = self.token_row()._refresh_token()

        with self.fails_with(AnswerLost):
            self.connection._client(renew=True)

        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.token_row()._refresh_token(), before)
        self.connection._client(renew=True)
        self.assertEqual(self.connection.state, "connected")

    def test_dead_token_loses_the_connection_and_tells_people_once(self):
        self.emulator.expire_tokens("all")

        for _attempt in range(3):
            with self.fails_with(GrantRefused, NotConnected):
                self.connection._with_client(lambda client: client.company_info())
        for _hour in range(3):
            self.run_housekeeping()

        self.assertEqual(self.connection.state, "lost")
        self.assertFalse(self.connection.connection_authorized)
        self.assertIn("expired or was ended", self.connection.state_reason)
        self.assertEqual(len(self.refreshes()), 1, "a dead token was tried again")
        activities = self.connection.activity_ids
        self.assertEqual(activities.user_id, self.administrator)
        self.assertEqual(len(self.mails_about("is lost")), 1)

    def open_activities(self, words):
        """What people still have to do about the connection, of those words."""
        summaries = self.connection.activity_ids.mapped("summary")
        return [summary for summary in summaries if words in summary]

    def test_connecting_again_closes_the_activity(self):
        self.emulator.expire_tokens("all")
        with self.fails_with(GrantRefused):
            self.connection._with_client(lambda client: client.company_info())

        self.authorize()

        self.assertEqual(self.connection.state, "connected")
        self.assertFalse(self.open_activities("is lost"))

    def test_wrong_app_keys_stop_until_they_are_mended(self):
        secret = self.emulator.info()["client_secret"]
        self.app.client_secret = "not the one of this app"
        self.env.flush_all()
        with self.fails_with(ClientRefused):
            self.connection._client(renew=True)
        self.assertEqual(self.connection.state, "lost")
        self.assertIn("Client ID and Client Secret", self.connection.state_reason)

        self.app.client_secret = secret
        self.run_housekeeping()

        self.assertEqual(self.connection.state, "connected")
        self.assertFalse(self.open_activities("is lost"))

    def test_company_that_refuses_access_is_lost_until_it_can_be_read(self):
        self.emulator.arm("forbidden_403", times=2)
        with self.fails_with(NotAuthorized):
            self.connection._with_client(lambda client: client.company_info())
        self.assertEqual(self.connection.state, "lost")

        self.run_housekeeping()
        self.assertEqual(self.connection.state, "lost", "believed without reading")

        self.run_housekeeping()
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(len(self.mails_about("is lost")), 1)

    def test_refusal_of_former_tokens_does_not_end_a_new_authorization(self):
        """The answer comes after somebody has connected again."""

        def read(client):
            self.authorize()
            self.emulator.arm("forbidden_403")
            return client.company_info()

        with self.fails_with(NotAuthorized):
            self.connection._with_client(read)

        self.assertEqual(self.connection.state, "connected")
        self.connection._with_client(lambda client: client.company_info())

    def test_other_encryption_key_is_named_and_mends_itself(self):
        with self.encryption_key("bm90IHRoZSBrZXkgb2YgdGhlIHRva2VucyBhYm92ZSE="):
            with self.fails_with(WrongKey):
                self.connection._client(renew=True)
        self.assertEqual(self.connection.state, "lost")
        self.assertIn("key that encrypts the tokens", self.connection.state_reason)

        self.run_housekeeping()

        self.assertEqual(self.connection.state, "connected")

    def test_each_use_is_logged_without_secrets(self):
        self.connection._with_client(lambda client: client.company_info(), "test")

        row = self.env["qbo.log"].search([("action", "=", "test")])
        self.assertEqual(row.method, "GET")
        self.assertEqual(row.status, 200)
        self.assertTrue(row.intuit_tid)
        self.assertTrue(row.metered)

    def test_metered_reads_are_counted_by_month(self):
        counts = self.env["qbo.call.count"]
        (before, _free) = counts._of_month(self.connection)[self.connection.id]

        self.connection._with_client(lambda client: client.company_info())
        counts._fold()

        (after, _free) = counts._of_month(self.connection)[self.connection.id]
        self.assertEqual(after, before + 1)
        rows = counts.search_count([("connection_id", "=", self.connection.id)])
        self.assertEqual(rows, 1)

    def refreshes(self):
        return self.calls("tokens/bearer", self.since)

    def mails_about(self, words):
        return self.env["mail.message"].search(
            [
                ("model", "=", "qbo.connection"),
                ("res_id", "=", self.connection.id),
                ("subject", "like", words),
            ]
        )
