"""How screens follow an export, and the dialog that excludes one."""

from odoo import api, fields, models


class QboExport(models.Model):
    _inherit = "qbo.export"

    problem_text = fields.Char(string="What stops it", compute="_compute_problem_text")

    @api.depends("state", "problem_ids.closed_at", "last_message")
    def _compute_problem_text(self):
        for export in self:
            problems = export.problem_ids.filtered(
                lambda problem: not problem.closed_at
            )
            stopped = export.state == "problem"
            messages = problems.mapped("message") if stopped else []
            export.problem_text = " ".join(messages) or export.last_message

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._tell_screens()
        return result

    def _tell_screens(self):
        """Let open screens of these exports and of their documents follow."""
        result = super()._tell_screens()
        live = self.env["qbo.live"]
        live._tell_changed(self._name, self.ids)
        for model_name, exports in self.grouped("res_model").items():
            live._tell_changed(model_name, exports.mapped("res_id"))
        return result

    def action_open_exclude(self):
        """Ask why these documents are not to go to QuickBooks."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exclude from QuickBooks"),
            "res_model": "qbo.exclude",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_export_ids": self.ids},
        }
