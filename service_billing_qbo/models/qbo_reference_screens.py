"""How a row of a QuickBooks name list is marked on the screens."""

from datetime import timedelta

from odoo import api, fields, models

# A list that nobody retrieved for so long says nothing certain any more.
FRESH_FOR = timedelta(days=7)


class QboReference(models.Model):
    _inherit = "qbo.reference"

    mark = fields.Selection(
        [
            ("in_quickbooks", "In QuickBooks"),
            ("inactive", "Inactive"),
            ("deleted", "Deleted"),
            ("not_checked_lately", "Not checked lately"),
        ],
        compute="_compute_mark",
    )

    @api.depends("active", "deleted", "checked_at")
    def _compute_mark(self):
        fresh_since = fields.Datetime.now() - FRESH_FOR
        for reference in self:
            if reference.deleted:
                reference.mark = "deleted"
            elif not reference.active:
                reference.mark = "inactive"
            elif not reference.checked_at or reference.checked_at < fresh_since:
                reference.mark = "not_checked_lately"
            else:
                reference.mark = "in_quickbooks"
