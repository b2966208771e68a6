"""Rows whose outcome is not known, when the QuickBooks company changes."""

from odoo import api, fields, models
from odoo.tools import SQL

#: Sent to another QuickBooks company, which may have it.
OTHER_COMPANY = "OtherCompany"


class QboExport(models.Model):
    """What one QuickBooks company may have got is settled in that company.

    When another one is used before that, the row is closed with all that a look-up
    needs, and the record goes to the new company by a row of its own. On coming back
    the record is looked up before it is sent: it would be there twice.
    """

    _inherit = "qbo.export"

    # At most a few, and asked for with each batch that is prepared.
    _left_behind = models.Index(
        f"(connection_id, realm_id) WHERE state = 'cancelled'"
        f" AND check_code = '{OTHER_COMPANY}'"
    )

    @api.model
    def _settle(self, connection, rows, findings):
        left = [
            row
            for row in rows
            if row["operation"] == "create"
            and row["look_up_text"]
            and row["realm_id"] != connection.realm_id
        ]
        self._leave_behind(connection, left)
        return super()._settle(
            connection, [row for row in rows if row not in left], findings
        )

    @api.model
    def _leave_behind(self, connection, rows: list[dict]) -> None:
        """Close rows of another QuickBooks company; their records go to this one."""
        if not rows:
            return
        ids = [row["id"] for row in rows]
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export
                   SET state = 'cancelled', done_at = %s, retry_at = NULL,
                       check_code = %s, last_message = %s
                 WHERE id = ANY(%s)
                """,
                fields.Datetime.now(),
                OTHER_COMPANY,
                self.env._(
                    "Another QuickBooks company was connected before its outcome was "
                    "known. It is looked up when this one is connected again."
                ),
                ids,
            )
        )
        self._tell_rows(ids)
        self._queue_again(connection, rows)

    @api.model
    def _queue_again(self, connection, rows: list[dict]) -> None:
        """Queue the records of rows, as far as they are still there."""
        for res_model in {row["res_model"] for row in rows} & set(self.env):
            ids = [row["res_id"] for row in rows if row["res_model"] == res_model]
            if records := self.env[res_model].browse(ids).exists():
                self._insert(connection, records, fold=False)

    @api.model
    def _come_back(self, connection) -> None:
        """Queue what this QuickBooks company may have: it is looked up first."""
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT res_model, res_id FROM qbo_export WHERE %s",
                self._left_behind_sql(connection),
            )
        )
        self._queue_again(connection, rows)

    @api.model
    def _left_behind_sql(self, connection) -> SQL:
        return SQL(
            """
            qbo_export.connection_id = %s AND qbo_export.realm_id = %s
            AND qbo_export.state = 'cancelled' AND qbo_export.check_code = %s
            """,
            connection.id,
            connection.realm_id,
            OTHER_COMPANY,
        )

    @api.model
    def _prepare_rows(self, connection, rows, only_ids=None):
        looked_up_ids = self._look_first(connection, [row["id"] for row in rows])
        rows = [row for row in rows if row["id"] not in looked_up_ids]
        return super()._prepare_rows(connection, rows, only_ids)

    @api.model
    def _look_first(self, connection, export_ids: list[int]) -> set[int]:
        """Have rows looked up whose record this QuickBooks company may have already.

        :return: those that must not be prepared now
        """
        found = self.env.execute_query(
            SQL(
                """
                UPDATE qbo_export export
                   SET state = 'checking', retry_at = %(now)s, check_code = %(code)s,
                       realm_id = qbo_export.realm_id,
                       operation = qbo_export.operation,
                       entity = qbo_export.entity,
                       doc_number = qbo_export.doc_number,
                       currency_id = qbo_export.currency_id,
                       expected_total = qbo_export.expected_total,
                       expected_tax = qbo_export.expected_tax,
                       expected_home_total = qbo_export.expected_home_total,
                       home_tolerance = qbo_export.home_tolerance,
                       payload_text = qbo_export.payload_text,
                       look_up_text = qbo_export.look_up_text,
                       first_sent_at = qbo_export.first_sent_at,
                       sent_at = qbo_export.sent_at,
                       sent_revision = export.revision - 1,
                       request_id = NULL, b_id = NULL, waits_for_id = NULL
                  FROM qbo_export
                 WHERE export.id = ANY(%(ids)s) AND %(left_behind)s
                   AND qbo_export.res_model = export.res_model
                   AND qbo_export.res_id = export.res_id
             RETURNING export.id, qbo_export.id
                """,
                now=fields.Datetime.now(),
                code=OTHER_COMPANY,
                ids=export_ids,
                left_behind=self._left_behind_sql(connection),
            )
        )
        if not found:
            return set()
        # From now on the open row knows all of it.
        self.env.cr.execute(
            SQL(
                "UPDATE qbo_export SET check_code = NULL WHERE id = ANY(%s)",
                [left_id for _id, left_id in found],
            )
        )
        self._tell_rows([id_ for pair in found for id_ in pair])
        return {id_ for id_, _left_id in found}


class QboConnection(models.Model):
    _inherit = "qbo.connection"

    def _state_changed(self, before, state):
        result = super()._state_changed(before, state)
        if state == "connected":
            self.env["qbo.export"].sudo()._come_back(self.sudo())
        return result
