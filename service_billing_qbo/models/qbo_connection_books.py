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
    rounding_line = fields.Boolean(
        "Rounding line",
        tracking=True,
        help="Where QuickBooks rounds otherwise by some cents, a line with the item of"
        " the billing type Rounding makes the totals equal.",
    )
    attach_pdf = fields.Boolean(
        string="Attach the PDF",
        tracking=True,
        help="Once an invoice or credit note is in QuickBooks, its PDF is attached to"
        " it there.",
    )
    currency_customers = fields.Boolean(
        string="A customer for each currency",
        tracking=True,
        help="A customer who is invoiced in another currency than before gets a second"
        ' customer in QuickBooks, named "Name (EUR)". Off: it is a problem.',
    )
