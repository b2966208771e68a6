from odoo import api, models

#: What posting an invoice must know; kept in Odoo's cache for it.
POSTING_FIELDS = {"company_id", "accounting_vendor", "export_from"}


class QboConnection(models.Model):
    """What the export engine keeps in step with a connection."""

    _inherit = "qbo.connection"

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        self.env.registry.clear_cache()
        return connections

    def write(self, vals):
        result = super().write(vals)
        if POSTING_FIELDS & set(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _state_changed(self, before, state):
        result = super()._state_changed(before, state)
        if state == "connected":
            # What was posted while there was no connection waited for this.
            self.env["qbo.drain"].sudo()._resume(self)
            self.env["qbo.export"]._wake(self)
        return result
