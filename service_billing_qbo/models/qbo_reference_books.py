from odoo import api, models

from ..mappers.outcome import Cause
from ..mappers.proposals import Candidate
from .qbo_reference import TOLD
from .qbo_reference_content import NAME_LISTS


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
        return self.sudo()._take(connection, entity, [answer])

    @api.model
    def _take(self, connection, entity: str, rows: list[dict]):
        """Keep some rows of a list as they are now; what is known newer stays.

        :param entity: key of ``NAME_LISTS``
        :param rows: as QuickBooks wrote them; they are there
        :return: what is kept of them
        :rtype: qbo.reference
        """
        values = self._upsert(connection, entity, rows)
        kept = self._find(connection, entity, list(values))
        kept.invalidate_recordset(flush=False)
        kept.modified(["checked_at", "deleted", *TOLD])
        return kept

    @api.model
    def _currency_of(self, connection, qbo_id):
        """Return the currency code of a QuickBooks customer, empty when not known.

        :rtype: str
        """
        known = self.sudo()._find(connection, "customer", qbo_id)
        return known._details().get("currency") or "" if known else ""

    @api.model
    def _unusable_of(self, connection, qbo_ids_by_entity):
        """Return those of the present realm that are inactive or deleted there.

        :param dict qbo_ids_by_entity: Ids by Intuit's entity
        :rtype: qbo.reference
        """
        found = self.sudo().browse()
        for key, name_list in NAME_LISTS.items():
            qbo_ids = qbo_ids_by_entity.get(name_list.entity)
            if qbo_ids:
                found |= found.with_context(active_test=False).search(
                    [
                        ("connection_id", "=", connection.id),
                        ("realm_id", "=", connection.realm_id),
                        ("entity", "=", key),
                        ("qbo_id", "in", qbo_ids),
                    ]
                )
        return found.filtered(lambda one: one.deleted or not one.active)

    def _cause_of_unusable(self, place) -> Cause:
        """Return the cause that this entry is inactive or deleted in QuickBooks.

        :param place: the record where another can be chosen
        """
        self.ensure_one()
        kinds = dict(self._fields["entity"]._description_selection(self.env))
        state = self.env._("deleted") if self.deleted else self.env._("inactive")
        return Cause(
            kind="inactive",
            key=f"inactive:{self.entity}:{self.qbo_id}",
            message=self.env._(
                "%(kind)s %(name)s is %(state)s in QuickBooks. Reactivate it there or"
                " choose another.",
                kind=kinds[self.entity],
                # What QuickBooks adds to a name when it is made inactive.
                name=(self.full_name or self.name).removesuffix(" (deleted)"),
                state=state,
            ),
            todo=self.env._(
                "Choose another entry, or reactivate it in QuickBooks and Retry all."
            ),
            res_model=place._name,
            res_id=place.id,
        )

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
            # A discount for early payment makes it another term of the same days.
            days=None if details.get("discount_percent") else details.get("due_days"),
            rate=rate if rate_ids else None,
            taxable=self.qbo_id == "TAX" if is_line_code else None,
            can_be_used=details.get("type") not in ("Category", "Group"),
        )
