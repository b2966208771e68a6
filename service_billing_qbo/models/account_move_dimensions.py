from odoo import api, fields, models

# Intuit, CustomField: StringValue at most 31 characters.
CUSTOM_FIELD_LIMIT = 31


class AccountMove(models.Model):
    """Class, location and custom fields of a document."""

    _inherit = "account.move"

    qbo_class_text = fields.Char(
        "Class in QuickBooks",
        compute="_compute_qbo_class_text",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("qbo_status", "invoice_line_ids")
    @api.depends_context("company")
    def _compute_qbo_class_text(self):
        """The classes of the lines, each once: as they go, or went."""
        self.qbo_class_text = False
        shown = self.filtered("qbo_status")
        known = self._qbo_realms(shown.company_id)
        for move in shown:
            connection_id, _realm_id = known.get(move.company_id.id, (False, ""))
            connection = self.env["qbo.connection"].browse(connection_id)
            if not connection.use_classes:
                continue
            prep = move._qbo_preparation(connection, move.qbo_binding_id)
            lines = move._qbo_lines().filtered(lambda line: line._qbo_is_item_line())
            prep.choices = move._qbo_choices(prep, lines)
            names = [
                line._qbo_choice(prep, "class_id")[0].full_name or "" for line in lines
            ]
            move.qbo_class_text = ", ".join(filter(None, dict.fromkeys(names)))

    def _qbo_prepare_dimension_vals(self, prep):
        """Return ``ClassRef``, ``DepartmentRef`` and ``CustomField``.

        :rtype: dict
        """
        self.ensure_one()
        vals = {}
        if department := self._qbo_department(prep):
            vals["DepartmentRef"] = {"value": department.qbo_id}
        if prep.prefs.class_per_txn and (class_ := self._qbo_class(prep)):
            vals["ClassRef"] = {"value": class_.qbo_id}
        custom_fields = self._qbo_prepare_custom_fields(prep)
        if custom_fields:
            vals["CustomField"] = custom_fields
        return vals

    def _qbo_class(self, prep):
        """Return the one class of the document, noting lines that disagree.

        :rtype: qbo.reference
        """
        classes = self.env["qbo.reference"].sudo()
        for line in self._qbo_lines().filtered(lambda line: line._qbo_is_item_line()):
            classes |= line._qbo_class(prep)
        if len(classes) > 1:
            prep.stop(
                "data",
                f"class:account.move:{self.id}",
                self.env._(
                    "The lines of %(document)s have the classes %(classes)s, and"
                    " QuickBooks keeps one class for a document.",
                    document=self.display_name,
                    classes=", ".join(sorted(classes.mapped("full_name"))),
                ),
                todo=self.env._(
                    "Choose one class, or have QuickBooks keep a class for each line."
                ),
                res_model=self._name,
                res_id=self.id,
            )
        return classes[:1]

    def _qbo_department(self, prep):
        """Return the location of the journal, else of the company or one above it.

        :rtype: qbo.reference
        """
        journal = ("account.journal", self.journal_id.id, False)
        nearest_first = reversed(self.company_id.parent_ids.ids)
        companies = [("res.company", company_id, False) for company_id in nearest_first]
        mappings = self.env["qbo.mapping"]
        rows = mappings._rows(prep.connection, "department", [journal, *companies])
        for place in (journal, *companies):
            row = rows.get(place, mappings)
            if row.reference_id:
                return self._qbo_checked_department(prep, row)
        return mappings.reference_id

    def _qbo_checked_department(self, prep, row):
        if not prep.prefs.track_departments:
            prep.stop(
                "feature",
                "feature:department",
                self.env._("Locations are off in QuickBooks."),
                todo=self.env._(
                    "Switch on location tracking in QuickBooks, then Retry all."
                ),
            )
        elif self._qbo_is_usable(prep, row.reference_id, row):
            return row.reference_id
        return row.reference_id.browse()

    def _qbo_prepare_custom_fields(self, prep):
        """Return the custom fields that the company fills.

        One without anything to say is sent in a change only, to empty it there.

        :rtype: list[dict]
        """
        fields = []
        for custom in prep.connection.custom_field_ids.filtered("source"):
            text = prep.line(custom._text_of(self), CUSTOM_FIELD_LIMIT)
            if text and not custom.is_on:
                self._qbo_stop_custom_field(prep, custom)
            elif text or (custom.is_on and prep.binding):
                fields.append(
                    {
                        "DefinitionId": custom.definition_id,
                        "Name": custom.name,
                        "Type": "StringType",
                        "StringValue": text,
                    }
                )
        return fields

    def _qbo_stop_custom_field(self, prep, custom):
        """Note a chosen field that QuickBooks would drop without a word."""
        prep.stop(
            "feature",
            f"feature:custom-field:{custom.definition_id}",
            self.env._(
                "The custom field %(name)s is off in QuickBooks.", name=custom.name
            ),
            todo=self.env._(
                "Switch it on in QuickBooks, or fill it with nothing in Configuration,"
                " then Retry all."
            ),
        )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _qbo_is_item_line(self):
        """Tell whether the line is sent with an item and an amount.

        :rtype: bool
        """
        self.ensure_one()
        return self.display_type in ("product", "rounding")

    def _qbo_class(self, prep):
        """Return the class of the line, noting what is wrong with it.

        :rtype: qbo.reference
        """
        self.ensure_one()
        if not prep.connection.use_classes:
            return self.env["qbo.reference"].sudo()
        class_, row = self._qbo_choice(prep, "class_id")
        if not class_:
            return class_
        if not (prep.prefs.class_per_line or prep.prefs.class_per_txn):
            prep.stop(
                "feature",
                "feature:class",
                self.env._("Classes are off in QuickBooks."),
                todo=self.env._(
                    "Switch on class tracking in QuickBooks, then Retry all."
                ),
            )
        elif self.move_id._qbo_is_usable(prep, class_, row or self):
            return class_
        return class_.browse()
