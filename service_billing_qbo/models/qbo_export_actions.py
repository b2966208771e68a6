from odoo import fields, models

from .roles import BOOKKEEPER, CLERK, check_role

#: Not on its way and not done: a person may hurry it, or hold it back.
HELD_STATES = ("waiting", "retry", "problem")


class QboExport(models.Model):
    """What people press on exports, and who may."""

    _inherit = "qbo.export"

    def action_export_now(self):
        """Make these exports due at once, whatever back-off they are in.

        :raise AccessError: for others than clerks; for an excluded one, bookkeepers
        """
        check_role(self.env, CLERK)
        self.check_access("read")
        self._check_may_release()
        # A clerk sees nothing of the connection, but may have it used.
        for connection in self.sudo().connection_id:
            connection._check_connected()
            connection._check_confirmed()
        self._release()
        return self._queued_toast()

    def _queued_toast(self) -> dict:
        """Return the action that says what becomes of what was just queued."""
        if paused := self.sudo().connection_id.filtered("paused"):
            words = self.env._(
                "Queued. Exporting is paused: it goes when %(people)s resumes it.",
                people=paused[0]._administrator_names(),
            )
            return self._toast(words, "warning")
        return self._toast(self.env._("Queued. QuickBooks is being told now."))

    def action_retry(self):
        """The same for those that failed, with their problems judged anew.

        Of several, what is under way, done or excluded is left alone, and said.
        """
        held = self.filtered(lambda export: export.state in HELD_STATES)
        if len(self) == 1 or held == self:
            return self.action_export_now()
        check_role(self.env, CLERK)
        if held:
            held.action_export_now()
        words = self.env._("%(count)s queued", count=len(held))
        return self._toast(
            ", ".join(filter(None, (words, (self - held)._left_words()))),
            "success" if held else "warning",
        )

    def _left_words(self) -> str:
        """Say of exports for which nothing is done why: "2 already exported"."""
        exported = self.filtered(lambda export: export.state == "exported")
        # Of what is there, too, a change may wait.
        exported |= self.filtered(lambda export: export.state in HELD_STATES)._there()
        words = []
        if exported:
            words.append(self.env._("%(count)s already exported", count=len(exported)))
        if left := len(self - exported):
            words.append(self.env._("%(count)s left alone", count=left))
        return ", ".join(words)

    def action_preview(self):
        """Show what QuickBooks would get now of these invoices and credit notes.

        :raise UserError: when there is none among them
        """
        self.check_access("read")
        documents = self.filtered(lambda export: export.res_model == "account.move")
        moves = self.env["account.move"].browse(documents.mapped("res_id")).exists()
        return moves.action_qbo_preview()

    def _check_may_release(self) -> None:
        """A bookkeeper said no to what is excluded; the same is needed to say yes."""
        if "excluded" in self.mapped("state"):
            check_role(self.env, BOOKKEEPER)

    def _release(self, resume: bool = True) -> None:
        """Judge these exports anew, now; what is under way is left alone.

        :param resume: whether a pause of QuickBooks ends, as a person wants
        """
        held = (self.sudo() | self._needed_first()).filtered(
            lambda export: export.state in (*HELD_STATES, "excluded")
        )
        let_in = held.sudo().filtered(lambda export: export.state == "excluded")
        # What QuickBooks may have already is looked up, never just sent again.
        uncertain = held.sudo().filtered(
            lambda export: export.state in ("problem", "excluded") and export.check_code
        )
        released = {
            "waits_for_id": False,
            "done_at": False,
            "excluded_reason": False,
            "excluded_by_id": False,
        }
        now = fields.Datetime.now()
        uncertain.write({"state": "checking", "retry_at": now, **released})
        (held.sudo() - uncertain).write(
            {"state": "waiting", "retry_at": False, **released}
        )
        connections = held.sudo().connection_id
        for connection in connections:
            # What needs a record that was excluded is stopped by that no longer.
            self.env["qbo.problem"]._close(
                connection,
                [
                    f"excluded:{row.res_model}:{row.res_id}"
                    for row in let_in
                    if row.connection_id == connection
                ],
            )
        if resume:
            self.env["qbo.drain"].sudo()._resume(connections)
        for connection in connections:
            self._wake(connection)

    def action_open_document(self):
        """Open the invoice or customer of this export."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def _toast(self, message: str, kind: str = "success") -> dict:
        """Return the action that says something in a corner, and reads the view again.

        :param kind: ``success``, or ``warning`` where nothing was done
        """
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
