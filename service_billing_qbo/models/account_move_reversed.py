from odoo import models


class AccountMove(models.Model):
    """A credit note of an invoice that a person keeps out of QuickBooks.

    There it would be a credit without the invoice that it takes back.
    """

    _inherit = "account.move"

    def _qbo_check_reversed(self, prep):
        """Stop a new credit note whose invoice is excluded.

        :param mappers.preparation.Preparation prep: where to note what stops it
        """
        self.ensure_one()
        reversed_move = self.reversed_entry_id
        if self.move_type != "out_refund" or not reversed_move or prep.binding:
            return
        exports = self.env["qbo.export"].sudo()
        if not exports._excluded_of(prep.connection, reversed_move):
            return
        prep.stop(
            "data",
            f"excluded:{reversed_move._name}:{reversed_move.id}",
            self.env._(
                "%(invoice)s is excluded from QuickBooks: its credit note cannot go.",
                invoice=reversed_move.display_name,
            ),
            todo=self.env._("Exclude the credit note, too, or export the invoice now."),
            res_model=reversed_move._name,
            res_id=reversed_move.id,
        )

    def _qbo_prepare_invoice_vals(self, prep):
        vals = super()._qbo_prepare_invoice_vals(prep)
        self._qbo_check_reversed(prep)
        return vals
