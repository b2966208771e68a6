from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..quickbooks.preferences import QboCompany
from .common import ADMINISTRATOR, BOOKKEEPER, ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestConnect(ConnectionHttpCase):
    """Through Odoo's HTTP server and the emulator's consent page, as a browser goes."""

    def test_authorizing_connects_and_names_the_company(self):
        page = self.walk_through_consent()

        self.assert_page_says(
            page,
            "Connected to Harbor Books LLC",
            "Connection Authorized.",
            self.env.company.name,
            "US",
            "USD",
            "Please verify that it is the right one.",
        )
        self.assertEqual(self.connection.state, "connected")
        self.assertTrue(self.connection.connection_authorized)
        self.assertEqual(self.connection.realm_id, self.realm_ids[0])
        self.assertEqual(self.connection.connected_by_id, self.administrator)
        self.assertEqual(self.connection.home_currency_id.name, "USD")
        self.assertTrue(self.connection.export_from)
        self.assertTrue(self.connection._exports_documents())

    def test_connecting_brings_the_lists_that_mapping_needs(self):
        self.walk_through_consent()

        lists = self.connection.reference_ids.mapped("entity")
        self.assertIn("item", lists)
        self.assertIn("tax_code", lists)

    def test_success_page_neither_keeps_nor_leaks_the_code(self):
        page = self.walk_through_consent()

        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        token = self.token_row()
        self.assertNotIn(token._access_token(), page.text)
        self.assertNotIn(token._refresh_token(), page.text)

    def test_until_the_answer_the_connection_is_connecting(self):
        self.press_connect()

        self.assertEqual(self.connection.state, "connecting")
        self.assertFalse(self.connection.connection_authorized)

    def test_cancelled_consent_changes_nothing(self):
        address = self.press_connect()

        page = self.come_back(self.consent(address, decision="cancel"))

        self.assert_page_says(
            page, "You did not authorize the connection. Nothing was changed."
        )
        self.assertEqual(self.connection.state, "not_connected")
        self.assertFalse(self.token_row())

    def test_answer_after_ten_minutes_is_refused(self):
        answer = self.consent(self.press_connect())

        with freeze_time(datetime.now() + timedelta(minutes=11)):
            page = self.come_back(answer)

        self.assert_expired(page)

    def test_second_use_of_an_answer_is_refused(self):
        answer = self.consent(self.press_connect())
        self.come_back(answer)
        since = self.last_call_number()

        page = self.come_back(answer)

        self.assert_page_says(page, "This attempt has expired or was already used.")
        self.assertEqual(self.connection.state, "connected")
        self.assertFalse(self.calls("tokens", since), "the code went out again")

    def test_answer_to_an_attempt_that_was_started_again_is_refused(self):
        first = self.consent(self.press_connect())
        self.press_connect()

        page = self.come_back(first)

        self.assert_expired(page)

    def test_answer_in_the_browser_of_another_user_is_refused(self):
        answer = self.consent(self.press_connect())
        self.sign_in(self.make_user("other_administrator", ADMINISTRATOR))

        page = self.come_back(answer)

        self.assert_expired(page)

    def test_answer_in_another_browser_of_the_same_user_is_refused(self):
        answer = self.consent(self.press_connect())
        self.sign_in(self.administrator)

        page = self.come_back(answer)

        self.assert_expired(page)

    def test_answer_in_a_signed_out_browser_is_refused(self):
        """And not sent on to the page that signs in, with the code in its address."""
        answer = self.consent(self.press_connect())
        self.authenticate(None, None)

        page = self.come_back(answer)

        self.assertEqual(page.status_code, 200)
        self.assert_expired(page)

    def test_malformed_and_forged_states_are_refused(self):
        answer = self.consent(self.press_connect())
        middle = len(answer["state"]) // 2
        changed = "A" if answer["state"][middle] != "A" else "B"
        forged = answer["state"][:middle] + changed + answer["state"][middle + 1 :]

        for state in ("", "x", "%%%", "AQ", forged):
            with self.subTest(state=state):
                page = self.come_back({**answer, "state": state})
                self.assert_expired(page)

    def test_wrong_app_keys_are_named(self):
        self.app.client_secret = "not the one of this app"

        page = self.walk_through_consent()

        self.assert_page_says(page, "Intuit refuses the Client ID and Client Secret.")
        self.assertEqual(self.connection.state, "not_connected")

    def test_quickbooks_that_does_not_answer_leaves_everything_as_it_was(self):
        self.emulator.arm("unavailable", path="companyinfo")

        page = self.walk_through_consent()

        self.assert_page_says(page, "QuickBooks does not answer. Nothing was changed.")
        self.assertIn("Try again", page.text)
        self.assertEqual(self.connection.state, "not_connected")
        self.assertFalse(self.token_row())

    def test_books_in_another_currency_are_refused(self):
        self.env.company.currency_id = self.env.ref("base.EUR")

        page = self.walk_through_consent()

        self.assert_page_says(
            page,
            "Harbor Books LLC keeps its books in USD",
            "in EUR. Amounts would be wrong. Not connected.",
        )
        self.assertEqual(self.connection.state, "not_connected")
        self.assertFalse(self.token_row())

    def test_other_country_is_a_warning(self):
        self.env.company.country_id = self.env.ref("base.fr")

        page = self.walk_through_consent()

        self.assert_page_says(page, "The Odoo company is in France: taxes may not fit.")

    def test_other_country_outside_the_united_states_is_a_warning_too(self):
        cases = {
            ("base.fr", "UK"): True,
            ("base.fr", "Canada"): True,
            ("base.uk", "UK"): False,
            ("base.uk", "GB"): False,
            ("base.ca", "Canada"): False,
            ("base.ca", "Somewhere"): False,
            ("base.us", "Somewhere"): True,
            ("base.us", "USA"): False,
        }
        for (ours, theirs), is_other in cases.items():
            with self.subTest(odoo=ours, quickbooks=theirs):
                self.env.company.country_id = self.env.ref(ours)
                company = QboCompany("Books", theirs, None, None)
                self.assertEqual(
                    self.connection._is_in_other_country(company), is_other
                )

    def test_without_app_keys_connect_says_what_is_missing(self):
        self.app.client_id = False
        self.assertEqual(self.connection.state, "not_configured")

        page = self.url_open(f"/service_billing_qbo/connect/{self.connection.id}")

        self.assert_page_says(
            page,
            "You need the keys of an Intuit app. A system administrator enters them",
        )

    def test_connection_that_works_goes_on_while_it_is_renewed(self):
        self.walk_through_consent()
        used = self.token_row()._refresh_token()

        address = self.press_connect()
        self.assertEqual(self.connection.state, "connected")
        self.come_back(self.consent(address, decision="cancel"))
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.token_row()._refresh_token(), used)

        self.walk_through_consent()
        self.assertEqual(self.connection.state, "connected")
        self.assertNotEqual(self.token_row()._refresh_token(), used)

    def test_environment_stays_while_a_lost_connection_is_renewed(self):
        """Tokens of one environment would be sent to the other."""
        self.walk_through_consent()
        self.connection._set_state("lost", "Intuit refuses the authorization.")
        self.press_connect()
        self.assertEqual(self.connection.state, "connecting")

        with self.assertRaisesRegex(UserError, "Disconnect first"):
            self.connection.with_user(self.administrator).environment = "production"

    def test_connection_stays_with_its_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.administrator.company_ids |= other

        with self.assertRaises(AccessError):
            self.connection.with_user(self.administrator).company_id = other

    def test_only_administrators_of_the_company_may_connect(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        people = [
            self.make_user("bookkeeper", BOOKKEEPER),
            self.make_user("abroad", ADMINISTRATOR, company=other),
        ]
        for user in people:
            with self.subTest(user=user.login):
                self.sign_in(user)
                page = self.url_open(
                    f"/service_billing_qbo/connect/{self.connection.id}"
                )
                self.assertEqual(page.status_code, 404)
        self.assertEqual(self.connection.state, "not_connected")

    def test_not_the_right_company_disconnects_and_lets_choose_anew(self):
        page = self.walk_through_consent()

        answer = self.press(page, "Not the right company")

        self.assert_page_says(answer, "Successful Disconnection")
        self.assertEqual(self.connection.state, "disconnected")
        self.assertFalse(self.token_row())
        self.assertFalse(self.connection.realm_id)

    def assert_expired(self, page):
        self.assert_page_says(
            page,
            "This attempt has expired or was already used. "
            "Press Connect to QuickBooks again.",
        )
        self.assertNotEqual(self.connection.state, "connected")
        self.assertFalse(self.token_row())
