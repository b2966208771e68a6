"""How screens follow an export."""

from odoo import api, fields, models
from odoo.tools import SQL

from .roles import BOOKKEEPER

#: Kinds of problems by which documents are stopped before they are sent.
KNOWN_BEFORE = ("connection", "currency", "feature", "subscription", "unmapped")


class QboExport(models.Model):
    _inherit = "qbo.export"

    problem_text = fields.Char(string="What stops it", compute="_compute_problem_text")

    can_retry = fields.Boolean(compute="_compute_can_retry")
    retry_leads = fields.Boolean(
        compute="_compute_can_retry",
        help="Trying again is what helps, not mending its cause first.",
    )
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
                export.state in ("problem", "retry") and not export._waits_for_others()
            )
            export.retry_leads = export.can_retry and not export._is_stopped_before()

    def _waits_for_others(self) -> bool:
        """Whether only others can mend what stops it: sent again it would be stopped
        again, and what they do lets it go."""
        return not self.env.user.has_group(BOOKKEEPER) and self._is_stopped_before()

    def _is_stopped_before(self) -> bool:
        """Whether all that stops it is known without asking QuickBooks.

        A choice lets it go by itself; what is mended in QuickBooks is read anew by
        Retry all on its problem.
        """
        if self.state != "problem":
            return False
        problems = self.problem_ids.filtered(lambda problem: not problem.closed_at)
        return bool(problems) and all(
            problem.turn != "clerk"
            and (problem.fix == "choose" or problem.kind in KNOWN_BEFORE)
            for problem in problems
        )

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
            return self._excluded_words()
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
