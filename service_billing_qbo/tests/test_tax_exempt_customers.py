from odoo import Command
from odoo.tests import tagged

from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestTaxExemptCustomers(EngineCase):
    """Under automated sales tax QuickBooks wants to know why a customer is exempt."""

    def setUp(self):
        super().setUp()
        exempt = self.sales_tax.copy(
            {
                "name": "Exempt",
                "amount": 0,
                "original_tax_ids": [Command.link(self.sales_tax.id)],
            }
        )
        position = self.env["account.fiscal.position"].create(
            {"name": "Exempt", "tax_ids": [Command.link(exempt.id)]}
        )
        exempt.fiscal_position_ids = position
        self.customer.property_account_position_id = position

    def sent(self, customer=None):
        """The customer as QuickBooks has it."""
        customer = customer or self.customer
        self.drain()
        self.assertEqual(customer.qbo_status, "exported", customer.qbo_status_text)
        return next(
            one
            for one in self.in_quickbooks("Customer")
            if one["Id"] == customer.qbo_id
        )

    def test_usual_reason_of_the_company_makes_the_customer_exempt(self):
        self.connection.exemption_reason = "5"
        there = self.sent()
        self.assertEqual(there["TaxExemptionReasonId"], "5")
        self.assertIs(there["Taxable"], False)

    def test_reason_of_the_customer_goes_before(self):
        self.connection.exemption_reason = "5"
        self.customer.qbo_exemption_reason = "9"
        self.assertEqual(self.sent()["TaxExemptionReasonId"], "9")

    def test_taxed_customers_have_no_reason(self):
        self.connection.exemption_reason = "5"
        there = self.sent(self.make_customer("Taxed"))
        self.assertNotIn("TaxExemptionReasonId", there)
        self.assertIs(there["Taxable"], True)

    def test_reason_given_later_is_a_change_like_another(self):
        self.assertIs(self.sent()["Taxable"], True)
        self.connection.send_customer_changes = True
        self.customer.qbo_exemption_reason = "1"
        self.assertIs(self.sent()["Taxable"], False)
