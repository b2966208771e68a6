from odoo import fields, models

from ..mappers.outcome import NeedsFirst, Prepared

# What is kept in both systems, where the company sends changes of customers.
SENT_FIELDS = {
    "name",
    "qbo_name",
    "street",
    "street2",
    "city",
    "zip",
    "state_id",
    "country_id",
    "email",
    "phone",
    "website",
    "comment",
    "property_payment_term_id",
    "property_account_position_id",
}
# QuickBooks keeps what these were at creation.
CREATION_KEYS = ("CurrencyRef", "ParentRef", "Job", "BillWithParent")


class ResPartner(models.Model):
    """What a company may choose for its customers: sub-customers, changes, taxes."""

    _inherit = "res.partner"

    qbo_sales_tax_id = fields.Many2one(
        "account.tax",
        string="Sales Tax Override",
        company_dependent=True,
        domain="[('type_tax_use', '=', 'sale')]",
        help="Replaces the default sales tax on new invoices; Odoo's amount is sent.",
    )

    def write(self, vals):
        result = super().write(vals)
        if SENT_FIELDS.intersection(vals):
            self._qbo_send_changes()
        return result

    def _qbo_send_changes(self):
        """Queue customers that QuickBooks has, where the company wants changes."""
        connections = self.env["qbo.connection"].sudo()
        for connection in connections.search([("send_customer_changes", "=", True)]):
            found = self.env["qbo.binding"]._find_many(connection, self._name, self.ids)
            changed = self.filtered(lambda partner, found=found: partner.id in found)
            if changed and connection._exports_documents():
                self.env["qbo.export"]._enqueue(changed, connection)

    def _qbo_prepare_change(self, prep):
        """Return the call that brings a changed customer to QuickBooks.

        Sparse: what only QuickBooks knows of the customer stays.

        :rtype: mappers.outcome.Prepared
        """
        self.ensure_one()
        if not prep.connection.send_customer_changes or prep.binding.linked:
            return Prepared(entity="Customer", operation="nothing", payload={})
        payload = self._qbo_prepare_customer_vals(prep)
        self._qbo_check_name(prep, payload["DisplayName"])
        prep.check()
        for key in CREATION_KEYS:
            payload.pop(key, None)
        payload.update(
            Id=prep.binding.qbo_id, SyncToken=prep.binding.sync_token, sparse=True
        )
        return Prepared(entity="Customer", operation="update", payload=payload)

    def _qbo_prepare_customer_parent_vals(self, prep):
        """Return the parent of a child company, where the company wants sub-customers.

        :rtype: dict
        :raise NeedsFirst: the parent is not in QuickBooks yet
        """
        self.ensure_one()
        parent = self.parent_id.commercial_partner_id
        if not prep.connection.sub_customers or not parent or parent == self:
            return {}
        binding = self.env["qbo.binding"]._find(prep.connection, parent, "Customer")
        if not binding:
            raise NeedsFirst(parent)
        return {"ParentRef": {"value": binding.qbo_id}, "Job": True}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_computed_taxes(self):
        """Put the customer's own sales tax where a line bears any by default."""
        taxes = super()._get_computed_taxes()
        if not taxes or not self.move_id.is_sale_document(include_receipts=True):
            return taxes
        customer = self.move_id.commercial_partner_id.with_company(self.company_id)
        return customer.qbo_sales_tax_id or taxes
