from odoo.exceptions import UserError
from odoo.tests import tagged

from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestPartnerMerge(EngineCase):
    """Merged or deleted here, a customer is neither doubled nor lost in QuickBooks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wizards = cls.env["base.partner.merge.automatic.wizard"]

    def merge(self, gone, kept):
        self.wizards._merge([gone.id, kept.id], kept)
        self.env.invalidate_all()

    def exported(self, name):
        customer = self.make_customer(name)
        self.drain()
        return customer

    def customers_named(self, name):
        return [
            found
            for found in self.in_quickbooks("Customer")
            if found["DisplayName"] == name
        ]

    def test_invoices_go_to_the_customer_that_quickbooks_has(self):
        gone = self.exported("Merged Dental")
        kept = self.env["res.partner"].create({"name": f"{gone.name} Inc"})
        qbo_id = gone.qbo_id

        self.merge(gone, kept)
        invoice = self.posted(customer=kept)
        self.drain()

        self.assertEqual(kept.qbo_id, qbo_id)
        self.assert_in_quickbooks(invoice)
        (document,) = self.documents_of(invoice)
        self.assertEqual(document["CustomerRef"]["value"], qbo_id)
        self.assertFalse(self.customers_named(kept.name))

    def test_two_customers_of_quickbooks_are_named_on_the_contact(self):
        gone, kept = self.exported("Pier A"), self.exported("Pier B")
        gone_id, kept_id = gone.qbo_id, kept.qbo_id

        self.merge(gone, kept)

        self.assertEqual(kept.qbo_id, kept_id)
        notes = " ".join(kept.message_ids.mapped("body"))
        self.assertIn(f"{gone_id} is no longer used by Odoo", notes)

    def test_what_waited_for_the_one_that_is_gone_goes(self):
        kept = self.exported("Quay One")
        kept.email = "ana@example.com"
        gone = self.make_customer("Quay Two", email="nobody")
        invoice = self.posted(customer=gone)
        self.drain()

        self.merge(gone, kept)
        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertFalse(self.open_problems())

    def test_nobody_is_merged_while_quickbooks_is_being_told(self):
        gone, kept = self.make_customer("Now"), self.make_customer("Later")
        self.row(gone).sudo().state = "sending"

        with self.assertRaisesRegex(UserError, "being told just now"):
            self.merge(gone, kept)

    def test_deleted_customer_can_be_matched_again(self):
        customer = self.exported("Made Twice")
        name, qbo_id = customer.name, customer.qbo_id
        customer.unlink()
        again = self.env["res.partner"].create({"name": name, "customer_rank": 1})

        matches = self.env["qbo.match"].sudo()
        matches._find_matches(self.connection.sudo())
        match = matches.search([("partner_id", "=", again.id)])

        self.assertEqual(match.reference_id.qbo_id, qbo_id)
