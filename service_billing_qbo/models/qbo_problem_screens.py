"""Which button of a problem leads to the place that mends it."""

from odoo import api, fields, models

from .roles import BOOKKEEPER, check_role

# By kind; a kind that is not here is mended in QuickBooks and tried again.
FIXES = {
    "unmapped": "choose",
    "inactive": "choose",
    "customer": "link",
    "currency": "link",
    "closed": "configuration",
    "connection": "configuration",
    "number": "open",
    "data": "open",
    "changed": "open",
    "unknown": "open",
}


class QboProblem(models.Model):
    _inherit = "qbo.problem"

    fix = fields.Selection(
        [
            ("choose", "Choose"),
            ("link", "Link"),
            ("configuration", "Configuration"),
            ("open", "Open"),
        ],
        compute="_compute_fix",
    )

    @api.depends("kind", "closed_at")
    def _compute_fix(self):
        for problem in self:
            problem.fix = not problem.closed_at and FIXES.get(problem.kind)

    def action_retry_all(self):
        check_role(self.env, BOOKKEEPER)
        return super().action_retry_all()

    def action_fix(self):
        """Open the screen on which the cause is mended."""
        self.ensure_one()
        if self.fix == "choose":
            return self._action_choose()
        if self.fix == "link" and self.res_model == "res.partner":
            return self.env["res.partner"].browse(self.res_id).action_qbo_link()
        if self.fix == "configuration":
            return self.env["qbo.connection"].action_open_configuration()
        return super().action_fix()

    def _action_choose(self):
        """Return the account mapping with what is missing, most needed first."""
        action = self.env["qbo.mapping"].action_open()
        action["context"] = {"search_default_needed": 1}
        return action
