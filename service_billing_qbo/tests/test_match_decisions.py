"""Decisions of Match Customers: for what a person saw, and never against a link."""

import uuid

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BOOKKEEPER
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

    # -- choices, and what changes under the reader's eyes -------------------------

    def test_choice_of_a_person_stays(self):
        self.match.reference_id = self.other
        self.posted(customer=self.ours)
        self.drain()
        self.assertEqual(self.match.reference_id, self.other)
        self.matches.action_open()
        self.assertEqual(self.match_of(self.ours), self.match)
        self.assertEqual(
            (self.match.reference_id, self.match.reason, self.match.match),
            (self.other, "chosen", "review"),
        )

        self.match.decision = "link"
        self.match.action_apply()

        self.assert_linked(self.other)

    def test_choice_is_no_confident_match(self):
        (namesake,) = self.made_there(self.ours.name)
        self.ours.email = "ana@example.com"
        namesake.sudo()._remember(
            self.connection.sudo(),
            "customer",
            {
                "Id": namesake.qbo_id,
                "DisplayName": namesake.name,
                "SyncToken": str(int(namesake.sync_token) + 1),
                "PrimaryEmailAddr": {"Address": "ana@example.com"},
                "Active": True,
            },
        )
        self.matches.action_open()
        match = self.match_of(self.ours)
        self.assertEqual(match.match, "confident")
        match.reference_id = self.other

        match.action_accept_confident()

        self.assertFalse(match.decision)

    def test_choice_that_is_inactive_meanwhile_is_given_up(self):
        self.match.reference_id = self.other
        self.other.sudo().active = False
        self.matches.action_open()
        self.assertEqual(self.match_of(self.ours).reference_id, self.likely)

    def test_choice_that_was_cleared_is_no_choice(self):
        self.match.reference_id = self.other
        self.match.reference_id = False
        self.matches.action_open()
        self.assertEqual(self.match_of(self.ours).reference_id, self.likely)

    def test_decision_for_a_candidate_that_is_another_by_now_is_refused(self):
        """The reader's screen shows the former one, and sends the decision alone."""
        for look in (self.matches.action_open, self.drain):
            shown = self.match_of(self.ours)
            (better,) = self.made_there(f"Harbor {next(SERIAL)}")
            self.ours.name = better.name
            self.posted(customer=self.ours)
            look()
            self.env.invalidate_all()
            with (
                self.subTest(look=look.__name__),
                self.assertRaisesRegex(UserError, "has changed meanwhile"),
            ):
                shown.decision = "link"
            self.assertEqual(self.match_of(self.ours).reference_id, better)
            self.assertFalse(self.match_of(self.ours).decision)
            # Nor does one who has selected it with others stop them.
            shown.action_apply()
            shown.action_accept_confident()
            self.assertEqual(shown.apply_decisions(), {"refused": []})

    def test_decision_for_whom_a_colleague_has_not_chosen_is_refused(self):
        shown = self.match.with_context(qbo_shown={str(self.match.id): self.likely.id})
        self.match.with_user(self.make_user("colleague", BOOKKEEPER)).write(
            {"reference_id": self.other.id}
        )
        with self.assertRaisesRegex(UserError, "has changed meanwhile"):
            shown.decision = "link"
        self.assertFalse(self.match.decision)

        shown.write({"decision": "link", "reference_id": self.likely.id})
        self.match.action_apply()

        self.assert_linked(self.likely)

    def test_proposal_that_is_the_same_is_the_same_row(self):
        self.matches.action_open()
        self.posted(customer=self.ours)
        self.drain()
        self.match.decision = "link"
        self.match.action_apply()
        self.assert_linked(self.likely)

    def test_who_is_no_customer_any_more_leaves_the_list(self):
        self.ours.customer_rank = 0
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
