"""What the invoice's screens show about QuickBooks, and what their buttons do."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .qbo_exportable import CHANGED_THERE
from .roles import ADMINISTRATOR, BOOKKEEPER, check_role

# The one button of the header, by status.
BUTTONS = {
    "not_exported": "export",
    "waiting": "export",
    "problem": "retry",
    "retry": "retry",
}
PREVIEWED = (*BUTTONS, "change_waiting")
# Connections of which nobody but a person makes an end.
BROKEN = ("lost", "wrong_company")
# What QuickBooks has of a draft that was posted before, and keeps meanwhile.
KEPT_THERE = ("exported", "differs", "changed")


class AccountMove(models.Model):
    _inherit = "account.move"

    qbo_shown = fields.Boolean(
        compute="_compute_qbo_screen", compute_sudo=True, groups="base.group_user"
    )
    qbo_sandbox = fields.Boolean(
        compute="_compute_qbo_screen", compute_sudo=True, groups="base.group_user"
    )
    qbo_line_items = fields.Boolean(
        compute="_compute_qbo_screen", compute_sudo=True, groups="base.group_user"
    )
    qbo_line_classes = fields.Boolean(
        compute="_compute_qbo_screen", compute_sudo=True, groups="base.group_user"
    )
    qbo_uses_classes = fields.Boolean(
        compute="_compute_qbo_screen", compute_sudo=True, groups="base.group_user"
    )
    qbo_can_preview = fields.Boolean(
        compute="_compute_qbo_screen",
        compute_sudo=True,
        help="Something may go to QuickBooks; what has gone is previewed by the menu.",
        groups="base.group_user",
    )
    qbo_button = fields.Selection(
        [
            ("export", "Export now"),
            ("early", "Export now, although it is dated before the first day"),
            ("retry", "Retry export"),
        ],
        compute="_compute_qbo_screen",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("qbo_status", "state", "company_id")
    @api.depends_context("uid")
    def _compute_qbo_screen(self):
        facts_of = self.env["qbo.connection"]._screen_facts
        known = self._qbo_realms(self._qbo_documents().company_id)
        may_take_back = self.env.user.has_group(BOOKKEEPER)
        for move in self:
            status = move.qbo_status
            connection_id, realm_id = known.get(move.company_id.id, (False, ""))
            is_new = bool(realm_id) and move._qbo_is_exportable() and not status
            facts = facts_of((status or is_new) and connection_id or 0)
            move.qbo_shown = bool(status)
            move.qbo_sandbox = facts["environment"] == "sandbox"
            move.qbo_uses_classes = facts["use_classes"]
            move.qbo_line_items = facts["allow_overrides"]
            move.qbo_line_classes = facts["allow_overrides"] and facts["use_classes"]
            move.qbo_can_preview = (is_new and move.state == "draft") or (
                status in PREVIEWED and move.state in ("draft", "posted")
            )
            may_press = move.state == "posted"
            if move.qbo_export_id._waits_for_others():
                may_press = False
            move.qbo_button = may_press and BUTTONS.get(status)
            if status == "change_waiting" and move.qbo_export_id.state == "excluded":
                # What QuickBooks has follows Odoo: whoever changes it lets it in.
                move.qbo_button = may_press and "export"
            if status == "not_exported":
                # Somebody, or the start day, keeps it out.
                early = move._qbo_is_early()
                if move.qbo_export_id.state == "excluded" or early:
                    may_press = may_press and may_take_back
                move.qbo_button = may_press and ("early" if early else "export")

    def qbo_alert(self):
        """Return what the form says of QuickBooks above the document.

        Asked for by the web client once the form is shown: looking through a draft as
        it would be sent costs dozens of queries.

        :return: an alert as ``_get_alerts`` has them, or False
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        if self.qbo_shown:
            return self._qbo_alert() or False
        if self.state == "draft" and (self.qbo_status or self.qbo_can_preview):
            return self._qbo_draft_alert() or False
        return False

    def _qbo_alert(self):
        """Return what stands between this document and QuickBooks, if anything does.

        :return: an alert, or None
        """
        status = self.qbo_status
        if status == "problem":
            return {
                "level": "danger",
                "message": " ".join(
                    filter(None, (self.qbo_status_text, self._qbo_others_turn()))
                ),
                "action_text": self.env._("Review"),
                "action": self.action_qbo_open_export(),
            }
        if self.state == "draft" and self.qbo_binding_id and status in KEPT_THERE:
            return self._qbo_reset_alert()
        if status == "differs":
            return self._qbo_difference_alert()
        if status in CHANGED_THERE:
            return {"level": "warning", "message": self.qbo_status_text}
        if status == "not_exported" and self.qbo_status_text:
            return {"level": "info", "message": self.qbo_status_text}
        if status == "change_waiting" and self.sudo().qbo_export_id.state == "excluded":
            return {"level": "warning", "message": self.qbo_status_text}
        if status in ("waiting", "change_waiting"):
            return self._qbo_waiting_alert()
        return None

    def _qbo_others_turn(self):
        """Return whose turn it is, for those who cannot mend it themselves.

        :rtype: str
        """
        turns = (
            self.sudo()
            .qbo_export_id.problem_ids.filtered(lambda problem: not problem.closed_at)
            .mapped("turn")
        )
        return self._qbo_turn_words(set(turns))

    @api.model
    def _qbo_turn_words(self, turns):
        """Say whose turn it is, unless this user can mend some of it.

        :param set turns: of ``qbo.problem``
        :rtype: str
        """
        user = self.env.user
        if not turns or "clerk" in turns or user.has_group(ADMINISTRATOR):
            return ""
        if "bookkeeper" not in turns:
            return self.env._("It is the QuickBooks administrator's turn.")
        if user.has_group(BOOKKEEPER):
            return ""
        return self.env._("It is the bookkeeper's turn.")

    def _qbo_reset_alert(self):
        """Say of a draft that was posted before what QuickBooks has meanwhile."""
        withdrawal = self._qbo_withdrawal(self.qbo_binding_id.sudo())
        kept = (
            self.env._(
                "QuickBooks keeps this document as it is until it is confirmed (then it"
                " is changed there) or cancelled (then it is voided there)."
            )
            if withdrawal == "void"
            else self.env._(
                "QuickBooks keeps this document as it is until it is confirmed (then it"
                " is changed there) or cancelled (then it is deleted there)."
            )
        )
        alert = self._qbo_draft_alert() or {"level": "info", "message": ""}
        there = self.qbo_status_text if self.qbo_status == "changed" else ""
        words = filter(None, (alert["message"], there, kept))
        return {**alert, "message": " ".join(words)}

    def _qbo_difference_alert(self):
        alert = {
            "level": "warning",
            "message": self.qbo_binding_id.sudo()._totals_text(),
        }
        if self.env.user.has_group(BOOKKEEPER):
            alert["action_text"] = self.env._("Review")
            alert["action"] = self.action_qbo_accept_difference()
        else:
            words = self.env._(
                "It is the bookkeeper's turn: to accept the difference or to have the "
                "document corrected."
            )
            alert["message"] = f"{alert['message']} {words}"
        return alert

    def _qbo_waiting_alert(self):
        """An export that waits needs a word only when nothing can be sent at all, or
        when it ends the document there."""
        connection = self.env["qbo.connection"]._for_company(self.company_id)
        ends = self._qbo_withdrawal_words(self.qbo_binding_id.sudo())
        held = connection._why_held()
        if not held:
            return ends and {"level": "info", "message": ends} or None
        level = "danger" if connection.state in BROKEN else "warning"
        words = filter(None, (ends, held, self.env._("This document waits.")))
        alert = {
            "level": "info" if connection.paused else level,
            "message": " ".join(words),
        }
        if self.env.user.has_group(ADMINISTRATOR):
            alert["action_text"] = self.env._("Configuration")
            alert["action"] = connection.sudo(False).action_open_configuration()
        elif connection.state != "connected" or connection._awaits_confirmation():
            alert["message"] = f"{alert['message']} {connection._ask_words()}"
        return alert

    # Buttons -----------------------------------------------------------------

    def action_qbo_open_export(self):
        """Open the export that tells what happened with this document.

        Where nothing happened yet, what would go is what can be told; where the export
        is long gone, the document in QuickBooks.

        :raise AccessError: for who sees no exports
        """
        self.ensure_one()
        self.env["qbo.export"].check_access("read")
        if self.qbo_export_id:
            return self.qbo_export_id._get_records_action(name=self.env._("Export"))
        return self.action_qbo_open() if self.qbo_url else self.action_qbo_preview()

    def action_qbo_accept_difference(self):
        """Ask why the total of QuickBooks is right as it is.

        :raise AccessError: for others than bookkeepers
        :raise UserError: when there is no difference
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        if self.qbo_status != "differs":
            raise UserError(self.env._("There is no difference to accept."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accept difference"),
            "res_model": "qbo.accept.difference",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_binding_id": self.qbo_binding_id.id},
        }

    def action_qbo_export_now(self):
        if not self.env.su and not self.env.user.has_group(BOOKKEEPER):
            early = self.filtered(
                lambda move: move.qbo_status == "not_exported" and move._qbo_is_early()
            )
            if early:
                raise UserError(
                    self.env._(
                        "%(name)s is dated before the day from which invoices go to "
                        "QuickBooks. Ask a bookkeeper.",
                        name=early[0].display_name,
                    )
                )
        return super().action_qbo_export_now()
