from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestPublicPages(ConnectionHttpCase):
    """Addresses of Intuit's portal: they trust and reveal nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def test_disconnect_page_tells_how_to_reconnect(self):
        page = self.url_open(
            f"/service_billing_qbo/disconnected?realmId={self.realm()}"
        )

        self.assertEqual(page.status_code, 200)
        self.assert_page_says(page, "QuickBooks is disconnected. To reconnect, sign in")

    def test_disconnect_page_says_the_same_of_an_unknown_company(self):
        known = self.url_open(
            f"/service_billing_qbo/disconnected?realmId={self.realm()}"
        )
        unknown = self.url_open("/service_billing_qbo/disconnected?realmId=1")

        self.assertEqual(self.text_of(known), self.text_of(unknown))

    def test_disconnect_page_is_not_believed_but_checked(self):
        self.connection.facts_checked_at -= timedelta(minutes=61)
        self.env.flush_all()

        self.url_open("/service_billing_qbo/disconnected")
        self.run_housekeeping()
        self.assertEqual(self.connection.state, "connected")

        self.connection.facts_checked_at -= timedelta(minutes=61)
        self.emulator.expire_tokens("all")
        self.env.flush_all()
        self.url_open("/service_billing_qbo/disconnected")
        self.run_housekeeping()
        self.assertEqual(self.connection.state, "lost")

    def test_disconnect_page_cannot_be_used_to_burn_reads(self):
        """Whoever calls it, a connection is checked once an hour at most."""
        self.connection.facts_checked_at = datetime.now() - timedelta(minutes=55)
        self.env.flush_all()
        since = self.last_call_number()

        for _visit in range(3):
            self.url_open("/service_billing_qbo/disconnected")
            self.run_housekeeping()

        self.assertFalse(self.emulator.requests(since))

    def test_launch_and_reconnect_lead_to_the_configuration_after_signing_in(self):
        for address in ("launch", "reconnect"):
            with self.subTest(address=address):
                page = self.url_open(
                    f"/service_billing_qbo/{address}", allow_redirects=False
                )
                self.assertIn("/web/login", page.headers["Location"])

        self.sign_in(self.administrator)
        page = self.url_open("/service_billing_qbo/launch", allow_redirects=False)
        self.assertIn("qbo_connection_action_configuration", page.headers["Location"])

    def realm(self):
        return self.realm_ids[0]

    def text_of(self, page):
        return page.text[page.text.index("<main") :]
