from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged

from .common import ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestRealms(ConnectionHttpCase):
    """A QuickBooks company serves one Odoo company, and is not changed by accident."""

    emulator_companies = ("us", "us")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = cls.realm_ids

    def test_company_of_another_connection_is_refused(self):
        neighbour = self.neighbour()
        self.authorize(neighbour, self.first)

        page = self.walk_through_consent(realm_id=self.first)

        self.assert_page_says(
            page,
            "is already connected to another Odoo company.",
            "A QuickBooks company serves one Odoo company only.",
        )
        self.assertEqual(self.connection.state, "not_connected")
        self.assertFalse(self.token_row())
        neighbour._with_client(lambda client: client.company_info())
        self.assertEqual(neighbour.state, "connected", "its authorization was ended")

    def test_company_that_another_connection_left_unused_is_free(self):
        neighbour = self.neighbour()
        self.authorize(neighbour, self.first)
        neighbour._disconnect()

        self.walk_through_consent(realm_id=self.first)

        self.assertEqual(self.connection.state, "connected")

    def test_company_that_another_connection_exported_to_is_refused(self):
        neighbour = self.neighbour()
        self.authorize(neighbour, self.first)
        self.export_something(neighbour)
        neighbour._disconnect()
        self.administrator.company_ids |= neighbour.company_id

        page = self.walk_through_consent(realm_id=self.first)

        self.assert_page_says(
            page, "is already connected to the Odoo company Neighbour"
        )

    def test_other_company_than_last_time_asks_first(self):
        page = self.authorize_the_second()

        self.assert_page_says(
            page,
            f"{self.env.company.name} has exported 1 document to Harbor Books LLC.",
            "Nothing was changed.",
            "links to Harbor Books LLC are kept, not used; choose the mappings again.",
        )
        self.assertEqual(self.connection.state, "wrong_company")
        self.assertEqual(self.connection.realm_id, self.first)
        self.assertFalse(self.token_row())

    def test_going_back_returns_to_the_first_company(self):
        page = self.authorize_the_second()

        answer = self.press(page, "Go back and choose")

        self.assertEqual(self.connection.state, "disconnected")
        self.assertTrue(
            answer.headers["Location"].endswith(
                f"/service_billing_qbo/connect/{self.connection.id}"
            )
        )
        self.walk_through_consent(realm_id=self.first)
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.connection.realm_id, self.first)

    def test_other_company_is_used_when_the_name_is_typed(self):
        page = self.authorize_the_second()

        page = self.press(page, "Use", company_name="Another name")
        self.assert_page_says(page, "That is not the name of the Odoo company.")
        self.assertEqual(self.connection.state, "wrong_company")

        page = self.press(page, "Use", company_name=self.env.company.name)
        self.assert_page_says(page, "Connected to", "choose the mappings again")
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.connection.realm_id, self.second)

    def test_what_belongs_to_the_first_company_comes_back_with_it(self):
        page = self.authorize_the_second()
        kept = self.connection.with_context(active_test=False).reference_ids
        self.press(page, "Use", company_name=self.env.company.name)
        item = kept.filtered(lambda reference: reference.entity == "item")[0]
        self.assertFalse(item._is_usable())

        self.connection._disconnect()
        page = self.walk_through_consent(realm_id=self.first)
        self.press(page, "Use", company_name=self.env.company.name)

        self.assertTrue(item._is_usable())

    def test_other_company_gets_lists_of_its_own(self):
        page = self.authorize_the_second()

        self.press(page, "Use", company_name=self.env.company.name)
        self.run_housekeeping()

        realms = set(self.connection.reference_ids.mapped("realm_id"))
        self.assertEqual(realms, {self.first, self.second})
        customers = self.connection.reference_ids.filtered(
            lambda reference: reference.entity == "customer"
        )
        self.assertIn(self.second, customers.mapped("realm_id"))

    def test_choice_that_nobody_makes_ends_after_a_quarter_of_an_hour(self):
        page = self.authorize_the_second()

        with freeze_time(datetime.now() + timedelta(minutes=16)):
            answer = self.press(page, "Use", company_name=self.env.company.name)
            self.assert_page_says(answer, "This attempt has expired")
            self.connection._look_after()

        self.assertEqual(self.connection.state, "disconnected")
        self.assertFalse(
            self.env["qbo.token"].sudo()._of(self.connection, pending=True)
        )

    def neighbour(self):
        company = self.env["res.company"].create(
            {"name": "Neighbour", "currency_id": self.env.ref("base.USD").id}
        )
        return self.connection_of(company)

    def authorize_the_second(self):
        """After documents went to the first company, somebody authorizes the second."""
        self.walk_through_consent(realm_id=self.first)
        self.export_something(self.connection)
        self.connection._disconnect()
        return self.walk_through_consent(realm_id=self.second)

    def export_something(self, connection):
        partner = self.env["res.partner"].create({"name": "Acme"})
        self.env["qbo.binding"].sudo().create(
            {
                "connection_id": connection.id,
                "company_id": connection.company_id.id,
                "realm_id": connection.realm_id,
                "res_model": "account.move",
                "res_id": partner.id,
                "entity": "Invoice",
                "qbo_id": "1",
            }
        )
        self.env.flush_all()
