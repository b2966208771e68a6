from collections.abc import Mapping
from datetime import date
from typing import Any

from odoo import fields, models

from ..quickbooks import jsonmoney

# Intuit, Customer.TaxExemptionReasonId.
EXEMPTION_REASONS = [
    ("1", "Federal government"),
    ("2", "State government"),
    ("3", "Local government"),
    ("4", "Tribal government"),
    ("5", "Charitable organization"),
    ("6", "Religious organization"),
    ("7", "Educational organization"),
    ("8", "Hospital"),
    ("9", "Resale"),
    ("10", "Direct pay permit"),
    ("11", "Multiple points of use"),
    ("12", "Direct mail"),
    ("13", "Agricultural production"),
    ("14", "Industrial production or manufacturing"),
    ("15", "Foreign diplomat"),
]


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
    exemption_reason = fields.Selection(
        EXEMPTION_REASONS,
        string="Usual tax exemption reason",
        tracking=True,
        help="With automated sales tax, QuickBooks takes a customer as tax exempt for a"
        " reason only: this one, where the customer has none of its own.",
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

    def _closed_for(self, row: Mapping[str, Any]) -> date | None:
        """Return until when the books are closed, if that stops what a call sent.

        What is known may be a day old: a refusal may be for books closed since.

        :param row: columns of ``qbo.export``
        """
        sent = jsonmoney.loads(row.get("payload_text") or "{}")
        closed_until = self._prefs().book_close_date
        day = fields.Date.to_date(sent.get("TxnDate"))
        return closed_until if day and closed_until and day <= closed_until else None
