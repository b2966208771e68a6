from odoo import api, fields, models
from odoo.exceptions import UserError

from ..mappers.outcome import Cause
from .qbo_exportable import CHANGED_THERE
from .roles import BOOKKEEPER, check_role

KEY = "changed:there:"


class QboProblem(models.Model):
    """A document was changed, voided or deleted in QuickBooks: a person decides.

    Such a problem stops no export, it stands for itself: *Export again* brings Odoo's
    state there, *Keep* lets QuickBooks' state stand, *Unlink* ends the tie between the
    two. When the document is exported again for any other reason, it closes by itself.
    """

    _inherit = "qbo.problem"

    binding_id = fields.Many2one("qbo.binding", readonly=True, ondelete="set null")
    asks_about_change = fields.Boolean(compute="_compute_asks_about_change")

    @api.depends("key", "closed_at", "binding_id")
    def _compute_asks_about_change(self):
        for problem in self:
            problem.asks_about_change = bool(
                problem.binding_id
                and not problem.closed_at
                and problem.key.startswith(KEY)
            )

    @api.depends("asks_about_change")
    def _compute_fix(self):
        """Three buttons of its own decide it; sending again is only one of them."""
        result = super()._compute_fix()
        asking = self.filtered("asks_about_change")
        asking.retry_helps = False
        return result

    def _compute_stops(self):
        """It stops nothing; what it is about has a value all the same."""
        result = super()._compute_stops()
        for problem in self.filtered("asks_about_change"):
            document = problem.sudo().binding_id._document()
            if document and document._name == "account.move":
                problem.value = abs(document.amount_total_signed)
        return result

    @api.model
    def _open_change(self, binding, message: str) -> None:
        """Ask people what to do about a document that was changed there.

        :param message: what happened, in a sentence
        """
        document = binding._document()
        named = document.display_name if document else binding.doc_number
        cause = Cause(
            kind="changed",
            key=binding._change_key(),
            message=f"{named}: {message}",
            todo=self.env._(
                "Export again, keep it as it is in QuickBooks, or unlink it."
            ),
            res_model=document._name if document else "",
            res_id=document.id or 0,
        )
        ids = self._open_rows(binding.connection_id, [cause], {})
        self.invalidate_model()
        self.browse(ids.values()).write({"binding_id": binding.id})

    # -- what people press --------------------------------------------------------

    def action_retry_all(self):
        """Leave alone what asks for a decision: sending again is only one of three.

        :raise UserError: all of these do
        """
        asking = self.filtered("asks_about_change")
        if self and asking == self:
            raise UserError(
                self.env._(
                    "Retry all does not decide this. Choose Export again, Keep or"
                    " Unlink for each."
                )
            )
        return super(QboProblem, self - asking).action_retry_all()

    def action_change_export(self):
        """Bring Odoo's state to QuickBooks again."""
        binding = self._changed_binding()
        known = binding.res_model in self.env
        record = known and self.env[binding.res_model].browse(binding.res_id).exists()
        if not record or not record._qbo_can_go_now():
            raise UserError(
                self.env._("It is not posted any more. Keep it, or unlink it.")
            )
        if binding.entity == "Payment":
            # What applies a credit note is made anew, it cannot be changed.
            binding.unlink()
        self.sudo()._close_all()
        return record.action_qbo_export_now()

    def action_change_keep(self):
        """Let QuickBooks' state stand."""
        binding = self._changed_binding()
        binding._keep_change()
        self.sudo()._close_all()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_change_unlink(self):
        """Forget that the two are the same; both stay as they are."""
        binding = self._changed_binding()
        record = binding._document()
        body = self.env._(
            "%(number)s in QuickBooks is no longer linked with this document.",
            number=binding.doc_number or binding.qbo_id,
        )
        res_model, res_id = binding.res_model, binding.res_id
        connection = binding.connection_id
        binding.unlink()
        self.sudo()._close_all()
        if record:
            record._message_log(author_id=self.env.user.partner_id.id, body=body)
        if record and record._name == res_model:
            # Else it would count as not exported, and be sent a second time.
            exports = self.env["qbo.export"]
            exports._keep_out(connection, record, body)
            if not exports.sudo()._excluded_of(connection, record):
                raise UserError(
                    self.env._("It is being sent just now. Try again in a minute.")
                )
        self.env["qbo.live"]._tell_changed(res_model, [res_id])
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _changed_binding(self):
        """Return the link that this problem asks about, as superuser.

        :raise AccessError: for others than bookkeepers
        :raise UserError: it was decided already
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        self.check_access("read")
        binding = self.sudo().binding_id
        if not self.asks_about_change:
            raise UserError(self.env._("This was decided already."))
        return binding


class QboBinding(models.Model):
    _inherit = "qbo.binding"

    def _keep_change(self) -> None:
        """Let what was changed there stand: from now on it is what both agree on."""
        self.ensure_one()
        user = self.env.user
        if self.remote_state == "changed":
            reason = self.env._("Kept as it was changed in QuickBooks.")
            self.write(
                {
                    "remote_state": "present",
                    "total_difference": self.currency_id.round(
                        self.qbo_total - self.odoo_total
                    ),
                    "difference_reason": reason,
                    "difference_accepted_by_id": user.id,
                    "difference_accepted_at": fields.Datetime.now(),
                    "difference_accepted_reason": reason,
                }
            )
        if record := self._document():
            record._message_log(
                author_id=user.partner_id.id,
                body=self.env._(
                    "%(user)s keeps it as it is in QuickBooks.", user=user.name
                ),
            )
        self.env["qbo.live"]._tell_changed(self.res_model, [self.res_id])


class QboExportable(models.AbstractModel):
    _inherit = "qbo.exportable"

    def _qbo_shown_on(self):
        """Return the record on whose screen people read about this one."""
        return self

    def _qbo_after_exports(self, connection, bindings, answers):
        result = super()._qbo_after_exports(connection, bindings, answers)
        keys = [binding._change_key() for binding in bindings.values()]
        # Odoo's state is there again: there is nothing left to decide.
        self.env["qbo.problem"]._close(connection, keys)
        return result


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def _qbo_shown_on(self):
        return self.credit_move_id.move_id


class AccountMove(models.Model):
    _inherit = "account.move"

    def _qbo_alert(self):
        alert = super()._qbo_alert()
        if alert and self.qbo_status in CHANGED_THERE and not alert.get("action"):
            problem = self.env["qbo.problem"].search(
                [
                    ("key", "=", self.qbo_binding_id.sudo()._change_key()),
                    ("connection_id", "=", self.qbo_binding_id.sudo().connection_id.id),
                    ("closed_at", "=", False),
                ]
            )
            if problem:
                alert["action_text"] = self.env._("Review")
                alert["action"] = problem._get_records_action(
                    name=self.env._("Problem"), path="quickbooks-problems"
                )
        return alert
