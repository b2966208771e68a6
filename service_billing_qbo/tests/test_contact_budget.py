"""What an edited contact costs whoever edits it: counted in queries."""

from odoo.tests import tagged

from ..models.res_partner_books import ResPartner
from .budget_common import BudgetCase

ADDRESSES = {"street": "Pier 1"}, {"street": "Pier 2"}


@tagged("post_install", "-at_install")
class TestContactBudget(BudgetCase):
    """Most contacts have nothing to do with QuickBooks, or are there already."""

    def test_address_of_a_contact_costs_one_query_more(self):
        contact = self.env["res.partner"].create({"name": "Ana"})
        self.assert_is_cheap(contact, ResPartner, *ADDRESSES)

    def test_address_of_a_customer_in_quickbooks_costs_one_query_more(self):
        self.drain()
        self.assertTrue(self.customer.qbo_id)
        self.assert_is_cheap(self.customer, ResPartner, *ADDRESSES)

    def test_open_exports_of_others_are_left_alone(self):
        revision = self.row(self.customer).revision
        self.make_customer("Pier").street = "Pier 3"
        self.assertEqual(self.row(self.customer).revision, revision)
        self.customer.street = "Pier 4"
        self.assertEqual(self.row(self.customer).revision, revision + 1)
