"""How screens follow an export, and the dialog that excludes one."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .qbo_export_actions import HELD_STATES
from .roles import BOOKKEEPER, check_role


class QboExport(models.Model):
    _inherit = "qbo.export"

    problem_text = fields.Char(string="What stops it", compute="_compute_problem_text")

    can_retry = fields.Boolean(compute="_compute_can_retry")
    state_text = fields.Char(
        "Outcome",
        compute="_compute_state_text",
        help="What an export did that created nothing.",
    )

    @api.depends("state", "operation")
    @api.depends_context("lang")
    def _compute_state_text(self):
        words = {
            "void": self.env._("Voided"),
            "delete": self.env._("Deleted"),
            "update": self.env._("Changed"),
        }
        for export in self:
            is_done = export.state == "exported"
            export.state_text = is_done and words.get(export.operation)

    @api.depends("state", "problem_ids.closed_at", "problem_ids.kind")
    @api.depends_context("uid")
    def _compute_can_retry(self):
        for export in self:
            export.can_retry = (
                export.state in ("problem", "retry") and not export._waits_for_choice()
            )

    def _waits_for_choice(self) -> bool:
        """Whether only a choice helps that this user does not make.

        Sent again it would be stopped again; the choice itself lets it go.
        """
        if self.state != "problem" or self.env.user.has_group(BOOKKEEPER):
            return False
        fixes = {problem.fix for problem in self.problem_ids if not problem.closed_at}
        return fixes == {"choose"}

    @api.depends("state", "problem_ids.closed_at", "last_message", "waits_for_id")
    @api.depends_context("lang")
    def _compute_problem_text(self):
        for export in self:
            export.problem_text = export._why_not_there()

    def _open_problem_words(self) -> dict[int, str]:
        """Return what the open problems say of each of these, by one query."""
        self.env["qbo.problem"].flush_model(["closed_at", "message"])
        self.flush_model(["problem_ids"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rel.export_id,
                       string_agg(problem.message, ' '
                                  ORDER BY problem.opened_at DESC, problem.id DESC)
                  FROM qbo_export_problem_rel rel
                  JOIN qbo_problem problem ON problem.id = rel.problem_id
                 WHERE rel.export_id = ANY(%s) AND problem.closed_at IS NULL
              GROUP BY rel.export_id
                """,
                self.ids,
            )
        )
        return dict(rows)

    def _why_not_there(self) -> str:
        """Say in a sentence what keeps this export, empty when nothing does."""
        self.ensure_one()
        if self.state == "problem":
            problems = self.problem_ids.filtered(lambda problem: not problem.closed_at)
            return " ".join(problems.mapped("message")) or self.last_message or ""
        if self.state in ("waiting", "retry"):
            # As superuser: a clerk may know why, not how the company is connected.
            held = self.connection_id.sudo()._why_held()
            if held:
                return f"{held} {self.env._('This document waits.')}"
            if self.waits_for_id:
                return self.env._(
                    "Waits for %(other)s to be exported first.",
                    other=self.waits_for_id.reference,
                )
        if self.state == "excluded":
            return self.env._(
                "Excluded by %(user)s: %(reason)s",
                user=self.excluded_by_id.name,
                reason=self.excluded_reason,
            )
        return "" if self.state == "exported" else self.last_message or ""

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
        live._tell_changed("qbo.connection", self.connection_id.ids)
        for model_name, exports in self.grouped("res_model").items():
            live._tell_changed(model_name, exports.mapped("res_id"))
        return result

    def action_open_exclude(self):
        """Ask why these documents are not to go to QuickBooks.

        :raise AccessError: for others than bookkeepers
        :raise UserError: when all of them are under way or done
        """
        check_role(self.env, BOOKKEEPER)
        held = self.filtered(lambda export: export.state in HELD_STATES)
        if not held:
            raise UserError(
                self.env._("None of these is waiting: there is nothing to exclude.")
            )
        left = self - held
        return held._exclude_action(left_text=left and left._left_words() or "")

    def _exclude_action(self, moves=None, left_text: str = "") -> dict:
        """Return the dialog that asks why these are not to go.

        :param moves: account.move that are excluded, too, and were never queued
        :param left_text: what is to be said of those that were chosen with them and
            cannot be held back
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exclude from QuickBooks"),
            "res_model": "qbo.exclude",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_export_ids": self.ids,
                "default_move_ids": moves.ids if moves else [],
                "default_left_text": left_text,
            },
        }
