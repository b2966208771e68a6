"""Rows that wait for what must be in QuickBooks before them."""

from odoo import api, models
from odoo.tools import SQL

from ..mappers.outcome import CannotExport, Cause
from .qbo_export import OPEN_STATES


class QboExport(models.Model):
    _inherit = "qbo.export"

    @api.model
    def _put_behind(self, connection, export_id: int, records, only_ids=None) -> None:
        """Queue ``records`` and let the row wait for the first of them.

        :raise CannotExport: one of them is excluded, or was waited for already and
            ended without anything to send, or there is nothing to wait for: the row
            would wait for ever
        """
        if excluded := self._excluded_of(connection, records):
            raise CannotExport([self._cause_of_exclusion(excluded[:1])])
        if in_vain := self._waited_in_vain(export_id, records):
            raise CannotExport([self._cause_of_waiting_in_vain(export_id, in_vain)])
        # What is gone in Odoo has its row: QuickBooks must be told that it is.
        if still_there := records.exists():
            self._insert(connection, still_there, fold=False)
        open_rows = self._open_rows_of(connection, records)
        if not open_rows:
            raise CannotExport([self._fault_of_ours(export_id)])
        first = open_rows[0]
        if only_ids is not None:
            only_ids.add(first["id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export
                   SET waits_for_id = %s, state = 'waiting', retry_at = NULL
                 WHERE id = %s
                """,
                first["id"],
                export_id,
            )
        )
        if first["state"] == "problem":
            self.env["qbo.problem"]._share(first["id"], [export_id])

    @api.model
    def _excluded_of(self, connection, records):
        """Return those of ``records`` that a person keeps out of QuickBooks."""
        rows = self.search(
            [
                ("connection_id", "=", connection.id),
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("state", "=", "excluded"),
            ]
        )
        # What QuickBooks has is there for whatever needs it.
        return records.browse((rows - rows._there()).mapped("res_id"))

    @api.model
    def _cause_of_exclusion(self, record) -> Cause:
        return Cause(
            kind="customer" if record._name == "res.partner" else "data",
            key=f"excluded:{record._name}:{record.id}",
            message=self.env._(
                "%(record)s is excluded from QuickBooks, so what needs it cannot go.",
                record=record.display_name,
            ),
            todo=self.env._("Export it now, or link it to an entry of QuickBooks."),
            res_model=record._name,
            res_id=record.id,
        )

    @api.model
    def _waited_in_vain(self, export_id: int, records):
        """Return the one of ``records`` that the row waited for, if nothing was sent.

        Only an addon that changes ``_qbo_prepare`` can bring it about.
        """
        waited = self.browse(export_id).waits_for_id
        if (
            (waited.state, waited.operation) == ("cancelled", "nothing")
            and waited.res_model == records._name
            and waited.res_id in records.ids
        ):
            return records.browse(waited.res_id)
        return records.browse()

    @api.model
    def _cause_of_waiting_in_vain(self, export_id: int, record) -> Cause:
        export = self.browse(export_id)
        return self._unforeseen(
            export,
            message=self.env._(
                "%(document)s needs %(record)s in QuickBooks, and nothing was sent "
                "for it.",
                document=export.reference or export_id,
                record=record.display_name,
            ),
            todo=self.env._("Link it to an entry of QuickBooks, then Retry all."),
            res_model=record._name,
            res_id=record.id,
        )

    @api.model
    def _open_rows_of(self, connection, records) -> list[dict]:
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT id, state, res_id FROM qbo_export
                 WHERE connection_id = %s AND res_model = %s AND res_id IN %s
                   AND state IN %s
              ORDER BY priority, id
                """,
                connection.id,
                records._name,
                tuple(records.ids),
                OPEN_STATES,
            )
        )
