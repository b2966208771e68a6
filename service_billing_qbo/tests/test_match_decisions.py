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

    def linked_on_its_form(self, reference):
        self.by_bookkeeper(self.env["qbo.link.customer"]).create(
            {
                "partner_id": self.ours.id,
                "connection_id": self.connection.id,
                "reference_id": reference.id,
            }
        ).action_link()
        self.env.invalidate_all()

    def assert_linked(self, reference):
        self.env.invalidate_all()
        self.assertEqual(self.ours.qbo_id, reference.qbo_id)

    # -- decisions left from before ------------------------------------------------

    def test_link_on_the_form_is_the_decision(self):
        for decision in (False, "link", "create", "ignore"):
            self.match.sudo().write({"decision": decision, "applied_at": False})
            self.linked_on_its_form(self.other)
            with self.subTest(decision=decision):
                self.assertTrue(self.match.applied_at)
                self.assertEqual(
                    (self.match.decision, self.match.reference_id), ("link", self.other)
                )
                self.matches.action_open()
                self.matches.action_apply()
                self.assert_linked(self.other)

    def bound_elsewhere(self):
        """As the drain or an addon binds, which know nothing of the list."""
        self.linked_on_its_form(self.other)
        self.match.sudo().write({"reference_id": self.likely.id, "applied_at": False})

    def test_decisions_on_who_is_in_quickbooks_are_refused(self):
        self.bound_elsewhere()
        name = self.ours.qbo_name
        for decision in ("link", "create", "ignore"):
            self.match.write({"decision": decision, "new_name": "Another Name"})
            said = self.match.action_apply()["params"]["message"]
            with self.subTest(decision=decision):
                self.assertIn(
                    f"{self.ours.name} is {self.other.name} in QuickBooks", said
                )
                self.assertFalse(self.match.applied_at)
                self.assertEqual(self.ours.qbo_name, name)
                self.assert_linked(self.other)

    def test_decision_to_link_with_whom_it_is_already_is_applied(self):
        self.bound_elsewhere()
        self.match.sudo().reference_id = self.other
        self.match.decision = "link"
        self.match.action_apply()
        self.assertTrue(self.match.applied_at)
        self.assert_linked(self.other)

    def test_list_has_nobody_who_is_in_quickbooks(self):
        self.bound_elsewhere()
        self.match.decision = "link"
        self.matches.action_open()
        self.assertFalse(self.match_of(self.ours))

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
