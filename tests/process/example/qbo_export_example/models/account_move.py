from odoo import fields, models

# Intuit, Invoice: TrackingNum at most 31 characters.
TRACKING_NUMBER_LIMIT = 31


class AccountMove(models.Model):
    """A field of ours goes along with the invoice."""

    _inherit = "account.move"

    qbo_tracking_number = fields.Char("Tracking Number")

    def _qbo_prepare_invoice_vals(self, prep):
        """Add the number; ``prep.line`` fits it to length and letters."""
        vals = super()._qbo_prepare_invoice_vals(prep)
        number = prep.line(self.qbo_tracking_number, TRACKING_NUMBER_LIMIT)
        if number:
            vals["TrackingNum"] = number
        if self.qbo_tracking_number == "LOST":
            # What must not go is stopped with its reason and where to mend it.
            prep.stop(
                "data",
                f"tracking:{self.id}",
                self.env._("%(invoice)s was lost.", invoice=self.display_name),
                res_model=self._name,
                res_id=self.id,
            )
        return vals
