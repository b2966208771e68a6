"""Which button of a problem leads to the place that mends it."""

from odoo import api, fields, models
from odoo.fields import Domain

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
FIX_WORDS = [
    ("choose", "Choose"),
    ("link", "Link"),
    ("configuration", "Configuration"),
    ("open", "Open"),
]


class QboProblem(models.Model):
    _inherit = "qbo.problem"

    fix = fields.Selection(FIX_WORDS, compute="_compute_fix")

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
        action = self._fix_action(self.fix, self.res_model, self.res_id)
        if self.kind == "inactive" and self._has_unusable_choices(action):
            action["context"] = {**action["context"], **_only("unusable")}
        return action

    def _has_unusable_choices(self, action) -> bool:
        """Whether the list that opens has something for its filter "Inactive"."""
        shown = Domain(action.get("domain") or Domain.TRUE)
        gone = Domain("reference_id.active", "=", False) | Domain(
            "reference_id.deleted", "=", True
        )
        return bool(self.env["qbo.mapping"].search_count(shown & gone, limit=1))

    @api.model
    def _fix_action(self, fix, res_model, res_id):
        """Return the action that opens the place where a cause is mended.

        :param str fix: a key of ``FIX_WORDS``
        :return: an action, False when there is no such place
        """
        if fix == "choose":
            action = self.env["qbo.mapping"].action_open()
            action["context"] = {**action["context"], **_only("needed")}
            return action
        if fix == "link" and res_model == "res.partner":
            return self.env["res.partner"].browse(res_id).action_qbo_link()
        if res_model == "qbo.match":
            return self.env["qbo.match"].action_open()
        if fix == "configuration":
            return self.env["qbo.connection"].action_open_configuration()
        if not res_model or res_model not in self.env or not res_id:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": res_model,
            "res_id": res_id,
            "views": [(False, "form")],
        }


def _only(name):
    """Return the context in which Account Mapping opens with one filter.

    :param str name: of a filter of its search view
    :rtype: dict
    """
    others = dict.fromkeys(("needed", "without_unneeded"), 0)
    return {f"search_default_{key}": on for key, on in {**others, name: 1}.items()}
