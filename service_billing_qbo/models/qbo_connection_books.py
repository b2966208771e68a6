from odoo import fields, models


class QboConnection(models.Model):
    """What the company decided about its books, beside what every one decides."""

    _inherit = "qbo.connection"

    sub_customers = fields.Boolean(
        string="Child companies as sub-customers",
        tracking=True,
        help="A company below another one in Odoo becomes its sub-customer.",
    )
    send_customer_changes = fields.Boolean(
        string="Send changes of customers",
        tracking=True,
        help="Also after its creation a customer's name, addresses and contact details"
        " go to QuickBooks, and replace what was changed there.",
    )
    cancel_policy = fields.Selection(
        [("void", "Void"), ("delete", "Delete")],
        string="Cancelled invoices",
        required=True,
        default="void",
        tracking=True,
        help="Credit memos are deleted in both cases: QuickBooks offers no other way.",
    )
    custom_field_ids = fields.One2many("qbo.custom.field", "connection_id")
