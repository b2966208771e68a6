from odoo import api, models

from ..mappers.remote import is_deleted, version_of
from .qbo_change_follow import LISTS


class QboReference(models.Model):
    """Lists follow what people do in QuickBooks, without reading them whole."""

    _inherit = "qbo.reference"

    @api.model
    def _take_lists(self, connection, rows_by_entity) -> None:
        """Bring rows of several lists up to date.

        :param rows_by_entity: as QuickBooks wrote them, by Intuit's entity
        """
        for entity, rows in rows_by_entity.items():
            self._take_changes(connection, LISTS[entity], rows)

    @api.model
    def _take_changes(self, connection, entity: str, rows: list[dict]) -> None:
        """Bring rows of one list up to date, and add those that are new.

        :param entity: key of ``NAME_LISTS``
        :param rows: as QuickBooks wrote them; deleted ones say so
        """
        known = {
            reference.qbo_id: reference
            for reference in self._find(connection, entity, [row["Id"] for row in rows])
        }
        gone, there = [], []
        for row in rows:
            reference = known.get(row["Id"], self.browse())
            if is_deleted(row):
                gone.append(reference.id)
            elif (
                not reference
                or reference.deleted  # which it is not: believed whatever its version
                or version_of(row) > _version(reference)
            ):
                there.append(row)
        if deleted := self.browse(filter(None, gone)).filtered(lambda r: not r.deleted):
            deleted.write(
                {"deleted": True, "active": False, "checked_at": self._clock()}
            )
        if there:
            self._take(connection, entity, there)


def _version(reference) -> int:
    return version_of({"SyncToken": reference.sync_token})
