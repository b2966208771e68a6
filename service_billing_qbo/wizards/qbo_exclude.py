from odoo import fields, models


class QboExclude(models.TransientModel):
    """Asks why some documents are not to go to QuickBooks."""

    _name = "qbo.exclude"
    _description = "Exclude from QuickBooks"

    export_ids = fields.Many2many("qbo.export", required=True, readonly=True)
    export_count = fields.Integer(compute="_compute_export_count")
    reason = fields.Char(required=True)

    def _compute_export_count(self):
        for wizard in self:
            wizard.export_count = len(wizard.export_ids)

    def action_exclude(self):
        """Keep the documents out of QuickBooks, with the reason and who gave it."""
        self.export_ids.action_exclude(self.reason)
        return self.env["qbo.export"]._toast(
            self.env._("%(count)s excluded.", count=len(self.export_ids))
        )
