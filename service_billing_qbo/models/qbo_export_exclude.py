"""Keeping records out of QuickBooks: only what it does not have.

What it has follows Odoo. Held back, it would go on standing there as it was, and
nobody would see that.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .qbo_export import OPEN_STATES
from .qbo_export_actions import HELD_STATES
from .roles import BOOKKEEPER, check_role


class QboExport(models.Model):
    _inherit = "qbo.export"

    can_exclude = fields.Boolean(compute="_compute_can_exclude")

    @api.depends("state")
    def _compute_can_exclude(self):
        excludable = self._excludable()
        for export in self:
            export.can_exclude = export in excludable

    def _excludable(self):
        """Return those that can be held back."""
        held = self.filtered(lambda export: export.state in HELD_STATES)
        return held - held._there()

    def _there(self):
        """Return those whose record QuickBooks has now."""
        if not self.ids:
            return self.browse()
        rows = self.env.execute_query(
            SQL(
                "SELECT export.id FROM qbo_export export"
                " WHERE export.id = ANY(%s) AND %s",
                self.ids,
                self.env["qbo.binding"]._is_there_sql("export"),
            )
        )
        return self.browse(row[0] for row in rows)

    def action_exclude(self, reason: str):
        """Never send these, and say why; all of them or none.

        :raise AccessError: for others than bookkeepers
        :raise UserError: without a reason, or when one cannot be held back: it is
            under way or done, or QuickBooks has its record
        """
        if late := self - self._exclude_held(reason):
            raise UserError(late._late_words())
        return True

    def _exclude_held(self, reason: str):
        """Exclude those of these that can be held back.

        :return: these
        :raise AccessError: for others than bookkeepers
        :raise UserError: without a reason
        """
        check_role(self.env, BOOKKEEPER)
        self.check_access("read")
        if not (reason or "").strip():
            raise UserError(self.env._("Please say why it is not to be exported."))
        held = self._lock_held()
        problems = held.problem_ids
        held.sudo().write(
            {
                "state": "excluded",
                "excluded_reason": reason.strip(),
                "excluded_by_id": self.env.uid,
                "done_at": fields.Datetime.now(),
            }
        )
        self.flush_model(["state"])
        problems.sudo()._close_empty()
        # What waited for these is judged anew: it may now be stopped by name.
        self.sudo().search(
            [("waits_for_id", "in", held.ids), ("state", "in", OPEN_STATES)]
        )._release()
        return held

    def _lock_held(self):
        """Return those that can be held back; they stay so until the transaction ends.

        One that the drain has just taken collides: Odoo repeats the request, which
        then sees what became of it.
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT export.id FROM qbo_export export
                 WHERE export.id = ANY(%s) AND export.state IN %s AND NOT %s
              ORDER BY export.id
                   FOR NO KEY UPDATE
                """,
                self.ids,
                HELD_STATES,
                self.env["qbo.binding"]._is_there_sql("export"),
            )
        )
        return self.browse(row[0] for row in rows)

    @api.model
    def _keep_out(self, connection, records, reason: str):
        """Exclude records of which nothing is queued just now.

        Not those that QuickBooks has, nor those of which it is being told.

        :return: the exports that were excluded
        :raise AccessError: for others than bookkeepers
        """
        check_role(self.env, BOOKKEEPER)
        found = self.env["qbo.binding"]._find_many(
            connection, records._name, records.ids
        )
        free = records.filtered(
            lambda record: (
                not any(link._is_there() for link in found.get(record.id, ()))
            )
        )
        if not free:
            return self.browse()
        self.sudo()._insert(connection, free, fold=False)
        rows = self.search(
            [
                ("connection_id", "=", connection.id),
                ("res_model", "=", free._name),
                ("res_id", "in", free.ids),
                ("state", "in", HELD_STATES),
            ]
        )
        return rows._exclude_held(reason)

    def _excluded_words(self) -> str:
        """Say who keeps this out of QuickBooks, and why."""
        return self.env._(
            "Excluded by %(user)s: %(reason)s",
            user=self.excluded_by_id.name,
            reason=self.excluded_reason,
        )

    def _late_words(self) -> str:
        """Say that these cannot be held back, and what can be done instead."""
        words = self.env._(
            "%(numbers)s can no longer be held back.",
            numbers=", ".join(self.mapped(lambda export: export.reference or "?")),
        )
        return f"{words} {self._there_words()}" if self._there() else words

    @api.model
    def _there_words(self) -> str:
        """Say what can be done where a change is not wanted in QuickBooks."""
        return self.env._(
            "What QuickBooks has follows Odoo: undo the change here, or cancel the "
            "document, which ends it there, too."
        )

    # -- the dialog -----------------------------------------------------------------

    def action_open_exclude(self):
        """Ask why these documents are not to go to QuickBooks.

        :raise AccessError: for others than bookkeepers
        :raise UserError: when none of them can be held back
        """
        check_role(self.env, BOOKKEEPER)
        self.check_access("read")
        held = self._excludable()
        left = self - held
        changing = left.filtered(lambda export: export.state in HELD_STATES)._there()
        if not held and changing:
            raise UserError(changing._late_words())
        if not held:
            raise UserError(
                self.env._("None of these is waiting: there is nothing to exclude.")
            )
        return held._exclude_action(
            left_text=left and left._left_words() or "", is_changing=bool(changing)
        )

    def _exclude_action(
        self, moves=None, left_text: str = "", is_changing: bool = False
    ) -> dict:
        """Return the dialog that asks why these are not to go.

        :param moves: account.move that are excluded, too, and were never queued
        :param left_text: what is to be said of those that were chosen with them and
            cannot be held back
        :param is_changing: QuickBooks has one of those, and is yet to be told something
        """
        if is_changing:
            left_text = f"{left_text}. {self._there_words()}"
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
