from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..mappers.outcome import Cause, Prepared
from ..models.roles import CLERK
from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestExportProblems(EngineCase):
    """A cause is shown once, with all that it stops; mended, all goes by itself."""

    def client_call(self, function):
        return self.connection._with_client(function)

    def test_customer_problem_stops_its_invoices_too(self):
        customer = self.make_customer("Pier 7", email="nobody")
        invoices = self.posted(count=3, customer=customer)

        self.drain()

        problem = self.row(customer).problem_ids
        self.assertEqual(len(problem), 1)
        self.assertEqual(problem.export_count, 3)
        self.assertEqual(set(invoices.mapped("qbo_status")), {"problem"})

    def test_customer_that_an_addon_keeps_back_is_not_waited_for_for_ever(self):
        partners = self.env.registry["res.partner"]
        kept_back = Prepared(entity="Customer", operation="nothing", payload={})

        def keeps_back(partner, connection, binding):
            return kept_back

        customer = self.make_customer("Pier")
        invoice = self.posted(customer=customer)
        # As an addon's override does it.
        with patch.object(partners, "_qbo_prepare", keeps_back):
            self.drain()

        self.assertEqual(self.row(invoice).state, "problem")
        self.assertEqual(
            self.row(invoice).problem_ids.message,
            f"{invoice.name} needs {customer.name} in QuickBooks, and nothing was "
            "sent for it.",
        )
        self.by_bookkeeper(self.row(invoice)).action_retry()
        self.drain()
        self.assert_in_quickbooks(invoice)

    def test_what_no_open_problem_stops_goes_on(self):
        """Its problem was closed in the very moment that it was stopped by it."""
        customer = self.make_customer("Pier 7")
        invoice = self.posted(customer=customer)
        self.row(customer).sudo().state = "problem"

        self.drain()
        self.assertEqual(self.row(invoice).state, "waiting")

        self.run_housekeeping()
        self.drain()
        self.assert_in_quickbooks(invoice)

    def test_mended_and_retried_everything_goes_and_the_problem_closes(self):
        customer = self.make_customer("Pier 7", email="nobody")
        invoices = self.posted(count=3, customer=customer)
        self.drain()
        problem = self.row(customer).problem_ids
        customer.email = "ana@example.com"

        self.by_bookkeeper(problem).action_retry_all()
        self.drain()

        self.assert_in_quickbooks(invoices)
        self.assertTrue(problem.closed_at)
        self.assertFalse(self.open_problems())

    def test_number_taken_in_quickbooks_names_who_has_it(self):
        self.drain()
        invoice = self.draft(100)
        self.client_call(
            lambda client: client.create(
                "Invoice",
                {
                    "DocNumber": invoice.name,
                    "CustomerRef": {"value": self.customer.qbo_id},
                    "Line": [
                        {
                            "DetailType": "SalesItemLineDetail",
                            "Amount": 7,
                            "SalesItemLineDetail": {"ItemRef": {"value": "3"}},
                        }
                    ],
                },
                f"by-hand-{invoice.id}",
            )
        )
        invoice.action_post()

        self.drain()

        problem = self.row(invoice).problem_ids
        self.assertEqual(problem.kind, "number")
        self.assertIn(self.customer.name, problem.message)
        self.assert_not_in_quickbooks(invoice)

    def test_name_of_a_vendor_is_a_problem_and_no_second_customer(self):
        customer = self.make_customer("Both")
        self.client_call(
            lambda client: client.create(
                "Vendor", {"DisplayName": customer.name}, f"vendor-{customer.id}"
            )
        )

        self.drain()

        problem = self.row(customer).problem_ids
        self.assertEqual(problem.kind, "customer")
        self.assertIn("vendor", problem.message)
        names = [each["DisplayName"] for each in self.in_quickbooks("Customer")]
        self.assertNotIn(customer.name, names)

    def test_a_fault_of_ours_stops_one_row_and_is_logged(self):
        good = self.posted(count=2)
        bad = self.posted()
        export = self.row(bad).sudo()
        # A kind of record that nobody has taught to be exported.
        export.write({"res_model": "res.company", "res_id": self.env.company.id})

        with self.assertLogs("odoo.addons.service_billing_qbo", "ERROR"):
            self.drain()

        self.assert_in_quickbooks(good)
        self.assertEqual(export.state, "problem")
        self.assertEqual(export.problem_ids.turn, "administrator")

    def test_excluded_needs_a_reason_and_stays_out(self):
        invoice = self.posted()
        export = self.by_bookkeeper(self.row(invoice))
        with self.assertRaises(UserError):
            export.action_exclude(" ")
        export.action_exclude("Typed in by hand")

        self.drain()

        self.assert_not_in_quickbooks(invoice)
        self.assertEqual(invoice.qbo_status, "not_exported")
        self.assertIn("Typed in by hand", invoice.qbo_status_text)

    def test_excluded_stays_out_when_it_is_posted_again(self):
        """A bookkeeper typed it into QuickBooks: a second one would double it."""
        invoice = self.posted()
        self.by_bookkeeper(self.row(invoice)).action_exclude("Typed in by hand")
        invoice.button_draft()
        invoice.action_post()

        self.drain()

        self.assert_not_in_quickbooks(invoice)
        self.assertEqual(invoice.qbo_status, "not_exported")

    def test_excluded_goes_when_a_bookkeeper_exports_it_after_all(self):
        invoice = self.posted()
        self.by_bookkeeper(self.row(invoice)).action_exclude("Not yet")

        self.by_bookkeeper(invoice).action_qbo_export_now()
        self.drain()

        self.assert_in_quickbooks(invoice)

    def test_excluded_customer_stops_its_invoices_by_name(self):
        invoice = self.posted(customer=self.make_customer("Pier Nine"))
        customer = self.row(invoice.partner_id)
        self.by_bookkeeper(customer).action_exclude("Belongs to another firm")

        self.drain()

        self.assert_not_in_quickbooks(invoice)
        self.assertEqual(invoice.qbo_status, "problem")
        self.assertIn(
            "is excluded from QuickBooks", self.row(invoice).problem_ids.message
        )

    def test_customer_that_is_let_in_again_lets_its_invoices_go(self):
        invoice = self.posted(customer=self.make_customer("Pier Ten"))
        customer = self.row(invoice.partner_id)
        self.by_bookkeeper(customer).action_exclude("Not yet")
        self.drain()

        self.by_bookkeeper(customer).action_export_now()
        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertFalse(self.open_problems())

    def test_excluded_customer_that_is_linked_lets_its_invoices_go(self):
        linked = self.make_customer("Pier Eleven")
        self.drain()
        customer = self.make_customer("Pier Twelve")
        invoice = self.posted(customer=customer)
        self.by_bookkeeper(self.row(customer)).action_exclude("They have it")
        self.drain()

        customer.sudo()._qbo_link_customer(
            self.connection.sudo(), self.reference_of(linked)
        )
        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertFalse(self.open_problems())

    def reference_of(self, customer):
        return (
            self.env["qbo.reference"]
            .sudo()
            .search([("entity", "=", "customer"), ("qbo_id", "=", customer.qbo_id)])
        )

    def test_company_that_became_a_person_of_another(self):
        """Odoo's invoice keeps naming the company: its present one is the customer."""
        parent = self.make_customer("Acme")
        child = self.make_customer("Jane", parent_id=parent.id)
        invoice = self.posted(customer=child)
        child.is_company = False
        self.assertEqual(invoice.commercial_partner_id, child)

        self.drain()

        self.assert_in_quickbooks(invoice)
        (document,) = self.documents_of(invoice)
        self.assertEqual(document["CustomerRef"]["value"], parent.qbo_id)

    def test_clerk_retries_what_failed(self):
        """A clerk sees nothing of the connection, and may press the button."""
        clerk = new_test_user(self.env, "clerk retries", CLERK)
        customer = self.make_customer("Pier 8", email="nobody")
        invoice = self.posted(customer=customer)
        self.drain()
        customer.email = "ana@example.com"

        self.row(customer).with_user(clerk).action_retry()
        self.drain()

        self.assert_in_quickbooks(invoice)

    def test_choice_of_an_item_leaves_a_refusal_without_place_open(self):
        """QuickBooks' own refusal names no product that a choice could settle."""
        invoice = self.posted()
        cause = Cause(
            kind="unmapped",
            key="unmapped:6100:Invalid tax code",
            message="QuickBooks does not take what was chosen: Invalid tax code",
        )
        problem = self.env["qbo.problem"]._open(
            self.connection.sudo(), cause, self.row(invoice)
        )

        self.map_services()

        self.assertFalse(problem.closed_at)

    def test_total_that_quickbooks_changes_is_flagged(self):
        """QuickBooks recalculates without an error: the answer's total tells."""
        invoice = self.posted(100)
        self.drain()
        export = self.row(invoice)
        values = self.env["qbo.export"]._binding_totals(
            {
                "currency_id": invoice.currency_id.id,
                "expected_total": 100.0,
                "expected_tax": 0.0,
            },
            {"TotalAmt": "100.01", "TxnTaxDetail": {"TotalTax": "0.01"}},
            invoice.qbo_binding_id,
        )
        self.assertEqual(str(values["total_difference"]), "0.01")
        reason = values["difference_reason"].replace("\xa0", " ")
        self.assertEqual(reason, "QuickBooks' sales tax is $ 0.01, Odoo's $ 0.00.")
        self.assertEqual(export.state, "exported")
