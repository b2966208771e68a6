from odoo import api, fields, models


class QboAcceptDifference(models.TransientModel):
    """Asks why a total that differs in QuickBooks is right as it is."""

    _name = "qbo.accept.difference"
    _description = "Accept the Difference of a Total"

    binding_id = fields.Many2one("qbo.binding", required=True, readonly=True)
    # Not as superuser: the id comes from the browser, the company may be another.
    currency_id = fields.Many2one(related="binding_id.currency_id", related_sudo=False)
    odoo_total = fields.Monetary(
        related="binding_id.odoo_total", related_sudo=False, string="Odoo"
    )
    qbo_total = fields.Monetary(
        related="binding_id.qbo_total", related_sudo=False, string="QuickBooks"
    )
    total_difference = fields.Monetary(
        related="binding_id.total_difference", related_sudo=False, string="Difference"
    )
    home_currency_id = fields.Many2one(
        related="binding_id.home_currency_id", related_sudo=False
    )
    odoo_home_total = fields.Monetary(
        related="binding_id.odoo_home_total",
        related_sudo=False,
        string="Home total in Odoo",
        currency_field="home_currency_id",
    )
    qbo_home_total = fields.Monetary(
        related="binding_id.qbo_home_total",
        related_sudo=False,
        string="Home total in QuickBooks",
        currency_field="home_currency_id",
    )
    home_difference = fields.Monetary(
        related="binding_id.home_difference",
        related_sudo=False,
        string="Difference of the home totals",
        currency_field="home_currency_id",
    )
    cause = fields.Char(compute="_compute_cause")
    reason = fields.Char(required=True)

    @api.depends("binding_id")
    def _compute_cause(self):
        for wizard in self:
            wizard.cause = wizard.binding_id.difference_reason

    def action_accept(self):
        """Keep the reason, who gave it and when; the document counts as exported."""
        self.binding_id._accept_difference(self.reason)
        return {"type": "ir.actions.act_window_close"}
