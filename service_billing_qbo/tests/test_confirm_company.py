from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BOOKKEEPER, ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestConfirmCompany(ConnectionHttpCase):
    """Nothing goes into books that nobody has looked at."""

    emulator_companies = ("us", "us")

    def test_new_company_is_held_until_a_person_says_that_it_is_right(self):
        page = self.walk_through_consent()
        self.assert_page_says(page, "Nothing is sent to it before you say so, here or")
        self.assertFalse(self.connection.company_confirmed)
        self.assertIn("confirm_company", self.connection.alerts)

        page = self.press(page, "This is the right company")

        self.assert_page_says(page, "is the right company", "You can close this window")
        self.assertTrue(self.connection.company_confirmed)
        self.assertNotIn("confirm_company", self.connection.alerts or {})

    def test_test_of_the_connection_confirms_nothing(self):
        self.walk_through_consent()

        self.connection.action_test()

        self.assertFalse(self.connection.company_confirmed)

    def test_same_company_again_needs_no_confirmation(self):
        page = self.walk_through_consent()
        self.press(page, "This is the right company")
        self.connection._disconnect()

        page = self.walk_through_consent()

        self.assertTrue(self.connection.company_confirmed)
        self.assert_page_says(page, "You can close this window.")
        self.assertNotIn("This is the right company", page.text)

    def test_page_of_another_company_confirms_nothing(self):
        """An old page in another tab names a company that is no longer connected."""
        old_page = self.walk_through_consent(realm_id=self.realm_ids[0])
        self.press(old_page, "Not the right company")
        self.walk_through_consent(realm_id=self.realm_ids[1])

        answer = self.press(old_page, "This is the right company")

        self.assert_page_says(answer, "This attempt has expired")
        self.assertFalse(self.connection.company_confirmed)

    def test_not_the_right_company_takes_a_confirmation_back(self):
        page = self.walk_through_consent()
        self.press(page, "This is the right company")
        self.press(page, "Not the right company")

        self.walk_through_consent()

        self.assertFalse(self.connection.company_confirmed)

    def test_button_on_the_configuration_is_for_administrators(self):
        self.walk_through_consent()
        bookkeeper = self.make_user("bookkeeper", BOOKKEEPER)
        connection = self.connection.sudo(False)

        with self.assertRaises(AccessError):
            connection.with_user(bookkeeper).action_confirm_company()
        connection.with_user(self.administrator).action_confirm_company()

        self.env.invalidate_all()
        self.assertTrue(self.connection.company_confirmed)
