from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestOtherCompany(EngineCase):
    """What belongs to another company, of Odoo or QuickBooks, stays there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Northwind Holding"})
        Connections = cls.env["qbo.connection"]
        cls.other_connection = Connections.sudo()._ensure_for_company(cls.other)
        cls.other_connection.realm_id = "777"

    def reference(self, connection, realm_id, entity):
        return (
            self.env["qbo.reference"]
            .sudo()
            .create(
                {
                    "connection_id": connection.id,
                    "realm_id": realm_id,
                    "entity": entity,
                    "qbo_id": "1",
                    "name": "Foreign",
                    "full_name": "Foreign",
                }
            )
        )

    def link(self, res_model, res_id, entity, **values):
        """A link that belongs to the other company."""
        return (
            self.env["qbo.binding"]
            .sudo()
            .create(
                {
                    "connection_id": self.other_connection.id,
                    "company_id": self.other.id,
                    "realm_id": "777",
                    "res_model": res_model,
                    "res_id": res_id,
                    "entity": entity,
                    "qbo_id": "1",
                    **values,
                }
            )
        )

    def test_item_of_another_quickbooks_company_is_not_sent(self):
        """Its Id is another item there: the invoice would be booked elsewhere."""
        self.connection.sudo().allow_overrides = True
        invoice = self.draft(100)
        item = self.reference(self.connection.sudo(), "777", "item")
        invoice.invoice_line_ids.qbo_item_id = item
        invoice.action_post()

        self.drain()

        self.assert_not_in_quickbooks(invoice)
        self.assertIn("another QuickBooks company", invoice.qbo_status_text)

    def test_customer_of_another_connection_cannot_be_linked(self):
        foreign = self.reference(self.other_connection, "777", "customer")

        with self.assertRaises(UserError):
            self.customer.sudo()._qbo_link_customer(self.connection.sudo(), foreign)

    def test_totals_of_another_company_are_not_told(self):
        """The dialog's record comes from the browser."""
        binding = self.link("account.move", 10**9, "Invoice", odoo_total=1234)
        Wizard = self.env["qbo.accept.difference"].with_user(self.bookkeeper)
        self.env.invalidate_all()

        with self.assertRaises(AccessError):
            wizard = Wizard.create({"binding_id": binding.id, "reason": "curious"})
            self.env.invalidate_all()
            wizard.read(["odoo_total"])

    def test_links_of_customers_of_another_company_stay_theirs(self):
        """The buttons hide nothing: their methods can be called for any id."""
        theirs = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": self.other.id}
        )
        binding = self.link(theirs._name, theirs.id, "Customer")
        for action in ("action_qbo_unlink", "action_qbo_refresh_balance"):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                getattr(theirs.with_user(self.bookkeeper), action)()

        self.assertTrue(binding.exists())
        self.assertFalse(binding.balance_at)
        self.drain()
        self.by_bookkeeper(self.customer).action_qbo_unlink()
        self.assertFalse(self.customer.qbo_id)
