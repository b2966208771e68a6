"""The cog menu of the invoice and its list: which entry, for which documents."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .qbo_export_actions import HELD_STATES
from .roles import BOOKKEEPER, CLERK, check_role

# Entries that stand on an invoice only where they do something, with their action.
ENTRIES = {
    "preview": "action_move_preview",
    "open": "action_move_open_in_quickbooks",
    "exclude": "action_move_exclude",
    "accept": "action_move_accept_difference",
    # Of the list only.
    "export": "action_move_export",
    "retry": "action_move_retry",
}


class AccountMove(models.Model):
    """Odoo shows entries of the cog menu on each record of a model: vendor bills and
    journal entries, too. Ours are marked, and the web client shows those that make
    sense (static/src/menu)."""

    _inherit = "account.move"

    qbo_entries = fields.Char(
        compute="_compute_qbo_entries",
        compute_sudo=True,
        help="Entries of the cog menu that make sense, separated by commas.",
        groups="base.group_user",
    )

    @api.depends("qbo_status", "qbo_can_preview")
    def _compute_qbo_entries(self):
        for move in self:
            entries = {
                "preview": move.qbo_shown or move.qbo_can_preview,
                "open": move.qbo_binding_id.remote_state not in (False, "deleted"),
                "exclude": move._qbo_can_be_excluded(),
                "accept": move.qbo_status == "differs",
            }
            move.qbo_entries = ",".join(key for key, sense in entries.items() if sense)

    @api.model
    def get_views(self, views, options=None):
        found = super().get_views(views, options)
        find = self.env["ir.model.data"]._xmlid_to_res_id
        names = {
            find(f"service_billing_qbo.{xmlid}"): name
            for name, xmlid in ENTRIES.items()
        }
        for view in found["views"].values():
            toolbar = view.get("toolbar") or {}
            if "action" in toolbar:
                toolbar["action"] = [
                    {**action, "qbo_entry": names[action["id"]]}
                    if action["id"] in names
                    else action
                    for action in toolbar["action"]
                ]
        return found

    # -- several at once ----------------------------------------------------------

    def action_qbo_export_selected(self):
        """Queue the selected documents and say what became of them.

        :raise UserError: when the QuickBooks account is not connected
        """
        return self._qbo_queue_selected(("export", "retry"))

    def action_qbo_retry_selected(self):
        """The same for those of the selected that were stopped or put off."""
        return self._qbo_queue_selected(("retry",))

    def _qbo_queue_selected(self, buttons):
        """Press the button of each document that has one of these.

        :param buttons: values of ``qbo_button``
        :raise AccessError: for others than people who make invoices
        """
        check_role(self.env, CLERK)
        early = "export" in buttons and "early" not in buttons
        if early and any(move.qbo_button == "early" for move in self):
            # They may have been entered in QuickBooks by hand: look first.
            return self.action_qbo_preview()
        queued = self.filtered(lambda move: move.qbo_button in buttons)
        if queued:
            queued.action_qbo_export_now()
        words = self.env._("%(count)s queued", count=len(queued))
        return self.env["qbo.export"]._toast(
            ", ".join(filter(None, (words, (self - queued)._qbo_left_words()))),
            "success" if queued else "warning",
        )

    def _qbo_left_words(self) -> str:
        """Say of documents for which nothing is done why: "2 already exported"."""
        drafts = self.filtered(lambda move: move.state == "draft")
        exported = (self - drafts).filtered("qbo_binding_id")
        words = []
        if exported:
            words.append(self.env._("%(count)s already exported", count=len(exported)))
        if drafts:
            words.append(self.env._("%(count)s draft", count=len(drafts)))
        if left := len(self - drafts - exported):
            words.append(self.env._("%(count)s left alone", count=left))
        return ", ".join(words)

    # -- excluding ------------------------------------------------------------------

    def _qbo_can_be_excluded(self) -> bool:
        """Whether it waits to go, or would go if somebody said so.

        Not what QuickBooks has: it follows Odoo.
        """
        self.ensure_one()
        export = self.sudo().qbo_export_id
        if self.sudo().qbo_binding_id._is_there():
            return False
        if self.qbo_status == "not_exported":
            return export.state != "excluded"
        return export.state in HELD_STATES

    def action_qbo_exclude(self):
        """Ask why these documents are not to go to QuickBooks.

        :raise AccessError: for others than bookkeepers
        :raise UserError: when none of them could go, or QuickBooks has them
        """
        check_role(self.env, BOOKKEEPER)
        self.check_access("read")
        going = self.filtered(lambda move: move._qbo_can_be_excluded())
        exports = (self - going).qbo_export_id
        changing = exports.filtered(lambda row: row.state in HELD_STATES)._there()
        if not going and changing:
            raise UserError(changing._late_words())
        if not going:
            raise UserError(
                self.env._("None of these is waiting: there is nothing to exclude.")
            )
        queued = going.filtered(lambda move: move.qbo_status != "not_exported")
        left = self - going
        return queued.qbo_export_id._exclude_action(
            going - queued,
            left and left._qbo_left_words() or "",
            is_changing=bool(changing),
        )
