from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..hooks import uninstall_hook
from ..models.qbo_exceptions import NotConnected
from ..quickbooks import AuthenticationFailed
from .common import ConnectionCase


@tagged("post_install", "-at_install")
class TestDisconnect(ConnectionCase):
    """Ending a connection keeps everything but the authorization."""

    def test_disconnecting_ends_the_authorization_at_intuit(self):
        self.authorize()
        token = self.token_row()._access_token()
        client = self.connection._client_with_token(self.realm_ids[0], token, None)

        self.assertTrue(self.connection._disconnect(), "Intuit did not confirm")

        with self.assertRaises(AuthenticationFailed):
            client.company_info()

    def test_disconnecting_keeps_settings_and_lists(self):
        self.connect()
        self.connection.write({"use_classes": True, "closed_books_policy": "wait"})
        self.env.flush_all()
        count = len(self.connection.reference_ids)

        self.connection._disconnect()

        self.assertEqual(self.connection.state, "disconnected")
        self.assertFalse(self.connection.connection_authorized)
        self.assertFalse(self.token_row())
        self.assertTrue(self.connection.use_classes)
        self.assertEqual(self.connection.realm_id, self.realm_ids[0])
        self.assertEqual(len(self.connection.reference_ids), count)
        self.assertTrue(self.connection._exports_documents(), "exports wait")

    def test_intuit_that_does_not_confirm_is_told(self):
        self.authorize()
        self.emulator.arm("unavailable", path="revoke")

        self.assertFalse(self.connection._disconnect())

        self.assertEqual(self.connection.state, "disconnected")
        self.assertFalse(self.token_row())

    def test_authorization_that_ended_before_counts_as_ended(self):
        self.authorize()
        self.emulator.expire_tokens("all")

        self.assertTrue(self.connection._disconnect())

    def test_uninstalling_ends_what_was_authorized(self):
        self.authorize()
        token = self.token_row()._access_token()
        client = self.connection._client_with_token(self.realm_ids[0], token, None)

        uninstall_hook(self.env)

        with self.assertRaises(AuthenticationFailed):
            client.company_info()

    def test_reconnecting_the_same_company_goes_on(self):
        self.authorize()
        start = self.connection.export_from
        self.connection._disconnect()

        self.authorize()

        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.connection.export_from, start)

    def test_never_connected_says_that_there_are_no_credentials(self):
        for attempt in (
            self.connection.action_refresh_references,
            self.connection._client,
            self.connection.action_test,
        ):
            with self.assertRaisesRegex(
                UserError, "There are currently no connection credentials available."
            ):
                attempt()

    def test_disconnected_says_that_the_account_is_not_connected(self):
        self.authorize()
        self.connection._disconnect()

        for attempt in (
            self.connection.action_refresh_references,
            self.connection._client,
            self.connection.action_test,
        ):
            with self.assertRaisesRegex(
                NotConnected, "The QuickBooks account is not connected."
            ):
                attempt()

    def test_vendor_type_and_environment_are_locked_while_connected(self):
        self.authorize()

        for values in ({"accounting_vendor": "none"}, {"environment": "production"}):
            with self.assertRaisesRegex(UserError, "Disconnect first to change this."):
                self.connection.write(values)

        self.connection._disconnect()
        self.connection.write({"accounting_vendor": "none"})
        self.assertEqual(self.connection.state, "not_configured")
        self.connection.write({"accounting_vendor": "quickbooks"})
        self.assertEqual(self.connection.state, "disconnected")

    def test_settings_can_change_while_connected(self):
        self.authorize()

        self.connection.write({"use_classes": True, "accounting_vendor": "quickbooks"})

        self.assertTrue(self.connection.use_classes)

    def test_nobody_sets_the_state_by_hand(self):
        connection = self.connection.with_user(self.administrator).sudo(False)
        with self.assertRaises(AccessError):
            connection.write({"state": "connected"})
        with self.assertRaises(AccessError):
            connection.write({"realm_id": "1"})
