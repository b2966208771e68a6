"""How people get to the list of customers to match."""

from odoo import api, models
from odoo.exceptions import UserError

from .roles import BOOKKEEPER, check_role


class QboMatch(models.Model):
    _inherit = "qbo.match"

    @api.model
    def action_open(self):
        """Compare the customers anew with what is known of QuickBooks, and show them.

        :raise NotConnected: when there is no QuickBooks company to compare with
        :raise UserError: when the customers of that company were never read: each of
            ours would look like a new one
        """
        check_role(self.env, BOOKKEEPER)
        connection = self.env["qbo.connection"]._ensure_for_company(self.env.company)
        connection._check_connected()
        if not connection.people_checked_at:
            raise UserError(
                self.env._(
                    "QuickBooks' customers have not been read yet. Try again in a "
                    "moment, or press Refresh Account Mappings."
                )
            )
        self._find_matches(connection)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "service_billing_qbo.qbo_match_action"
        )
        action["domain"] = [
            ("connection_id", "=", connection.id),
            ("realm_id", "=", connection.realm_id),
        ]
        return action
