import re
import uuid
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import drain_look_ups
from ..models.drain_pass import DrainPass
from ..models.qbo_change_follow import QUERY_IDS
from .engine_common import EngineCase

LOOK_UPS = "odoo.addons.service_billing_qbo.models.drain_look_ups"


@tagged("post_install", "-at_install")
class TestRefusals(EngineCase):
    """What QuickBooks refuses is told in words: what it is about, and no codes."""

    def setUp(self):
        super().setUp()
        self.drain()  # the customer is there already
        self.addCleanup(self.emulator.clear_faults)

    def change_there(self, entity, qbo_id, **values):
        """Somebody changes an entry in QuickBooks, and Odoo is not told."""

        def change(client):
            present = client.read(entity, qbo_id)
            return client.update(entity, {**present, **values}, uuid.uuid4().hex)

        return self.connection._with_client(change)

    def chosen_item(self):
        mapping = self.env["qbo.mapping"].search([("billing_type", "=", "service")])
        return mapping.reference_id

    def make_inactive(self, entity, qbo_id):
        self.change_there(entity, qbo_id, Active=False)
        self.addCleanup(self.reactivate, entity, qbo_id)

    def reactivate(self, entity, qbo_id):
        self.change_there(entity, qbo_id, Active=True)

    def test_inactive_item_is_found_and_named(self):
        item = self.chosen_item()
        name = item.name
        self.make_inactive("Item", item.qbo_id)
        invoices = self.posted(count=5)

        self.drain()

        problem = self.open_problems()
        self.assertEqual(len(problem), 1)
        self.assertIn(
            f"Item {name} is inactive in QuickBooks. Reactivate it there",
            problem.message,
        )
        self.assertNotIn("610", f"{problem.message} {problem.todo}")
        self.assertIn("610", problem.sudo().details)
        self.assertEqual(set(invoices.mapped("qbo_status")), {"problem"})

        self.reactivate("Item", item.qbo_id)
        self.by_bookkeeper(problem).action_retry_all()
        self.drain()
        self.assert_in_quickbooks(invoices)

    def test_retry_of_many_inactive_entries_asks_for_them_in_parts(self):
        wanted = [str(900_000 + number) for number in range(QUERY_IDS + 1)]
        vals = {
            "connection_id": self.connection.id,
            "company_id": self.connection.company_id.id,
            "kind": "inactive",
            "message": "Inactive.",
            "turn": "bookkeeper",
            "opened_at": fields.Datetime.now(),
        }
        problems = self.env["qbo.problem"].sudo()
        for qbo_id in wanted:
            problems += problems.create({**vals, "key": f"inactive:item:{qbo_id}"})
        since = self.last_call_number()

        self.by_bookkeeper(problems).action_retry_all()

        asked = [
            re.findall(r"'(9\d{5})'", call["body"])
            for call in self.calls("/query", since)
        ]
        self.assertCountEqual([qbo_id for part in asked for qbo_id in part], wanted)
        self.assertLessEqual(max(map(len, asked)), QUERY_IDS)

    def test_next_invoice_is_stopped_before_it_is_sent_by_the_same_problem(self):
        self.make_inactive("Item", self.chosen_item().qbo_id)
        self.posted()
        self.drain()
        since = self.last_call_number()

        self.posted()
        self.drain()

        self.assertEqual(self.open_problems().export_count, 2)
        self.assertEqual(self.calls("/invoice|/batch", since), [])

    def test_another_item_chosen_lets_it_go(self):
        self.make_inactive("Item", self.chosen_item().qbo_id)
        invoice = self.posted()
        self.drain()
        other = self.env["qbo.reference"].search(
            [("entity", "=", "item"), ("active", "=", True)], limit=1
        )

        mapping = self.env["qbo.mapping"].search([("billing_type", "=", "service")])
        self.by_bookkeeper(mapping).reference_id = other
        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertFalse(self.open_problems())

    def test_inactive_customer_is_named_and_another_can_be_linked(self):
        other = self.make_customer("Pier")
        self.drain()
        self.make_inactive("Customer", self.customer.qbo_id)
        invoice = self.posted()

        self.drain()

        problem = self.open_problems()
        self.assertIn(f"Customer {self.customer.name}", problem.message)
        self.assertEqual(problem.kind, "inactive")
        reference = self.env["qbo.reference"].search(
            [("entity", "=", "customer"), ("qbo_id", "=", other.qbo_id)]
        )
        action = self.by_bookkeeper(problem).action_fix()
        wizard = (
            self.by_bookkeeper(self.env[action["res_model"]])
            .with_context(**action["context"])
            .create({"reference_id": reference.id})
        )
        wizard.action_link()
        self.drain()
        self.assert_in_quickbooks(invoice)
        self.assertFalse(self.open_problems())

    def test_what_cannot_be_found_out_names_the_document(self):
        self.emulator.arm("refused", code="610", path="/invoice")
        invoice = self.posted()

        self.drain()

        problem = self.open_problems()
        self.assertIn(f"QuickBooks refused {invoice.name}, because", problem.message)
        self.assertNotIn("code", problem.message)

    def test_closed_books_without_a_known_date_are_told_without_it(self):
        """QuickBooks refuses for its books, and its preferences name no day."""
        self.emulator.arm("refused", code="6200", path="/invoice")
        self.posted()
        since = self.last_call_number()

        self.drain()

        problem = self.open_problems()
        self.assertEqual(problem.message, "The books of that date are closed.")
        self.assertIn("Reopen the books in QuickBooks", problem.todo)
        self.assertEqual(len(self.calls("/preferences", since)), 1)

    def test_refusals_of_two_documents_are_two_sentences_without_codes(self):
        self.emulator.arm("refused", code="2050", path="/invoice", times=2)
        invoices = self.posted(count=2)

        self.drain()

        messages = " ".join(self.open_problems().mapped("message"))
        for invoice in invoices:
            self.assertIn(invoice.name, messages)
        self.assertNotIn("(code", messages)
        self.assertNotIn("QuickBooks refused: ", messages)

    # -- what is refused is looked at, and its neighbours do not wait for it --------

    def refused_among_others(self):
        """Five invoices that go together; the item of one is inactive there.

        :return: it, and the others
        """
        items = self.env["qbo.reference"].search(
            [("entity", "=", "item"), ("active", "=", True)], limit=2
        )
        product = self.env["product.product"].create(
            {"name": "Router", "type": "consu", "taxes_id": False}
        )
        other = (items - self.chosen_item())[:1]
        product.sudo().qbo_item_id = other
        self.make_inactive("Item", other.qbo_id)
        invoices = self.posted(count=4)
        refused = self.draft()
        refused.invoice_line_ids.product_id = product
        refused.action_post()
        return refused, invoices

    def test_neighbours_of_a_refused_one_are_recorded_before_it_is_looked_at(self):
        refused, others = self.refused_among_others()
        self.emulator.arm("slow", path="/query", seconds=3)

        self.drain()

        self.assert_in_quickbooks(others)
        rows = self.env["qbo.export"]
        for invoice in others:
            rows += self.row(invoice)
        problem = self.open_problems()
        self.assertIn("is inactive in QuickBooks", problem.message)
        self.assertEqual(refused.qbo_status, "problem")
        self.assertGreater(
            problem.opened_at - max(rows.mapped("done_at")), timedelta(seconds=1)
        )

    def test_answer_that_cannot_be_kept_costs_better_words_only(self):
        refused, others = self.refused_among_others()
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE qbo_reference ADD CONSTRAINT nothing_new CHECK (active)"
            " NOT VALID"
        )

        with mute_logger(LOOK_UPS, "odoo.sql_db"):
            self.drain()

        self.assert_in_quickbooks(others)
        problem = self.open_problems()
        self.assertIn(f"QuickBooks refused {refused.name}, because", problem.message)
        drain = self.env["qbo.drain"].sudo()._of(self.connection)
        self.assertFalse(drain.resume_at)

    def test_many_names_are_read_in_parts(self):
        self.patch(drain_look_ups, "QUERY_IDS", 1)
        item = self.chosen_item()
        name = item.name
        self.make_inactive("Item", item.qbo_id)
        self.posted()
        others = self.posted(count=2, customer=self.make_customer("Pier"))
        since = self.last_call_number()

        self.drain()

        asked = [call["query"] for call in self.calls("/query", since)]
        self.assertTrue(asked)
        for query in asked:
            self.assertLessEqual(str(query).count("'"), 2, query)
        self.assertEqual(set(others.mapped("qbo_status")), {"problem"})
        self.assertIn(name, self.open_problems().message)

    def refused_one_by_one(self, count):
        """So many invoices, each sent by itself and refused for what no list explains.

        :return: what was asked for to find better words
        """
        self.connection.sudo().batch_size = 1
        self.emulator.arm("refused", code="610", path="/invoice", times=count)
        for number in range(count):
            self.posted(customer=self.make_customer(f"Pier {number}"))
        self.drain()  # their customers, and they
        self.assertEqual(len(self.open_problems()), count)
        return [str(call) for call in self.calls("/query", self.since)]

    def test_what_was_looked_at_is_not_read_again_in_the_same_pass(self):
        """Reads are metered: one item that all name is read once."""
        self.since = self.last_call_number()

        asked = self.refused_one_by_one(3)

        self.assertEqual(len([one for one in asked if "FROM Item" in one]), 1)
        self.assertEqual(len([one for one in asked if "FROM Customer" in one]), 3)

    def test_better_words_cost_so_many_reads_at_most(self):
        self.patch(drain_look_ups, "BETTER_WORDS_READS", 2)
        self.since = self.last_call_number()

        self.assertEqual(len(self.refused_one_by_one(3)), 2)

    def test_nothing_of_the_former_company_is_kept_for_another(self):
        """Somebody connects another company while a refused call is under way."""
        self.make_inactive("Item", self.chosen_item().qbo_id)
        self.posted()
        self.emulator.arm("slow", path="/invoice", seconds=3)
        former, other = self.connection.realm_id, "999"

        def report(_count):
            self.connection.realm_id = other
            self.env.flush_all()
            return 60

        self.env.flush_all()
        with self.env["qbo.export"]._claim(self.connection.id) as env:
            DrainPass(env, self.connection.id, report).run()
        self.env.invalidate_all()

        references = self.env["qbo.reference"].with_context(active_test=False)
        self.assertFalse(references.search([("realm_id", "=", other)]))
        self.assertIn("QuickBooks refused", self.open_problems().message)
        self.connection.realm_id = former
