from decimal import Decimal

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..models.roles import BOOKKEEPER, CLERK
from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestProblemNumber(EngineCase):
    """A number that QuickBooks has already: the same document, or another one."""

    def setUp(self):
        super().setUp()
        self.drain()  # the customer is there already

    def typed_by_hand(self, invoice, amount, customer=None):
        """Somebody typed a document with the invoice's number in QuickBooks.

        With a note: without one, what agrees is taken for the same by itself.
        """
        line = {
            "DetailType": "SalesItemLineDetail",
            "Amount": Decimal(str(amount)),
            "SalesItemLineDetail": {"ItemRef": {"value": "3"}},
        }
        document = {
            "DocNumber": invoice.name,
            "PrivateNote": "As agreed by telephone",
            "CustomerRef": {"value": (customer or self.customer).qbo_id},
            "Line": [line],
        }
        return self.connection._with_client(
            lambda client: client.create("Invoice", document, f"hand-{invoice.id}")
        )

    def stopped(self, amount=100, typed=100, customer=None):
        """A posted invoice whose number is taken, and the document that has it."""
        invoice = self.draft(amount)
        there = self.typed_by_hand(invoice, typed, customer)
        invoice.action_post()
        self.drain()
        self.assertEqual(self.open_problems().kind, "number")
        return invoice, there

    def link_dialog(self):
        action = self.by_bookkeeper(self.open_problems()).action_link_found()
        wizards = self.env[action["res_model"]].with_context(**action["context"])
        return self.by_bookkeeper(wizards).create({})

    def test_document_typed_by_hand_is_linked(self):
        invoice, there = self.stopped(1234.5, 1234.5)
        problem = self.open_problems()
        self.assertIn("$ 1,234.50", problem.message.replace("\xa0", " "))
        dialog = self.link_dialog()
        self.assertFalse(dialog.why_not)
        self.assertEqual((dialog.odoo_total, dialog.qbo_total), (1234.5, 1234.5))
        self.assertEqual(dialog.odoo_customer, self.customer.name)
        self.assertEqual(dialog.qbo_customer, self.customer.name)
        self.assertEqual(dialog.odoo_date, invoice.invoice_date)
        self.assertEqual(fields.Date.to_string(dialog.qbo_date), there["TxnDate"])
        since = self.last_call_number()

        dialog.action_link()
        self.drain()

        self.assertEqual(self.calls(".", since), [])
        self.assertEqual(invoice.qbo_status, "exported")
        self.assertEqual(invoice.qbo_id, there["Id"])
        self.assertTrue(problem.closed_at)
        self.assertIn("linked it with", invoice.message_ids[0].body)
        same = [
            one for one in self.in_quickbooks() if one.get("DocNumber") == invoice.name
        ]
        self.assertEqual(len(same), 1)

    def test_linked_document_is_not_said_to_have_been_exported(self):
        """Nothing was sent: neither its notes nor the log tell of an answer."""
        invoice, there = self.stopped()
        self.link_dialog().action_link()
        self.env.invalidate_all()

        notes = " ".join(str(body) for body in invoice.message_ids.mapped("body"))
        self.assertNotIn("Exported to QuickBooks", notes)
        self.assertEqual(notes.count("linked it with"), 1)
        history = self.row(invoice).log_document_ids.sorted("id")
        self.assertEqual(history.mapped("outcome")[-1], "linked")
        self.assertEqual(history[-1].qbo_id, there["Id"])

    def test_linked_document_follows_odoo_from_then_on(self):
        invoice, there = self.stopped()
        self.link_dialog().action_link()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 120
        invoice.action_post()

        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertEqual(invoice.qbo_id, there["Id"])

    def test_document_that_was_deleted_meanwhile_is_told_after_the_link(self):
        """The link believes what was read when the number was refused: not for long."""
        invoice, there = self.stopped()
        self.connection._with_client(
            lambda client: client.delete(
                "Invoice", there["Id"], there["SyncToken"], f"gone-{invoice.id}"
            )
        )
        self.link_dialog().action_link()
        self.assertEqual(invoice.qbo_status, "exported")

        self.env.flush_all()
        self.env.ref("service_billing_qbo.ir_cron_changes").method_direct_trigger()
        self.env.invalidate_all()

        self.assertEqual(invoice.qbo_status, "deleted")
        self.assertIn("changed", self.open_problems().mapped("kind"))

    def test_another_total_is_not_linked(self):
        invoice, _there = self.stopped(100, 99)
        dialog = self.link_dialog()
        self.assertIn("total is another one", dialog.why_not)
        with self.assertRaisesRegex(UserError, "total is another one"):
            dialog.action_link()
        self.assertEqual(invoice.qbo_status, "problem")

    def test_document_of_another_customer_is_not_linked(self):
        other = self.make_customer("Pier")
        self.drain()
        self.stopped(customer=other)
        self.assertIn("another customer", self.link_dialog().why_not)

    def test_document_of_another_invoice_is_not_linked(self):
        first = self.posted()
        self.drain()
        first.name = f"{first.name}-OLD"
        second = self.draft()
        second.name = first.qbo_doc_number
        second.action_post()
        self.drain()
        self.assertIn("belongs to", self.link_dialog().why_not)

    def test_clerk_does_not_link(self):
        clerk = new_test_user(self.env, "clerk links", CLERK)
        self.stopped()
        problem = self.open_problems().with_user(clerk)
        with self.assertRaises(AccessError):
            problem.action_link_found()
        with self.assertRaises(AccessError):
            problem._link_found()

    def test_renumber_says_how_and_opens_the_invoice(self):
        clerk = new_test_user(self.env, "clerk renumbers", CLERK)
        invoice, _there = self.stopped(100, 7)

        action = self.open_problems().with_user(clerk).action_fix()

        self.assertIn("Reset", action["params"]["message"])
        self.assertEqual(action["params"]["next"]["res_id"], invoice.id)
        invoice.button_draft()
        invoice.name = f"{invoice.name}-B"
        invoice.action_post()
        self.drain()
        self.assert_in_quickbooks(invoice)
        self.assertFalse(self.open_problems())

    def test_bookkeeper_of_another_company_does_not_link(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.make_user("stranger links", BOOKKEEPER, company=elsewhere)
        self.stopped()
        problem = self.open_problems()
        with self.assertRaises(AccessError):
            self.env["qbo.link.document"].with_user(stranger).create(
                {"problem_id": problem.id}
            ).action_link()
