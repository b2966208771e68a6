from odoo import api, models


class QboMappingMixin(models.AbstractModel):
    """Gives a model fields over its rows of ``qbo.mapping``.

    The fields show and change the choice of the current company's connection;
    there is one list of choices, and these are windows into it.
    """

    _name = "qbo.mapping.mixin"
    _description = "Mapped to a QuickBooks Name List"

    # kind of qbo.mapping, and {field of this model: field of qbo.mapping}
    _qbo_mapping_kind = ""
    _qbo_mapping_fields = {}

    @api.depends_context("company")
    def _compute_qbo_mapping(self):
        connection = self.env["qbo.connection"]._for_company(self.env.company)
        rows = {}
        if connection and self.ids:
            places = [(self._name, res_id, False) for res_id in self.ids]
            rows = self.env["qbo.mapping"]._rows(
                connection, self._qbo_mapping_kind, places
            )
        for record in self:
            row = rows.get((self._name, record._origin.id, False))
            for name, source in self._qbo_mapping_fields.items():
                record[name] = row[source] if row else False

    def _inverse_qbo_mapping(self):
        connection = self.env["qbo.connection"]._for_company(self.env.company)
        if not connection:
            return
        for record in self:
            values = {
                source: record[name].id
                for name, source in self._qbo_mapping_fields.items()
            }
            self.env["qbo.mapping"]._choose(
                connection, self._qbo_mapping_kind, record, values
            )

    @api.model
    def _qbo_reference_domain(self, entity):
        """Return the domain of what can be picked: active, of the present realm.

        Without a query: Odoo asks for it whenever an invoice line is written.

        :param str entity: value of ``qbo.reference.entity``
        :rtype: list
        """
        known = self.env["qbo.connection"]._known_realm(self.env.company.id)
        connection_id, realm_id = known or (False, "")
        return [
            ("connection_id", "=", connection_id),
            ("realm_id", "=", realm_id or False),
            ("entity", "=", entity),
            ("active", "=", True),
        ]
