from odoo import fields, models


class QboConnection(models.Model):
    """One Odoo company's authorised link to one QuickBooks company (realm)."""

    _name = "qbo.connection"
    _description = "QuickBooks Connection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
