import logging
from collections.abc import Iterator

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.outgoing import Batch, Call, pack
from ..engine.settling import dump_look_up
from ..mappers.outcome import CannotExport, Cause, NeedsFirst, Prepared
from ..quickbooks import jsonmoney
from .qbo_binding import DOCUMENT_ENTITIES
from .qbo_exceptions import CONFLICTS

_logger = logging.getLogger(__name__)

#: Rows that one transaction looks at, in batches: enough to fill one although many are
#: put behind their customers, few enough to end soon although none of them can go.
LOOK_AT_BATCHES = 4


class PoisonedRow(Exception):
    """Preparing this row broke the transaction; the others must go without it."""

    def __init__(self, export_id: int) -> None:
        super().__init__(f"export {export_id}")
        self.export_id = export_id


class QboExport(models.Model):
    """From due rows to batches that are saved and ready to be sent.

    All in one transaction, which the drain commits before anything leaves:
    request ids and payloads must outlive a crash.
    """

    _inherit = "qbo.export"

    @api.model
    def _prepare_batches(
        self, connection, call_count: int, only_ids=None
    ) -> tuple[list[Batch], int]:
        """Prepare and save up to ``call_count`` calls; the caller commits, then sends.

        Rows that cannot go are moved on at once: stopped by their problem, put
        behind what they need first, or closed when there is nothing to send. Where
        there are many of those, it is the caller who goes on, in a new transaction.

        :param only_ids: a set of exports outside of which nothing is taken;
            what they need first is added to it
        :return: the batches, and how many rows were looked at; 0: none is due
        :raise PoisonedRow: a row broke the transaction, which is to be rolled back
        """
        connection = connection._reading_once()
        ready: dict[int, Prepared] = {}
        looked_at, enough = 0, LOOK_AT_BATCHES * connection.batch_size
        while len(ready) < call_count and looked_at < enough:
            rows = self._lock_sendable(
                connection, call_count - len(ready), list(ready), only_ids
            )
            if not rows:
                break
            looked_at += len(rows)
            ready.update(self._prepare_rows(connection, rows, only_ids))
        return self._save_batches(connection, ready), looked_at

    @api.model
    def _lock_sendable(
        self, connection, limit, without_ids, only_ids=None
    ) -> list[dict]:
        """Lock the next rows in order; one that a user just changes is left alone."""
        only = SQL("AND export.id = ANY(%s)", list(only_ids)) if only_ids else SQL()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT export.id, export.res_model, export.res_id
                  FROM qbo_export export
                 WHERE export.connection_id = %s AND %s
                   AND export.id <> ALL(%s) %s
              ORDER BY export.priority, export.id
                 LIMIT %s
                   FOR NO KEY UPDATE SKIP LOCKED
                """,
                connection.id,
                self._sendable_sql(),
                without_ids,
                only,
                limit,
            )
        )

    @api.model
    def _prepare_rows(self, connection, rows, only_ids=None) -> dict[int, Prepared]:
        """Prepare each row by itself; move on those that cannot be sent."""
        ready: dict[int, Prepared] = {}
        causes: dict[int, list[Cause]] = {}
        nothing_ids = []
        rows = self._cancel_unknown(rows)
        for export_id, record, binding in self._with_records(connection, rows):
            try:
                prepared = self._prepare_one(connection, export_id, record, binding)
            except CannotExport as stop:
                causes[export_id] = stop.causes
            except NeedsFirst as needs:
                try:
                    self._put_behind(connection, export_id, needs.records, only_ids)
                except CannotExport as stop:
                    causes[export_id] = stop.causes
            else:
                if prepared.operation == "nothing":
                    nothing_ids.append(export_id)
                else:
                    ready[export_id] = prepared
        self.env["qbo.problem"]._stop_with_followers(connection, causes)
        self._close_unsent(connection, nothing_ids)
        return ready

    @api.model
    def _with_records(self, connection, rows) -> Iterator[tuple]:
        """Yield (export id, record, binding); a deleted record is empty."""
        for res_model in dict.fromkeys(row["res_model"] for row in rows):
            res_ids = [row["res_id"] for row in rows if row["res_model"] == res_model]
            Bindings = self.env["qbo.binding"]
            bindings = Bindings._find_many(connection, res_model, res_ids)
            # One recordset for all, so that reading one record fetches the others.
            records = {
                record.id: record
                for record in self.env[res_model].browse(res_ids).exists()
            }
            for row in rows:
                if row["res_model"] == res_model:
                    res_id = row["res_id"]
                    record = records.get(res_id, self.env[res_model])
                    yield row["id"], record, bindings.get(res_id, Bindings)[:1]

    @api.model
    def _prepare_one(self, connection, export_id, record, binding) -> Prepared:
        try:
            if not record:
                return self._prepare_deleted(binding)
            return record._qbo_prepare(connection, binding)
        except (CannotExport, NeedsFirst):
            raise
        except CONFLICTS:
            raise
        except psycopg2.Error as error:
            _logger.exception("Preparing export %s broke the transaction", export_id)
            raise PoisonedRow(export_id) from error
        except Exception as error:
            # The guard of one row: its neighbours must go on whatever it holds.
            _logger.exception("Preparing export %s failed", export_id)
            raise CannotExport([self._fault_of_ours(export_id)]) from error

    @api.model
    def _prepare_deleted(self, binding) -> Prepared:
        """The Odoo record is gone: so must the document be, a customer stays."""
        entity = binding.entity or ""
        if entity not in DOCUMENT_ENTITIES or binding.remote_state != "present":
            return Prepared(entity=entity, operation="nothing", payload={})
        return Prepared(
            entity=entity,
            operation="void" if entity == "Invoice" else "delete",
            payload={"Id": binding.qbo_id, "SyncToken": binding.sync_token},
        )

    @api.model
    def _fault_of_ours(self, export_id: int) -> Cause:
        """The cause of a row that failed in a way that nobody foresaw.

        Of the row alone: its record may be what fails, or no longer be there.
        """
        export = self.browse(export_id)
        return self._unforeseen(
            export,
            message=self.env._(
                "%(document)s could not be prepared for QuickBooks because of a fault "
                "in the program.",
                document=export.reference or export_id,
            ),
            todo=self.env._(
                "Tell your administrator; the server's log has the details."
            ),
            res_model=export.res_model,
            res_id=export.res_id,
            turn="administrator",
        )

    @staticmethod
    def _unforeseen(export, **what) -> Cause:
        """The cause of one row alone that no other kind of problem fits."""
        key = f"unknown:{export.res_model}:{export.res_id}"
        return Cause(kind="unknown", key=key, **what)

    # -- rows that have nothing to send ---------------------------------------------

    @api.model
    def _close_unsent(self, connection, export_ids: list[int]) -> None:
        """Close rows for which nothing had to be sent: never there, or up to date."""
        if not export_ids:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export export
                   SET operation = 'nothing', done_at = %(now)s, retry_at = NULL,
                       waits_for_id = NULL, sent_revision = revision,
                       state = CASE WHEN EXISTS (
                           SELECT FROM qbo_binding binding
                            WHERE binding.connection_id = export.connection_id
                              AND binding.realm_id = %(realm)s
                              AND binding.res_model = export.res_model
                              AND binding.res_id = export.res_id
                       ) THEN 'exported' ELSE 'cancelled' END
                 WHERE id = ANY(%(ids)s)
                """,
                now=fields.Datetime.now(),
                realm=connection.realm_id,
                ids=export_ids,
            )
        )
        self._tell_rows(export_ids)
        self.env["qbo.problem"]._settled(export_ids)

    # -- rows that go ----------------------------------------------------------

    @api.model
    def _save_batches(self, connection, ready: dict[int, Prepared]) -> list[Batch]:
        """Save what is about to be sent, with its request ids."""
        if not ready:
            return []
        packed = pack(ready, connection.batch_size)
        currency_ids = self._currency_ids(ready.values())
        calls: dict[str, list[Call]] = {}
        rows = []
        for export_id, prepared in ready.items():
            request_id, b_id = packed[export_id]
            text = jsonmoney.dumps(prepared.payload)
            call = Call(export_id, b_id, prepared.operation, prepared.entity, text)
            calls.setdefault(request_id, []).append(call)
            currency_id = currency_ids.get(prepared.currency)
            rows.append(
                SQL("%s", _sending_values(call, request_id, prepared, currency_id))
            )
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export export
                   SET state = 'sending', realm_id = %(realm)s, sent_at = %(now)s,
                       first_sent_at = COALESCE(export.first_sent_at, %(now)s),
                       sent_revision = export.revision,
                       attempt_count = export.attempt_count + 1,
                       retry_at = NULL, waits_for_id = NULL, check_code = NULL,
                       request_id = v.request_id, b_id = v.b_id,
                       operation = v.operation, entity = v.entity,
                       payload_text = v.payload_text, look_up_text = v.look_up_text,
                       doc_number = v.doc_number, currency_id = v.currency_id::int,
                       expected_total = v.expected_total::numeric,
                       expected_tax = v.expected_tax::numeric,
                       expected_home_total = v.expected_home_total::numeric,
                       home_tolerance = v.home_tolerance::numeric
                  FROM (VALUES %(rows)s) AS v (
                       id, request_id, b_id, operation, entity, payload_text,
                       look_up_text, doc_number, currency_id, expected_total,
                       expected_tax, expected_home_total, home_tolerance)
                 WHERE export.id = v.id
                """,
                realm=connection.realm_id,
                now=fields.Datetime.now(),
                rows=SQL(", ").join(rows),
            )
        )
        self._tell_rows(list(ready))
        return [Batch(request_id, tuple(batch)) for request_id, batch in calls.items()]

    @api.model
    def _currency_ids(self, all_prepared) -> dict[str, int]:
        """Return ids of the currencies named, also of those not active in Odoo."""
        codes = {prepared.currency for prepared in all_prepared if prepared.currency}
        currencies = self.env["res.currency"].with_context(active_test=False)
        return {
            currency.name: currency.id
            for currency in currencies.search_fetch(
                [("name", "in", list(codes))], ["name"]
            )
        }


def _sending_values(
    call: Call, request_id: str, prepared: Prepared, currency_id: int | None
) -> tuple:
    return (
        call.export_id,
        request_id,
        call.b_id,
        call.operation,
        call.entity,
        call.payload_text,
        dump_look_up(prepared.look_up),
        prepared.doc_number,
        currency_id,
        prepared.expected_total,
        prepared.expected_tax,
        prepared.expected_home_total,
        prepared.home_tolerance,
    )
