from odoo import api, fields, models
from odoo.fields import Domain

# The order in which the nearest choice is looked for, and the screen's groups.
LEVELS = {
    "res.partner": "customer",
    "product.template": "product",
    "product.category": "category",
    "account.tax": "tax",
    "account.payment.term": "term",
    "account.journal": "location",
    "res.company": "location",
}

WORST_FIRST = ("deleted", "inactive", "not_checked_lately", "in_quickbooks")


class QboMapping(models.Model):
    """The choice "this Odoo record is that entry of a QuickBooks name list".

    A row belongs to one realm: after connecting another QuickBooks company the
    list starts empty, and the old choices are back on return. A row without a
    reference is a choice that waiting documents need and nobody made yet.

    ``res_id`` 0 stands for a billing type, or with ``account.tax`` for lines
    without any tax.
    """

    _name = "qbo.mapping"
    _description = "QuickBooks Mapping"
    _order = "needed_count desc, level, id"

    connection_id = fields.Many2one(
        "qbo.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True, precompute=True
    )
    realm_id = fields.Char(
        required=True,
        compute="_compute_realm_id",
        store=True,
        precompute=True,
        help="The QuickBooks company this choice was made for.",
    )
    kind = fields.Selection(
        [
            ("item", "Item"),
            ("tax_code", "Tax code"),
            ("term", "Term"),
            ("department", "Location"),
        ],
        required=True,
    )
    res_model = fields.Char(string="Odoo Model", default="")
    res_id = fields.Many2oneReference(string="Odoo record", model_field="res_model")
    billing_type = fields.Selection(
        string="Billing type",
        selection=[
            ("service", "Service"),
            ("goods", "Goods"),
            ("expense", "Expense"),
            ("recurring", "Recurring service"),
            ("rounding", "Rounding"),
        ],
        help="With no Odoo record: the default for lines of this type.",
    )
    level = fields.Selection(
        [
            ("billing_type", "Billing types"),
            ("customer", "Customers"),
            ("product", "Products"),
            ("category", "Categories"),
            ("tax", "Taxes"),
            ("term", "Terms"),
            ("location", "Locations"),
        ],
        compute="_compute_level",
        store=True,
        precompute=True,
    )
    record_name = fields.Char(
        string="Odoo", compute="_compute_record_name", search="_search_record_name"
    )
    reference_id = fields.Many2one(
        "qbo.reference",
        string="QuickBooks",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('connection_id', '=', connection_id), ('realm_id', '=', realm_id),"
        " ('entity', '=', kind), ('active', '=', True)]",
    )
    class_id = fields.Many2one(
        "qbo.reference",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('connection_id', '=', connection_id), ('realm_id', '=', realm_id),"
        " ('entity', '=', 'class'), ('active', '=', True)]",
    )
    income_account_id = fields.Many2one(
        "qbo.reference",
        string="Income account",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Where an item that is to be created for the product sells on.",
    )
    needed_count = fields.Integer(
        string="Needed by",
        readonly=True,
        help="Waiting documents that need this choice, as of the last look.",
    )
    mark = fields.Selection(
        [
            ("missing", "Missing"),
            ("not_needed", "Not needed yet"),
            ("in_quickbooks", "In QuickBooks"),
            ("inactive", "Inactive"),
            ("deleted", "Deleted"),
            ("not_checked_lately", "Not checked lately"),
        ],
        compute="_compute_mark",
    )
    proposal_id = fields.Many2one(
        "qbo.reference", ondelete="set null", index="btree_not_null"
    )
    proposal_reason = fields.Char(string="Why")

    _place_uniq = models.UniqueIndex(
        "(connection_id, realm_id, kind, COALESCE(res_model, ''), COALESCE(res_id, 0),"
        " COALESCE(billing_type, ''))",
        "This is already in the list of account mappings.",
    )

    @api.depends("connection_id")
    def _compute_realm_id(self):
        for mapping in self:
            mapping.realm_id = mapping.realm_id or mapping.connection_id.realm_id or ""

    @api.depends("res_model")
    def _compute_level(self):
        for mapping in self:
            mapping.level = LEVELS.get(mapping.res_model or "", "billing_type")

    @api.depends("res_model", "res_id", "billing_type")
    @api.depends_context("lang", "company")
    def _compute_record_name(self):
        types = dict(self._fields["billing_type"]._description_selection(self.env))
        for mapping in self:
            mapping.record_name = mapping._name_of_record(types)

    @api.model
    def _search_record_name(self, operator, value):
        """Find rows by what people call the product, customer, tax, ... of it."""
        if operator not in ("ilike", "="):
            return NotImplemented
        types = self._fields["billing_type"]._description_selection(self.env)
        named = [
            key for key, label in types if str(value).lower() in str(label).lower()
        ]
        found = Domain("res_model", "=", False) & Domain("billing_type", "in", named)
        for model in LEVELS:
            records = self.env[model].with_context(active_test=False)
            ids = [
                record_id for record_id, _name in records.name_search(value, limit=None)
            ]
            found |= Domain("res_model", "=", model) & Domain("res_id", "in", ids)
        return found

    def _name_of_record(self, types):
        """Return what stands in the list's first column.

        :param dict types: labels of the billing types
        :rtype: str
        """
        self.ensure_one()
        if not self.res_model:
            return types.get(self.billing_type, "")
        if not self.res_id:
            return self.env._("Lines without tax")
        record = self._record()
        name = record.display_name if record else self.env._("(deleted in Odoo)")
        if self.billing_type:
            return f"{name} / {types[self.billing_type]}"
        return name

    def _record(self):
        """Return the Odoo record of this row, empty when it is gone.

        :rtype: odoo.models.Model
        """
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).exists()

    @api.depends("record_name", "reference_id")
    def _compute_display_name(self):
        for mapping in self:
            names = [mapping.record_name, mapping.reference_id.display_name]
            mapping.display_name = " = ".join(name for name in names if name)

    @api.depends("reference_id.mark", "class_id.mark", "needed_count")
    def _compute_mark(self):
        for mapping in self:
            marks = {mapping.reference_id.mark, mapping.class_id.mark}
            if not mapping.reference_id:
                mapping.mark = "missing" if mapping.needed_count else "not_needed"
            else:
                mapping.mark = next(mark for mark in WORST_FIRST if mark in marks)

    @api.model_create_multi
    def create(self, vals_list):
        mappings = super().create(vals_list)
        mappings.filtered("reference_id")._after_choice()
        return mappings

    def write(self, vals):
        result = super().write(vals)
        if "reference_id" in vals or "class_id" in vals:
            self._after_choice()
        return result

    # ---- finding the choice -------------------------------------------------

    @api.model
    def _place_domain(self, connection, kind, places):
        """Return the domain of the rows of these places in the present realm.

        :param connection: the ``qbo.connection``
        :param str kind: value of ``kind``
        :param places: ``(res_model, res_id, billing_type)`` each
        :rtype: fields.Domain
        """
        by_model = {}
        for res_model, res_id, billing_type in places:
            key = (res_model or "", billing_type or False)
            by_model.setdefault(key, set()).add(res_id or 0)
        return fields.Domain(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id or ""),
                ("kind", "=", kind),
            ]
        ) & fields.Domain.OR(
            fields.Domain("res_model", "in", [model] if model else ["", False])
            & fields.Domain("res_id", "in", list(ids) + ([False] if 0 in ids else []))
            & fields.Domain("billing_type", "=", billing_type)
            for (model, billing_type), ids in by_model.items()
        )

    @api.model
    def _rows(self, connection, kind, places):
        """Return the rows of several places by place, with one query.

        :return: ``{(res_model, res_id, billing_type): mapping}``
        :rtype: dict
        """
        known = connection._read_once(f"mapping {kind}")
        if unknown := [place for place in places if place not in known]:
            rows = self.sudo().search(self._place_domain(connection, kind, unknown))
            known.update(dict.fromkeys(unknown))
            known.update({row._place(): row for row in rows})
        return {place: known[place] for place in places if known[place]}

    def _place(self):
        self.ensure_one()
        return self.res_model or "", self.res_id or 0, self.billing_type or False

    @api.model
    def _resolve(self, connection, kind, record, billing_type=False):
        """Return the row of one record (or billing type), empty when there is none.

        :param record: an Odoo record; empty with ``billing_type``, or an empty
            ``account.tax`` for lines without tax
        :rtype: qbo.mapping
        """
        res_model = "" if billing_type and not record else record._name
        place = (res_model, record.id or 0, billing_type)
        return self._rows(connection, kind, [place]).get(place, self.sudo().browse())

    @api.model
    def _choose(self, connection, kind, record, values, billing_type=False):
        """Set reference or class of one place; make its row when needed.

        :param dict values: ``reference_id`` and/or ``class_id`` (ids or False)
        """
        row = self._resolve(connection, kind, record, billing_type)
        if row:
            row.with_env(self.env).write(values)
        elif any(values.values()):
            res_model = "" if billing_type and not record else record._name
            self.create(
                {
                    "connection_id": connection.id,
                    "realm_id": connection.realm_id,
                    "kind": kind,
                    "res_model": res_model,
                    "res_id": record.id or 0,
                    "billing_type": billing_type,
                    **values,
                }
            )

    @api.model
    def _active_references(self, connection, entity):
        """Return what can be chosen from one list of the present realm.

        :param str entity: value of ``qbo.reference.entity``
        :rtype: qbo.reference
        """
        return (
            self.env["qbo.reference"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", connection.id),
                    ("realm_id", "=", connection.realm_id or ""),
                    ("entity", "=", entity),
                    ("deleted", "=", False),
                ]
            )
        )
