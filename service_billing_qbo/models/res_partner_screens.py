"""Group "Link to External Accounting" of a customer."""

from odoo import api, fields, models
from odoo.tools import format_date

from .roles import BOOKKEEPER, check_role


class ResPartner(models.Model):
    _inherit = "res.partner"

    qbo_chosen_customer = fields.Char(compute="_compute_qbo_screen", compute_sudo=True)
    qbo_address_note = fields.Char(compute="_compute_qbo_screen", compute_sudo=True)

    @api.depends("qbo_status", "qbo_binding_id")
    @api.depends_context("company")
    def _compute_qbo_screen(self):
        names = self._qbo_customer_names()
        for partner in self:
            binding = partner.qbo_binding_id
            partner.qbo_chosen_customer = names.get(binding.qbo_id, binding.qbo_id)
            kept_apart = not binding.connection_id.send_customer_changes
            sent = kept_apart and binding.address_sent_at
            partner.qbo_address_note = sent and self.env._(
                "The address was sent on %(date)s. "
                "From now on change it in both systems.",
                date=format_date(self.env, sent),
            )

    def _qbo_customer_names(self):
        """Return names of the linked QuickBooks customers, by QuickBooks Id."""
        bindings = self.qbo_binding_id
        if not bindings:
            return {}
        references = (
            self.env["qbo.reference"]
            .with_context(active_test=False)
            .search(
                [
                    ("connection_id", "in", bindings.connection_id.ids),
                    ("realm_id", "in", bindings.mapped("realm_id")),
                    ("entity", "=", "customer"),
                    ("qbo_id", "in", bindings.mapped("qbo_id")),
                ]
            )
        )
        return {reference.qbo_id: reference.display_name for reference in references}

    def action_qbo_link(self):
        """Choose the QuickBooks customer that this one is."""
        self.ensure_one()
        connection = self.env["qbo.connection"]._for_company(self.env.company)
        connection._check_connected()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Link to External Accounting"),
            "res_model": "qbo.link.customer",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": self.id,
                "default_connection_id": connection.id,
            },
        }

    def action_qbo_unlink(self):
        """Forget which QuickBooks customer this is; exported invoices stay linked."""
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        self.qbo_binding_id.sudo().unlink()
        self.invalidate_recordset()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
