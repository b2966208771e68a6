"""How a row of a QuickBooks name list is marked on the screens."""

from datetime import timedelta

from odoo import api, fields, models

from .short_date import short_date

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
    mark_text = fields.Char(compute="_compute_mark_text")

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

    @api.depends("mark")
    @api.depends_context("lang", "tz")
    def _compute_mark_text(self):
        """Say since when nobody looked; the other marks have words enough."""
        for reference in self:
            reference.mark_text = False
            if reference.mark == "not_checked_lately" and reference.checked_at:
                since = fields.Datetime.context_timestamp(self, reference.checked_at)
                reference.mark_text = self.env._(
                    "Not checked since %(date)s",
                    date=short_date(self.env, since.date()),
                )
