from odoo import api, fields, models
from odoo.fields import Domain

from .short_date import short_date

EXPORTED_TYPES = ("out_invoice", "out_refund")


class AccountMove(models.Model):
    """Invoices and credit notes: when they are queued for QuickBooks.

    The hooks insert rows and nothing else; posting works whatever state
    QuickBooks is in.
    """

    _name = "account.move"
    _inherit = ["account.move", "qbo.exportable"]

    qbo_currency_id = fields.Many2one(
        "res.currency",
        "Currency in QuickBooks",
        compute="_compute_qbo_amounts",
        compute_sudo=True,
        groups="base.group_user",
    )
    qbo_total = fields.Monetary(
        "Total in QuickBooks",
        compute="_compute_qbo_amounts",
        compute_sudo=True,
        currency_field="qbo_currency_id",
        groups="base.group_user",
    )
    qbo_balance = fields.Monetary(
        "Open balance in QuickBooks",
        compute="_compute_qbo_amounts",
        compute_sudo=True,
        currency_field="qbo_currency_id",
        groups="base.group_user",
    )

    @api.depends("qbo_binding_id")
    def _compute_qbo_amounts(self):
        for move in self:
            binding = move.qbo_binding_id
            # What was voided there has no currency any more.
            own_currency = binding and move.currency_id
            move.qbo_currency_id = binding.currency_id or own_currency or False
            move.qbo_total = binding.qbo_total
            move.qbo_balance = binding.qbo_balance

    # -- hooks ------------------------------------------------------------------

    def _post(self, soft=True):
        # Future-dated moves are kept back, others are added: the return value counts.
        posted = super()._post(soft)
        self.env["qbo.export"]._enqueue(posted._qbo_documents())
        return posted

    def button_draft(self):
        result = super().button_draft()
        # A draft is being worked on; what still waits must not go as it is.
        self.env["qbo.export"]._fold(self._qbo_documents())
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._qbo_withdraw()
        return result

    @api.ondelete(at_uninstall=False)
    def _qbo_withdraw_deleted(self):
        self._qbo_withdraw()

    def _qbo_withdraw(self):
        """Let QuickBooks follow the end of documents that it has or may get."""
        documents = self._qbo_documents()
        if not documents:
            return
        bound = documents._qbo_bound()
        self.env["qbo.export"]._enqueue(bound)
        self.env["qbo.export"]._fold(documents - bound)

    def _qbo_documents(self):
        """Return those that are of a kind that QuickBooks gets."""
        return self.filtered(lambda move: move.move_type in EXPORTED_TYPES)

    # -- qbo.exportable -----------------------------------------------------------

    def _qbo_is_exportable(self):
        return self.move_type in EXPORTED_TYPES

    @api.model
    def _qbo_exportable_domain(self):
        return Domain("move_type", "in", EXPORTED_TYPES) & Domain(
            "state", "=", "posted"
        )

    def _qbo_is_cancelled(self):
        return self.state == "cancel"

    def _qbo_cancelled_domain(self):
        return Domain("state", "=", "cancel")

    def _qbo_can_go_now(self):
        return self.state == "posted"

    def _qbo_starting_date(self):
        return self.invoice_date

    def _qbo_is_early(self) -> bool:
        """Whether it is posted and dated before the day from which documents go."""
        _connection_id, start = self.env["qbo.export"]._target(self.company_id.id)
        return bool(
            self.state == "posted"
            and start
            and self.invoice_date
            and self.invoice_date < start
        )

    def _qbo_status_words(self, status, export, binding):
        words = super()._qbo_status_words(status, export, binding)
        end = self._qbo_withdrawal_words(binding)
        if status == "change_waiting" and end and export.state != "excluded":
            return " ".join(filter(None, (end, words)))
        if words or status != "not_exported" or not self._qbo_is_early():
            return words
        _connection_id, start = self.env["qbo.export"]._target(self.company_id.id)
        return self.env._(
            "Dated before %(date)s, the day from which invoices go to QuickBooks. It "
            "goes only when a bookkeeper exports it.",
            date=short_date(self.env, start),
        )

    def _qbo_withdrawal_words(self, binding) -> str:
        """Say what becomes in QuickBooks of a cancelled document, empty for others.

        :param binding: the ``qbo.binding`` of this document
        """
        if self.state != "cancel":
            return ""
        if self._qbo_withdrawal(binding) == "void":
            return self.env._("Cancelled here: it will be voided in QuickBooks.")
        return self.env._("Cancelled here: it will be deleted in QuickBooks.")

    def _qbo_outbox_vals(self):
        return {
            "reference": self.name,
            "partner_id": self.commercial_partner_id.id,
            "amount_total": self.amount_total_signed,
            "priority": 10,
        }
