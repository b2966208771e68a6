from odoo import fields, models


class QboCustomField(models.Model):
    """One of the three custom fields of QuickBooks' sales forms, filled by Odoo."""

    _name = "qbo.custom.field"
    _description = "QuickBooks Custom Field"
    _order = "definition_id, id"

    connection_id = fields.Many2one(
        "qbo.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True, precompute=True
    )
    definition_id = fields.Selection(
        [("1", "First"), ("2", "Second"), ("3", "Third")],
        string="Place",
        required=True,
        help="Which of the custom fields of sales forms in QuickBooks it is.",
    )
    name = fields.Char(required=True, help="As the field is named in QuickBooks.")
    source = fields.Selection(
        [
            ("ref", "Customer reference (PO number)"),
            ("invoice_user_id", "Salesperson"),
            ("invoice_origin", "Source document"),
            ("payment_reference", "Payment reference"),
            ("delivery_date", "Delivery date"),
        ],
        string="Filled with",
        required=True,
    )

    _place_uniq = models.Constraint(
        "UNIQUE(connection_id, definition_id)",
        "Each custom field of QuickBooks is filled once.",
    )

    def _text_of(self, move):
        """Return what the document says in this field.

        :param move: ``account.move``
        :rtype: str
        """
        self.ensure_one()
        value = move[self.source]
        if isinstance(value, models.BaseModel):
            return value.name or ""
        return str(value) if value else ""
