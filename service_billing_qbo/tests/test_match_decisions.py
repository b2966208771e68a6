"""Decisions of Match Customers: for what a person saw, and never against a link."""

import uuid

from odoo.tests import tagged

from .engine_common import SERIAL, EngineCase


@tagged("post_install", "-at_install")
class TestMatchDecisions(EngineCase):
    """QuickBooks has two customers; who ours is, a person decides."""

    def setUp(self):
        super().setUp()
        self.drain()
        name = f"Lakeside {next(SERIAL)}"
        self.likely, self.other = self.made_there(
            f"{name} Inc", f"Quite Another {next(SERIAL)}"
        )
        self.ours = self.make_customer("Lakeside")
        self.ours.name = name
        self.matches = self.by_bookkeeper(self.env["qbo.match"])
        self.matches.action_open()
        self.match = self.match_of(self.ours)
        self.assertEqual(self.match.reference_id, self.likely)

    def made_there(self, *names):
        """Somebody has entered customers in QuickBooks, and the list was read."""
        made = [
            self.connection._with_client(
                lambda client, name=name: client.create(
                    "Customer", {"DisplayName": name}, uuid.uuid4().hex
                )
            )
            for name in names
        ]
        self.connection._retrieve_lists(("customer",))
        return [self.reference_of(one["Id"]) for one in made]

    def reference_of(self, qbo_id):
        return self.env["qbo.reference"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("entity", "=", "customer"),
                ("qbo_id", "=", qbo_id),
            ]
        )

    def match_of(self, partner):
        return self.matches.search([("partner_id", "=", partner.id)])

    def test_customer_of_a_currency_with_the_same_id_is_another_record(self):
        ours = self.make_customer("Same Id")
        self.env["qbo.binding"].sudo().create(
            {
                "connection_id": self.connection.id,
                "company_id": self.connection.company_id.id,
                "realm_id": self.connection.realm_id,
                "res_model": "qbo.currency.customer",
                "res_id": ours.id,
                "entity": "Customer",
                "qbo_id": "987654",
            }
        )
        self.matches.action_open()
        self.assertTrue(self.match_of(ours))
