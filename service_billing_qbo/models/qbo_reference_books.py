from odoo import api, fields, models

from ..mappers.proposals import Candidate
from .qbo_reference_content import values_of


class QboReference(models.Model):
    """References as the books need them: kept up by exports, compared for proposals."""

    _inherit = "qbo.reference"

    @api.model
    def _remember(self, connection, entity, answer):
        """Keep one row as QuickBooks just answered it, without reading the list.

        :param str entity: value of ``entity``
        :param dict answer: the object as QuickBooks wrote it
        :rtype: qbo.reference
        """
        references = self.sudo()
        known = references._find(connection, entity, answer["Id"])
        values = {**values_of(entity, answer), "checked_at": fields.Datetime.now()}
        if known:
            known.write(values)
            return known
        return references.create(
            {
                "connection_id": connection.id,
                "realm_id": connection.realm_id,
                "entity": entity,
                **values,
            }
        )

    @api.model
    def _currency_of(self, connection, qbo_id):
        """Return the currency code of a QuickBooks customer, empty when not known.

        :rtype: str
        """
        known = self.sudo()._find(connection, "customer", qbo_id)
        return known._details().get("currency") or "" if known else ""

    def _qbo_candidate(self, rates):
        """Return what is known of this entry to find it by.

        :param dict rates: percent by Id of a tax rate
        :rtype: mappers.proposals.Candidate
        """
        self.ensure_one()
        details = self._details()
        rate_ids = details.get("rate_ids") or []
        rate = sum((rates.get(rate_id, 0) for rate_id in rate_ids), 0)
        is_line_code = self.qbo_id in ("TAX", "NON")
        return Candidate(
            id=self.id,
            name=self.name or "",
            full_name=self.full_name or "",
            sku=details.get("sku") or "",
            days=details.get("due_days"),
            rate=rate if rate_ids else None,
            taxable=self.qbo_id == "TAX" if is_line_code else None,
            can_be_used=details.get("type") not in ("Category", "Group"),
        )
