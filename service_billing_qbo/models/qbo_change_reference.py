from odoo import api, fields, models

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
            for reference in self.with_context(active_test=False).search(
                [
                    ("connection_id", "=", connection.id),
                    ("realm_id", "=", connection.realm_id),
                    ("entity", "=", entity),
                    ("qbo_id", "in", [row["Id"] for row in rows]),
                ]
            )
        }
        for row in rows:
            reference = known.get(row["Id"], self.browse())
            if is_deleted(row):
                reference.filtered(lambda one: not one.deleted).write(
                    {
                        "deleted": True,
                        "active": False,
                        "checked_at": fields.Datetime.now(),
                    }
                )
            elif not reference or version_of(row) > _version(reference):
                known[row["Id"]] = self._remember(connection, entity, row)

    @api.model
    def _remember(self, connection, entity, answer):
        reference = super()._remember(connection, entity, answer)
        if reference.deleted:
            reference.deleted = False
        return reference


def _version(reference) -> int:
    return version_of({"SyncToken": reference.sync_token})
