import uuid

from odoo.tests import tagged

from .engine_common import EngineCase


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

    def test_refusals_of_two_documents_are_two_sentences_without_codes(self):
        self.emulator.arm("refused", code="2050", path="/invoice", times=2)
        invoices = self.posted(count=2)

        self.drain()

        messages = " ".join(self.open_problems().mapped("message"))
        for invoice in invoices:
            self.assertIn(invoice.name, messages)
        self.assertNotIn("(code", messages)
        self.assertNotIn("QuickBooks refused: ", messages)
