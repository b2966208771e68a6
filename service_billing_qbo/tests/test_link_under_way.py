"""Links by people, while QuickBooks is being told of the customer or may know it."""

import uuid

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged

from .concurrent_common import ConcurrentCase
from .engine_common import SERIAL, EngineCase


@tagged("post_install", "-at_install")
class TestLinkUnderWay(EngineCase):
    """Who is linked stays linked, whatever QuickBooks answers to what was sent."""

    def setUp(self):
        super().setUp()
        self.drain()
        self.ours = self.make_customer("On Its Way")
        self.theirs = self.reference_made_there("Theirs")

    def reference_made_there(self, name):
        """Somebody has entered a customer in QuickBooks, and the list was read."""
        made = self.connection._with_client(
            lambda client: client.create(
                "Customer", {"DisplayName": f"{name} {next(SERIAL)}"}, uuid.uuid4().hex
            )
        )
        self.connection._retrieve_lists(("customer",))
        return self.env["qbo.reference"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("entity", "=", "customer"),
                ("qbo_id", "=", made["Id"]),
            ]
        )

    def dialog(self, reference=None):
        """The dialog as the customer's form opens it, with a customer chosen."""
        action = self.by_bookkeeper(self.ours).action_qbo_link()
        dialogs = self.by_bookkeeper(self.env["qbo.link.customer"])
        return dialogs.with_context(**action["context"]).create(
            {"reference_id": (reference or self.theirs).id}
        )

    def answer_is_lost(self):
        """QuickBooks has the customer, and nobody here knows it."""
        self.emulator.arm("lost_answer", path="/customer")
        self.drain()
        self.assertEqual(self.row(self.ours).state, "checking")

    def made_there(self):
        """The customer of QuickBooks that our call made."""
        (made,) = (
            one
            for one in self.in_quickbooks("Customer")
            if one["DisplayName"] == self.ours.name
        )
        return made

    def test_customer_that_is_being_created_is_not_linked_meanwhile(self):
        row = self.row(self.ours).sudo()
        for state in ("sending", "checking"):
            row.write({"state": state, "operation": "create"})
            with (
                self.subTest(state=state),
                self.assertRaisesRegex(
                    UserError, f"{self.ours.name} is being created in QuickBooks"
                ),
            ):
                self.dialog().action_link()
            self.assertFalse(self.ours.qbo_id)

    def test_customer_whose_change_is_being_sent_is_not_linked_meanwhile(self):
        self.drain()
        qbo_id = self.ours.qbo_id
        self.row(self.ours).sudo().write({"state": "sending", "operation": "update"})
        for press in (
            self.dialog().action_link,
            self.by_bookkeeper(self.ours).action_qbo_unlink,
        ):
            with self.assertRaisesRegex(UserError, "being told just now"):
                press()
        self.assertEqual(self.ours.qbo_id, qbo_id)

    def test_lost_answer_is_settled_before_anybody_links(self):
        invoice = self.posted(customer=self.ours)
        self.answer_is_lost()
        with self.assertRaisesRegex(UserError, "Try again in a minute"):
            self.dialog().action_link()

        self.back_off_is_over()
        self.drain()

        self.assertEqual(self.ours.qbo_id, self.made_there()["Id"])
        self.assert_in_quickbooks(invoice)

    def test_dialog_of_before_the_customer_was_created_links_nothing(self):
        dialog = self.dialog()
        self.drain()
        with self.assertRaisesRegex(UserError, "has changed meanwhile"):
            dialog.action_link()
        self.assertEqual(self.ours.qbo_id, self.made_there()["Id"])

        self.dialog().action_link()
        self.env.invalidate_all()
        self.assertEqual(self.ours.qbo_id, self.theirs.qbo_id)

    def nobody_knows(self):
        """Whether it was created cannot be found out: a problem, a person acts."""
        invoice = self.posted(customer=self.ours)
        self.answer_is_lost()
        self.back_off_is_over()
        self.emulator.arm("refused", code="4000", path="/query")
        self.drain()
        self.assertEqual(self.row(self.ours).state, "problem")
        return invoice

    def test_link_stays_and_the_superfluous_customer_is_named(self):
        invoice = self.nobody_knows()
        self.dialog().action_link()
        self.drain()
        self.back_off_is_over()
        self.drain()

        self.assertEqual(self.ours.qbo_id, self.theirs.qbo_id)
        self.assertTrue(self.ours.qbo_binding_id.linked)
        self.assert_in_quickbooks(invoice)
        (document,) = self.documents_of(invoice)
        self.assertEqual(document["CustomerRef"]["value"], self.theirs.qbo_id)
        superfluous = self.made_there()
        problem = self.by_bookkeeper(self.open_problems())
        self.assertIn(f"{self.ours.name} (Id {superfluous['Id']})", problem.message)
        self.assertIn(self.theirs.name, problem.message)
        self.assertIn("inactive", problem.todo)
        self.assertEqual(problem.turn, "bookkeeper")
        self.assertTrue(problem.retry_helps)

        problem.action_retry_all()

        self.assertFalse(self.open_problems())
        self.assertEqual(self.ours.qbo_id, self.theirs.qbo_id)

    def test_who_is_linked_with_what_was_created_is_no_problem(self):
        invoice = self.nobody_knows()
        self.connection._retrieve_lists(("customer",))
        made = self.env["qbo.reference"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("entity", "=", "customer"),
                ("qbo_id", "=", self.made_there()["Id"]),
            ]
        )
        self.dialog(made).action_link()
        self.drain()
        self.back_off_is_over()
        self.drain()

        self.assertEqual(self.ours.qbo_id, made.qbo_id)
        self.assert_in_quickbooks(invoice)
        self.assertFalse(self.open_problems())

    def test_who_was_linked_is_not_sent_again(self):
        """The call never arrived, and nobody could find that out before the link."""
        invoice = self.posted(customer=self.ours)
        self.emulator.arm("reset_before", path="/customer")
        self.drain()
        self.assertEqual(self.row(self.ours).state, "checking")
        self.back_off_is_over()
        self.emulator.arm("refused", code="4000", path="/query")
        self.drain()
        self.dialog().action_link()
        self.drain()
        self.back_off_is_over()
        self.drain()

        self.assertEqual(self.ours.qbo_id, self.theirs.qbo_id)
        self.assert_in_quickbooks(invoice)
        names = [one["DisplayName"] for one in self.in_quickbooks("Customer")]
        self.assertNotIn(self.ours.name, names)
        self.assertFalse(self.open_problems())


