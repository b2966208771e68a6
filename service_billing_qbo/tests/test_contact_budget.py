"""What an edited contact costs whoever edits it: counted in queries."""

from odoo.tests import tagged

from ..models.res_partner_books import ResPartner
from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestContactBudget(EngineCase):
    """Most contacts have nothing to do with QuickBooks, or are there already."""

    def queries(self, write):
        """How many queries an edit costs; what any edit has cached is cached."""
        counts = []
        for street in ("Pier 1", "Pier 2"):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            write({"street": street})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        return counts[-1]

    def assert_is_cheap(self, partner):
        # As Odoo does it by itself: what comes after our part of the class.
        classes = type(partner).mro()
        odoo = classes[classes.index(ResPartner) + 1 :]
        write = next(vars(part)["write"] for part in odoo if "write" in vars(part))
        alone = self.queries(lambda vals: write(partner, vals))
        ours = self.queries(partner.write)
        self.assertLessEqual(ours - alone, 1)

    def test_address_of_a_contact_costs_one_query_more(self):
        self.assert_is_cheap(self.env["res.partner"].create({"name": "Ana"}))

    def test_address_of_a_customer_in_quickbooks_costs_one_query_more(self):
        self.drain()
        self.assertTrue(self.customer.qbo_id)
        self.assert_is_cheap(self.customer)

    def test_open_exports_of_others_are_left_alone(self):
        revision = self.row(self.customer).revision
        self.make_customer("Pier").street = "Pier 3"
        self.assertEqual(self.row(self.customer).revision, revision)
        self.customer.street = "Pier 4"
        self.assertEqual(self.row(self.customer).revision, revision + 1)
