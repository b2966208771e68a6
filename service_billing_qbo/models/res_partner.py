from odoo import api, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Customers: queued when they are created as customers.

    Most partners are not (users, companies, contacts of the mail gateway).
    Those that become customers later go before their first invoice.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "qbo.exportable"]

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        customers = partners.filtered(lambda partner: partner._qbo_is_customer())
        self.env["qbo.export"]._enqueue(customers)
        return partners

    def _qbo_is_customer(self) -> bool:
        """Whether this is a customer in its own right, not a contact of one."""
        return self.customer_rank > 0 and self == self.commercial_partner_id

    # -- qbo.exportable -------------------------------------------------------------

    def _qbo_is_exportable(self):
        return self._qbo_is_customer() or bool(self.qbo_binding_id)

    @api.model
    def _qbo_exportable_domain(self):
        return Domain("customer_rank", ">", 0) & Domain("parent_id", "=", False)

    def _qbo_outbox_vals(self):
        return {
            "reference": self.name,
            "partner_id": self.id,
            "amount_total": 0.0,
            "priority": 0,
        }
