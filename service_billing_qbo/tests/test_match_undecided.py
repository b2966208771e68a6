import uuid
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .engine_common import SERIAL, EngineCase


class WithTheirCustomer(EngineCase):
    """QuickBooks has a customer, and Odoo one of nearly the same name."""

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

    def names(self):
        return [
            customer["DisplayName"]
            for customer in self.in_quickbooks("Customer")
            if self.name in customer["DisplayName"]
        ]


@tagged("post_install", "-at_install")
class TestMatchUnseen(WithTheirCustomer):
    """Nobody has opened Match Customers: still nobody is made a second time."""

    def test_customer_who_may_be_there_waits_and_is_linked(self):
        invoice = self.posted()
        self.drain()
        self.assertEqual(self.names(), [self.name])
        self.assertIn(f"may be {self.name}", invoice.qbo_status_text)
        match = self.env["qbo.match"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((match.reason, match.decision), ("similar", False))

        self.by_bookkeeper(match).decision = "link"
        self.by_bookkeeper(match).action_apply()
        self.drain()

        self.assert_in_quickbooks(invoice)
        document = self.documents_of(invoice)[0]
        self.assertEqual(document["CustomerRef"]["value"], self.theirs["Id"])

    def test_decision_that_was_taken_is_not_asked_for_again(self):
        self.posted()
        self.drain()
        match = self.env["qbo.match"].search([("partner_id", "=", self.customer.id)])
        self.by_bookkeeper(match).decision = "create"
        self.by_bookkeeper(match).action_apply()
        self.drain()
        self.assertCountEqual(self.names(), [self.name, self.customer.name])

    def test_customer_who_is_unlinked_is_asked_about_again(self):
        self.posted()
        self.drain()
        match = self.env["qbo.match"].search([("partner_id", "=", self.customer.id)])
        self.by_bookkeeper(match).decision = "link"
        self.by_bookkeeper(match).action_apply()
        self.by_bookkeeper(self.customer).action_qbo_unlink()

        invoice = self.posted()
        self.drain()

        self.assertEqual(self.names(), [self.name])
        self.assertIn(f"may be {self.name}", invoice.qbo_status_text)

    def test_name_of_its_own_for_quickbooks_is_no_decision(self):
        """It may come by an import, or be left from before an Unlink."""
        self.customer.qbo_name = f"{self.name} (Customer)"
        invoice = self.posted()
        self.drain()
        self.assertEqual(self.names(), [self.name])
        self.assertIn(f"may be {self.name}", invoice.qbo_status_text)

        self.by_bookkeeper(self.customer)._qbo_create_as(
            self.connection, f"{self.name} (Customer)"
        )
        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertIn(f"{self.name} (Customer)", self.names())

    def test_several_that_are_alike_are_a_question_too(self):
        """The more there are, the less it is somebody new."""
        for form in ("LLC", "Ltd"):
            self.connection._with_client(
                lambda client, name=f"{self.name} {form}": client.create(
                    "Customer", {"DisplayName": name}, uuid.uuid4().hex
                )
            )
        self.connection._retrieve_lists(("customer",))
        invoice = self.posted()
        self.drain()
        self.assertEqual(len(self.names()), 3)
        self.assertIn("several are alike", invoice.qbo_status_text)

    def test_who_is_renamed_meanwhile_is_compared_anew(self):
        invoice = self.posted()
        self.drain()
        self.assertIn(f"may be {self.name}", invoice.qbo_status_text)
        self.customer.name = f"Completely Different {next(SERIAL)}"
        self.by_bookkeeper(self.open_problems()).action_retry_all()
        self.drain()
        self.assert_in_quickbooks(invoice)

    def test_decision_to_create_holds_until_it_is_applied(self):
        self.posted()
        self.drain()
        match = self.env["qbo.match"].search([("partner_id", "=", self.customer.id)])
        self.by_bookkeeper(match).write(
            {"decision": "create", "new_name": f"{self.name} East"}
        )
        self.customer.street = "1 Harbor Way"
        self.by_bookkeeper(self.open_problems()).action_retry_all()
        self.drain()
        self.assertEqual(self.names(), [self.name])

        self.by_bookkeeper(match).action_apply()
        self.drain()

        self.assertCountEqual(self.names(), [self.name, f"{self.name} East"])

    def test_who_may_be_the_one_of_the_name_is_asked_about_once(self):
        self.customer.name = self.name
        self.posted()
        self.drain()
        self.assertEqual(len(self.open_problems()), 1)

    def test_link_dialog_proposes_who_it_may_be(self):
        self.posted()
        self.drain()
        action = self.by_bookkeeper(self.customer).action_qbo_link()
        proposed = self.env["qbo.reference"].browse(
            action["context"]["default_reference_id"]
        )
        self.assertEqual(proposed.qbo_id, self.theirs["Id"])

    def test_looking_at_a_draft_writes_nothing(self):
        draft = self.draft()
        alert = draft.with_user(self.bookkeeper).sudo(False).qbo_alert()
        self.assertIn(f"may be {self.name}", alert["message"])
        matches = self.env["qbo.match"].search([("partner_id", "=", self.customer.id)])
        self.assertFalse(matches)

    def test_customer_read_from_quickbooks_after_the_list_was_made_counts(self):
        self.customer.name = f"Harbor Tailor {next(SERIAL)}"
        self.by_bookkeeper(self.env["qbo.match"]).action_open()
        self.connection._with_client(
            lambda client: client.create(
                "Customer", {"DisplayName": self.customer.name}, uuid.uuid4().hex
            )
        )
        self.connection._retrieve_lists(("customer",))
        invoice = self.posted()
        self.drain()
        self.assertIn("same name", invoice.qbo_status_text)

    def test_nothing_goes_before_the_customers_are_known(self):
        self.customer = self.make_customer("Harbor Dental LLC")
        self.connection.people_checked_at = False
        invoice = self.posted()
        self.drain()
        self.assert_not_in_quickbooks(invoice)
        self.assertIn("customers are being read", invoice.qbo_status_text)

        self.run_housekeeping()
        self.drain()

        self.assert_in_quickbooks(invoice)

    def test_no_lane_is_called_before_the_customers_are_known(self):
        """It would come back every few seconds, and send nothing each time."""
        self.connection.people_checked_at = False
        lane = f"cron_drain_{self.connection.id % 4}"
        row = self.row(self.posted()).sudo()
        soon = fields.Datetime.now() + timedelta(minutes=1)
        for values in ({"state": "waiting"}, {"state": "retry", "retry_at": soon}):
            with self.subTest(**values):
                row.write(values)
                self.env["ir.cron.trigger"].sudo().search([]).unlink()
                self.drain()
                self.assertEqual(self.calls_asked_for(lane), [])

        self.run_housekeeping()
        self.assertTrue(self.calls_asked_for(lane))

    def test_reading_that_failed_is_tried_again_soon(self):
        self.connection.people_checked_at = False
        self.emulator.arm("unavailable", times=100)
        self.addCleanup(self.emulator.clear_faults)
        self.run_housekeeping()
        self.assertFalse(self.connection.people_checked_at)
        soon = fields.Datetime.now() + timedelta(minutes=6)
        asked = self.calls_asked_for("ir_cron_housekeeping")
        self.assertTrue([at for at in asked if at < soon])


@tagged("post_install", "-at_install")
class TestMatchUndecided(WithTheirCustomer):
    """Nothing is created unasked: a customer who may be there waits for a person."""

    def setUp(self):
        super().setUp()
        action = self.by_bookkeeper(self.env["qbo.match"]).action_open()
        self.match = self.by_bookkeeper(self.env["qbo.match"]).search(
            action["domain"] + [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(self.match.reason, "similar")
        self.invoice = self.posted()
        self.drain()

    def test_invoice_waits_with_a_problem_that_leads_to_the_list(self):
        self.assertEqual(self.names(), [self.name])
        self.assertEqual(self.invoice.qbo_status, "problem")
        self.assertIn(f"may be {self.name}", self.invoice.qbo_status_text)
        problem = self.by_bookkeeper(self.open_problems())
        self.assertEqual(len(problem), 1)
        self.assertIn("Match Customers", problem.todo)
        self.assertEqual(problem.fix, "match")
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

    def ignore(self):
        self.match.decision = "ignore"
        self.match.action_apply()
        self.drain()

    def test_ignored_customer_is_not_created_and_its_invoice_says_why(self):
        self.ignore()
        self.assertEqual(self.names(), [self.name])
        self.assert_not_in_quickbooks(self.invoice)
        self.assertEqual(
            self.invoice.qbo_status_text,
            f"{self.customer.name} is not linked to a QuickBooks customer.",
        )
        problem = self.by_bookkeeper(self.open_problems())
        self.assertEqual(len(problem), 1)
        self.assertEqual(problem.fix, "link")
        self.assertEqual(problem.action_fix()["res_model"], "qbo.link.customer")

    def dialog_of_problem(self):
        action = self.by_bookkeeper(self.open_problems()).action_fix()
        dialogs = self.by_bookkeeper(self.env[action["res_model"]])
        return dialogs.with_context(**action["context"]).create({})

    def test_ignored_customer_is_linked_by_the_problem(self):
        self.ignore()
        dialog = self.dialog_of_problem()
        dialog.reference_id = self.match.reference_id
        dialog.action_link()
        self.drain()
        self.assert_in_quickbooks(self.invoice)
        self.assertFalse(self.open_problems())
        self.assertEqual(self.names(), [self.name])

    def test_ignored_customer_is_created_by_the_problem(self):
        self.ignore()
        self.dialog_of_problem().action_create_as()
        self.drain()
        self.assert_in_quickbooks(self.invoice)
        self.assertFalse(self.open_problems())
        self.assertCountEqual(self.names(), [self.name, self.customer.name])

    def test_add_new_external_customer_ends_being_ignored(self):
        self.ignore()
        self.by_bookkeeper(self.customer).action_qbo_export_now()
        self.drain()
        self.assert_in_quickbooks(self.invoice)
        self.assertFalse(self.open_problems())

    def test_ignored_customer_without_invoices_is_no_problem(self):
        other = self.make_customer("Old Prospect")
        self.by_bookkeeper(self.env["qbo.match"]).action_open()
        match = self.by_bookkeeper(self.env["qbo.match"]).search(
            [("partner_id", "=", other.id)]
        )
        match.decision = "ignore"
        match.action_apply()
        known = self.open_problems()
        self.drain()
        self.assertEqual(self.open_problems(), known)
        self.assertNotIn(
            other.name, [one["DisplayName"] for one in self.in_quickbooks("Customer")]
        )
        self.assertEqual(other.qbo_status, "not_exported")

        invoice = self.posted(customer=other)
        self.drain()
        self.assertIn("is not linked", invoice.qbo_status_text)

    def test_buttons_of_the_customer_are_decisions_too(self):
        self.by_bookkeeper(self.customer).action_qbo_export_now()
        self.drain()
        self.assertIn(self.customer.name, self.names())
        self.assert_in_quickbooks(self.invoice)
        self.assertTrue(self.match.applied_at)
