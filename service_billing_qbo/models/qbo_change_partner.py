from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from .roles import CLERK, check_role


class ResPartner(models.Model):
    """What the customer owes in QuickBooks."""

    _inherit = "res.partner"

    qbo_balance = fields.Monetary(
        "Balance",
        compute="_compute_qbo_balance",
        compute_sudo=True,
        currency_field="qbo_balance_currency_id",
        groups="base.group_user",
    )
    qbo_balance_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_qbo_balance",
        compute_sudo=True,
        groups="base.group_user",
    )
    qbo_balance_at = fields.Datetime(
        "Balance as of",
        compute="_compute_qbo_balance",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("qbo_binding_id")
    def _compute_qbo_balance(self):
        for partner in self:
            binding = partner.qbo_binding_id
            partner.qbo_balance = binding.qbo_balance
            partner.qbo_balance_currency_id = (
                binding.currency_id or binding.connection_id.home_currency_id
            )
            partner.qbo_balance_at = binding.balance_at

    def action_qbo_refresh_balance(self):
        """Ask QuickBooks what the customer owes: one metered read.

        :raise NotConnected: with what a person has to do
        :raise UserError: the customer is not in QuickBooks, or that cannot be had
        """
        self.ensure_one()
        check_role(self.env, CLERK)
        self.check_access("read")
        connection = self.env["qbo.connection"]._for_company(self.env.company)
        connection._check_connected()
        # Ids are of one QuickBooks company: another's would be somebody else here.
        binding = self.qbo_binding_id.sudo().filtered(
            lambda link: link.connection_id == connection
        )
        if not binding:
            raise UserError(
                self.env._("%(name)s is not in QuickBooks.", name=self.display_name)
            )
        with connection._telling_failures():
            answer = connection._with_client(
                lambda client: client.read("Customer", binding.qbo_id),
                "refresh balance",
            )
        code = (answer.get("CurrencyRef") or {}).get("value")
        binding.write(
            {
                "qbo_balance": float(Decimal(answer.get("Balance") or 0)),
                "balance_at": fields.Datetime.now(),
                "currency_id": connection._currency_named(code).id,
            }
        )
        self.invalidate_recordset(flush=False)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
