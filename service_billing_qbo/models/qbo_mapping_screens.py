"""How people get to the account mapping of the company that is connected now."""

from odoo import api, models


class QboMapping(models.Model):
    _inherit = "qbo.mapping"

    @api.model
    def action_open(self):
        """Look what waiting documents need, and show the choices of this realm.

        No network: only what was retrieved before is compared.
        """
        self.check_access("read")
        connection = self.env["qbo.connection"]._ensure_for_company(self.env.company)
        if connection.realm_id:
            self._refresh_needed(connection)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "service_billing_qbo.qbo_mapping_action"
        )
        action["domain"] = [
            ("connection_id", "=", connection.id),
            ("realm_id", "=", connection.realm_id or ""),
        ]
        return action
