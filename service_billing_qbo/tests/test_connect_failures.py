from datetime import datetime, timedelta

from cryptography.fernet import Fernet

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import BOOKKEEPER, ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestConnectFailures(ConnectionHttpCase):
    """Why no connection was made: the page says what really happened."""

    def test_refusal_is_told_in_its_own_words(self):
        self.emulator.arm(
            "refused", path="companyinfo", code="6000", detail="The company is locked."
        )

        page = self.walk_through_consent()

        self.assert_page_says(
            page, "Not connected", "The company is locked.", "Nothing was changed."
        )
        self.assertNotIn("does not answer", page.text)
        self.assertEqual(self.connection.state, "not_connected")
        self.assertFalse(self.token_row())

    def test_company_that_gives_no_access_is_told_so(self):
        self.emulator.arm("forbidden_403", path="companyinfo")

        page = self.walk_through_consent()

        self.assert_page_says(page, "QuickBooks no longer gives access to this company")
        self.assertEqual(self.connection.state, "not_connected")

    def test_only_who_said_no_is_told_that_he_did(self):
        for error, words in {
            "access_denied": "You did not authorize the connection.",
            "invalid_scope": "gave as the reason: invalid_scope. Nothing was changed.",
            "<b>x</b>": "gave as the reason: <b>x</b>. Nothing was changed.",
            "": "gave no reason. Nothing was changed.",
        }.items():
            with self.subTest(error=error):
                answer = self.consent(self.press_connect(), decision="cancel")

                page = self.come_back({**answer, "error": error})

                self.assert_page_says(page, words)
                self.assertEqual(self.connection.state, "not_connected")

    def test_lost_encryption_key_is_told_before_the_way_to_intuit(self):
        with self.encryption_key(Fernet.generate_key().decode()):
            page = self.url_open(f"/service_billing_qbo/connect/{self.connection.id}")

        self.assertEqual(page.status_code, 200)
        self.assert_page_says(
            page,
            "The key that encrypts the app keys is missing or has changed.",
            "A system administrator must bring it back",
        )
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "not_connected")

    def test_encryption_key_that_is_lost_on_the_way_is_told(self):
        answer = self.consent(self.press_connect())
        with self.encryption_key(Fernet.generate_key().decode()):
            page = self.come_back(answer)

        self.assert_page_says(
            page, "The key that encrypts the app keys is missing or has changed."
        )
        self.assertEqual(self.connection.state, "not_connected")

    def test_verifier_token_that_cannot_be_read_stops_no_connection(self):
        """The keys were entered again after a loss, the token of webhooks not yet."""
        secret = self.emulator.info()["client_secret"]
        with self.encryption_key(Fernet.generate_key().decode()):
            self.app.client_secret = secret
            page = self.walk_through_consent()
            self.assert_page_says(page, "Connected to Harbor Books LLC")
            rows = {row.key: row for row in self.connection._run_test()}

        self.assertEqual(rows["app_keys"].status, "passed")
        self.assertEqual(rows["webhook"].found[:18], "No verifier token:")

    def test_after_connecting_customers_can_be_matched_first(self):
        page = self.walk_through_consent()
        self.assert_page_says(page, "Close window")

        answer = self.press(page, "Match customers first")

        self.assertEqual(answer.status_code, 303)
        self.assertIn("qbo_match_action_open", answer.headers["Location"])
        self.assertTrue(self.connection.people_checked_at)
        self.assertFalse(self.connection.company_confirmed)
        self.env["qbo.match"].with_user(self.administrator).action_open()


@tagged("post_install", "-at_install")
class TestChooseCompany(ConnectionHttpCase):
    """Another company than last time was authorized: the question comes again."""

    emulator_companies = ("us", "us")

    def setUp(self):
        super().setUp()
        self.connect()
        self.connection._disconnect()
        self.walk_through_consent(realm_id=self.realm_ids[1])
        self.assertEqual(self.connection.state, "wrong_company")

    def test_window_that_was_closed_is_opened_again(self):
        connection = self.connection.with_user(self.administrator).sudo(False)
        alert = connection.alerts["wrong_company"]
        self.assertEqual(alert["action_text"], "Choose")

        page = self.url_open(alert["action"]["url"])

        self.assert_page_says(page, "You authorized", "Nothing was changed.")
        answer = self.press(page, "Use ", company_name=self.env.company.name)
        self.assert_page_says(answer, "Connected to")
        self.assertEqual(self.connection.realm_id, self.realm_ids[1])

    def test_question_is_for_administrators_of_the_company(self):
        self.sign_in(self.make_user("bookkeeper", BOOKKEEPER))

        page = self.url_open(f"/service_billing_qbo/choose/{self.connection.id}")

        self.assertEqual(page.status_code, 404)

    def test_nothing_is_left_to_choose_after_a_quarter_of_an_hour(self):
        page = self.url_open(f"/service_billing_qbo/choose/{self.connection.id}")
        later = datetime.now() + timedelta(minutes=16)
        with freeze_time(later):
            for answer in (
                self.url_open(f"/service_billing_qbo/choose/{self.connection.id}"),
                self.press(page, "Use ", company_name="Somebody else"),
                self.press(page, "Use ", company_name=self.env.company.name),
            ):
                self.assert_page_says(answer, "This attempt has expired")
        self.assertEqual(self.connection.realm_id, self.realm_ids[0])

    def test_what_nobody_chose_is_dropped_in_time(self):
        asked = self.calls_asked_for("ir_cron_housekeeping")
        in_time = datetime.now() + timedelta(minutes=16)
        self.assertTrue(
            any(in_time - timedelta(minutes=2) < moment < in_time for moment in asked),
            asked,
        )

        with freeze_time(in_time):
            self.run_housekeeping()

        self.assertEqual(self.connection.state, "disconnected")
        pending = self.env["qbo.token"].sudo()._of(self.connection, pending=True)
        self.assertFalse(pending)

    def test_nothing_is_tested_before_the_choice(self):
        connection = self.connection.with_user(self.administrator).sudo(False)
        with self.assertRaisesRegex(UserError, "choose first"):
            connection.action_test()
