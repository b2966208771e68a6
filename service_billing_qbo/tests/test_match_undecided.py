import uuid

from odoo.tests import tagged

from .engine_common import SERIAL, EngineCase


@tagged("post_install", "-at_install")
class TestMatchUndecided(EngineCase):
    """Nothing is created unasked: a customer who may be there waits for a person."""

    def setUp(self):
        super().setUp()
        self.name = f"Coastal Bakery {next(SERIAL)}"
        self.theirs = self.connection._with_client(
            lambda client: client.create(
                "Customer", {"DisplayName": self.name}, uuid.uuid4().hex
            )
        )
        self.connection._retrieve_lists(("customer",))
        self.customer = self.env["res.partner"].create(
            {"name": f"{self.name} Inc.", "is_company": True, "customer_rank": 1}
        )
        action = self.by_bookkeeper(self.env["qbo.match"]).action_open()
        self.match = self.by_bookkeeper(self.env["qbo.match"]).search(
            action["domain"] + [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(self.match.reason, "similar")
        self.invoice = self.posted()
        self.drain()

    def names(self):
        return [
            customer["DisplayName"]
            for customer in self.in_quickbooks("Customer")
            if self.name in customer["DisplayName"]
        ]

    def test_invoice_waits_with_a_problem_that_leads_to_the_list(self):
        self.assertEqual(self.names(), [self.name])
        self.assertEqual(self.invoice.qbo_status, "problem")
        self.assertIn(f"may be {self.name}", self.invoice.qbo_status_text)
        problem = self.by_bookkeeper(self.open_problems())
        self.assertEqual(len(problem), 1)
        self.assertIn("Match Customers", problem.todo)
        self.assertEqual(problem.fix, "link")
        self.assertEqual(problem.action_fix()["res_model"], "qbo.match")

    def test_decision_to_link_counts_once_it_is_applied(self):
        self.match.decision = "link"
        self.by_bookkeeper(self.open_problems()).action_retry_all()
        self.drain()
        self.assertEqual(self.names(), [self.name])

        self.match.action_apply()
        self.drain()

        self.assert_in_quickbooks(self.invoice)
        document = self.documents_of(self.invoice)[0]
        self.assertEqual(document["CustomerRef"]["value"], self.theirs["Id"])
        self.assertFalse(self.open_problems())

    def test_decision_to_create_lets_it_go(self):
        self.match.decision = "create"
        self.match.action_apply()
        self.drain()
        self.assert_in_quickbooks(self.invoice)
        self.assertFalse(self.open_problems())

    def test_ignored_is_another_one(self):
        self.match.decision = "ignore"
        self.match.action_apply()
        self.drain()
        self.assert_in_quickbooks(self.invoice)
        self.assertFalse(self.open_problems())

    def test_buttons_of_the_customer_are_decisions_too(self):
        self.by_bookkeeper(self.customer).action_qbo_export_now()
        self.drain()
        self.assertIn(self.customer.name, self.names())
        self.assert_in_quickbooks(self.invoice)
        self.assertTrue(self.match.applied_at)
