from odoo import api, fields, models


class QboCustomField(models.Model):
    """One of the custom fields of QuickBooks' sales forms, and what fills it.

    Rows follow the preferences of the QuickBooks company; a person only chooses what a
    field is filled with. Those of another company that was connected before are
    archived, and back with their choice when that company is connected again.
    """

    _name = "qbo.custom.field"
    _description = "QuickBooks Custom Field"
    _order = "definition_id, id"

    connection_id = fields.Many2one(
        "qbo.connection", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True, precompute=True
    )
    realm_id = fields.Char("QuickBooks company", required=True, readonly=True)
    definition_id = fields.Selection(
        [("1", "First"), ("2", "Second"), ("3", "Third")],
        string="Place",
        required=True,
        readonly=True,
        help="Which of the custom fields of sales forms in QuickBooks it is.",
    )
    name = fields.Char(
        "QuickBooks field",
        required=True,
        readonly=True,
        help="As the field is named in QuickBooks.",
    )
    is_on = fields.Boolean(
        "On in QuickBooks",
        readonly=True,
        help="Whether sales forms in QuickBooks have this field now.",
    )
    active = fields.Boolean(default=True)
    source = fields.Selection(
        [
            ("ref", "Customer reference (PO number)"),
            ("invoice_user_id", "Salesperson"),
            ("invoice_origin", "Source document"),
            ("payment_reference", "Payment reference"),
            ("delivery_date", "Delivery date"),
        ],
        string="Filled with",
        help="What of the invoice is sent in this field, at most 31 characters.",
    )

    _place_uniq = models.Constraint(
        "UNIQUE(connection_id, realm_id, definition_id)",
        "Each custom field of QuickBooks is filled once.",
    )

    def _follow(self, name):
        """Take over whether and under which name QuickBooks has this field now.

        :param str name: empty when it is off there
        """
        self.ensure_one()
        now = {
            "name": name or self.name,
            "is_on": bool(name),
            # What somebody chose stays in sight until it is taken back.
            "active": bool(name or self.source),
        }
        if changed := {key: value for key, value in now.items() if self[key] != value}:
            self.write(changed)

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


class QboConnection(models.Model):
    _inherit = "qbo.connection"

    custom_field_ids = fields.One2many(
        "qbo.custom.field", "connection_id", string="Custom Fields"
    )
    custom_fields_text = fields.Char(
        "Custom fields", compute="_compute_custom_fields_text"
    )

    @api.depends("custom_field_ids.source", "custom_field_ids.name")
    def _compute_custom_fields_text(self):
        Field = self.env["qbo.custom.field"]
        labels = dict(Field._fields["source"]._description_selection(self.env))
        for connection in self:
            connection.custom_fields_text = ", ".join(
                f"{custom.name}: {labels[custom.source]}"
                for custom in connection.custom_field_ids
                if custom.source
            )

    def write(self, vals):
        result = super().write(vals)
        if "preferences_text" in vals:
            self._list_custom_fields()
        return result

    def _list_custom_fields(self):
        """Bring the rows in line with the custom fields that QuickBooks has now."""
        rows = self.env["qbo.custom.field"].sudo().with_context(active_test=False)
        for connection in self.filtered("realm_id"):
            names = dict(connection._prefs().custom_fields)
            known = rows.search([("connection_id", "=", connection.id)])
            own = known.filtered(
                lambda row, realm=connection.realm_id: row.realm_id == realm
            )
            (known - own).filtered("active").active = False
            for row in own:
                name = names.pop(row.definition_id, "")
                row._follow(name)
            rows.create(
                [
                    {
                        "connection_id": connection.id,
                        "realm_id": connection.realm_id,
                        "definition_id": place,
                        "name": name,
                        "is_on": True,
                    }
                    for place, name in names.items()
                ]
            )
