from odoo import models


class AccountMoveLine(models.Model):
    """Which lines are of the new billing type."""

    _inherit = "account.move.line"

    def _qbo_billing_type(self):
        """Return ``rental`` where the product's reference says so."""
        if (self.product_id.default_code or "").startswith("RENT-"):
            return "rental"
        return super()._qbo_billing_type()