@tagged("post_install", "-at_install")
class TestLinkWhileTaken(ConcurrentCase):
    """Two transactions, as a shared one cannot show who waits for whom."""

    def test_link_that_has_not_seen_the_sending_begins_anew(self):
        with self.work() as connection:
            env = connection.env
            partner = env["res.partner"].create(
                {"name": "Taken Meanwhile", "customer_rank": 1}
            )
            theirs = env["qbo.reference"].create(
                {
                    "connection_id": connection.id,
                    "realm_id": connection.realm_id,
                    "entity": "customer",
                    "qbo_id": "4711",
                    "name": "Theirs",
                    "full_name": "Theirs",
                }
            )
            env["qbo.export"]._enqueue(partner, connection)
        self.addCleanup(self.forget, partner.id)

        with self.work() as connection:
            env = connection.env
            row = env["qbo.export"].search([("res_id", "=", partner.id)])
            self.assertEqual(row.state, "waiting")
            with self.work() as drain:
                row.with_env(drain.env).state = "sending"
            with (
                self.assertNoLogs("odoo.sql_db", "ERROR"),
                self.assertRaises(SerializationFailure),
            ):
                partner.with_env(env)._qbo_link_customer(
                    connection, theirs.with_env(env)
                )
            env.cr.rollback()

    def forget(self, partner_id):
        with self.work() as connection:
            env = connection.env
            env["qbo.export"].search([("res_id", "=", partner_id)]).unlink()
            env["res.partner"].browse(partner_id).unlink()
