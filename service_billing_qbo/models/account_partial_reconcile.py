from decimal import Decimal

from odoo import api, fields, models

from ..mappers.money import decimal_of
from ..mappers.outcome import CannotExport, Cause, LookUp, NeedsFirst, Prepared


class AccountPartialReconcile(models.Model):
    """A credit note applied to an invoice: a payment of nothing in QuickBooks.

    QuickBooks links a credit memo to an invoice by a Payment whose total is 0 and
    whose lines name both (Intuit, Payment).
    """

    _name = "account.partial.reconcile"
    _inherit = ["account.partial.reconcile", "qbo.exportable"]

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        credits = partials.filtered(lambda partial: partial._qbo_is_exportable())
        if credits:
            self.env["qbo.export"]._enqueue(credits)
        return partials

    @api.ondelete(at_uninstall=False)
    def _qbo_withdraw(self):
        undone = self.filtered(lambda partial: partial._qbo_is_exportable())
        if not undone:
            return
        bound = undone._qbo_bound()
        self.env["qbo.export"]._enqueue(bound.with_context(qbo_application_ends=True))
        self.env["qbo.export"]._fold(undone - bound)
        # What QuickBooks refused while they were tied may go now.
        self.env["qbo.export"]._fold(
            (undone.debit_move_id | undone.credit_move_id).move_id
        )

    def _qbo_is_exportable(self):
        self.ensure_one()
        return (
            self.debit_move_id.move_id.move_type == "out_invoice"
            and self.credit_move_id.move_id.move_type == "out_refund"
        )

    def _qbo_can_go_now(self):
        return all(move._qbo_can_go_now() for move in self._qbo_moves())

    def _qbo_moves(self):
        """Return the invoice and the credit note.

        :rtype: account.move
        """
        self.ensure_one()
        return self.debit_move_id.move_id + self.credit_move_id.move_id

    def _qbo_starting_date(self):
        # Odoo matches drafts too, and a draft may have no date yet.
        dates = self._qbo_moves().mapped("invoice_date")
        return min(filter(None, dates), default=False)

    def _qbo_outbox_vals(self):
        invoice, credit_note = self._qbo_moves()
        return {
            "reference": f"{credit_note.name} > {invoice.name}",
            "partner_id": invoice._qbo_customer().id,
            # A payment of nothing: the value is that of its documents.
            "amount_total": 0.0,
            # Applied after its documents, taken off before they change.
            "priority": 5 if self.env.context.get("qbo_application_ends") else 20,
        }

    def _qbo_followed(self):
        # Applying changes what QuickBooks has, where it has both documents.
        in_quickbooks = (
            self.debit_move_id.move_id | self.credit_move_id.move_id
        )._qbo_bound()
        return super()._qbo_followed() | self.filtered(
            lambda partial: partial._qbo_moves() <= in_quickbooks
        )

    def _qbo_prepare(self, connection, binding):
        """Return the Payment that applies the credit memo to the invoice.

        :rtype: mappers.outcome.Prepared
        :raise NeedsFirst: one of the two documents is not in QuickBooks yet, or not
            as it is in Odoo: of another customer, or still tied to something else
        """
        self.ensure_one()
        connection = connection.sudo()
        applies_itself = connection._prefs().auto_apply_credit
        if binding or applies_itself or not self._qbo_can_go_now():
            # QuickBooks applies by itself, or what is applied does not change.
            return Prepared(entity="Payment", operation="nothing", payload={})
        moves = self._qbo_moves()
        self._qbo_check_currencies(moves)
        found = self.env["qbo.binding"]._find_many(
            connection, "account.move", moves.ids
        )
        missing = moves.filtered(lambda move: move.id not in found)
        changing = moves._qbo_changing(connection)
        if "excluded" in missing.qbo_export_id.mapped("state"):
            return Prepared(entity="Payment", operation="nothing", payload={})
        if missing or changing:
            raise NeedsFirst(missing | changing)
        payload = self._qbo_prepare_payment_vals(connection, found)
        return Prepared(
            entity="Payment",
            operation="create",
            payload=payload,
            look_up=LookUp(
                entity="Payment",
                customer_id=payload["CustomerRef"]["value"],
                txn_date=payload["TxnDate"],
                total=Decimal(0),
                private_note=payload["PrivateNote"],
            ),
        )

    def _qbo_check_currencies(self, moves):
        """Stop what QuickBooks cannot link: documents of customers of two currencies.

        :raise CannotExport: with that cause
        """
        if len(moves.currency_id) == 1:
            return
        message = self.env._(
            "QuickBooks cannot apply %(credit)s in %(its)s to %(invoice)s in %(ours)s.",
            credit=moves[1].display_name,
            its=moves[1].currency_id.name,
            invoice=moves[0].display_name,
            ours=moves[0].currency_id.name,
        )
        cause = Cause(
            kind="currency",
            key=f"currency:{self._name}:{self.id}",
            message=message,
            todo=self.env._("Exclude it, and settle the two in QuickBooks by hand."),
            res_model=moves._name,
            res_id=moves[1].id,
        )
        raise CannotExport([cause])

    def _qbo_prepare_payment_vals(self, connection, bindings):
        """Return the Payment of nothing; extend it to add to it.

        :param dict bindings: ``qbo.binding`` by id of the invoice and the credit note
        :rtype: dict
        """
        self.ensure_one()
        moves = self._qbo_moves()
        customer = moves[0]._qbo_customer_binding(connection)
        vals = {
            "CustomerRef": {"value": customer.qbo_id},
            "TotalAmt": Decimal(0),
            "TxnDate": fields.Date.to_string(max(moves.mapped("invoice_date"))),
            "PrivateNote": self._qbo_marker(),
            "Line": [self._qbo_link_line(bindings[move.id]) for move in moves],
        }
        if connection._prefs().multi_currency:
            vals["CurrencyRef"] = {"value": moves[0].currency_id.name}
        return vals

    def _qbo_link_line(self, binding):
        amount = decimal_of(
            self.debit_amount_currency, self.debit_currency_id.decimal_places
        )
        linked = {"TxnId": binding.qbo_id, "TxnType": binding.entity}
        return {"Amount": amount, "LinkedTxn": [linked]}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _qbo_changing(self, connection):
        """Return those of which QuickBooks has yet to be told something."""
        rows = self.env["qbo.export"]._open_rows_of(connection, self)
        return self.browse(row["res_id"] for row in rows)

    def _post(self, soft=True):
        # What was matched as a draft is applied only now.
        posted = super()._post(soft)
        # The column is read with the others: no query where nothing was matched.
        lines = posted._qbo_documents().line_ids.filtered("matching_number")
        applied = (lines.matched_debit_ids | lines.matched_credit_ids).filtered(
            lambda partial: partial._qbo_is_exportable()
        )
        if applied:
            self.env["qbo.export"]._enqueue(applied)
        return posted
