from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from typing import Any

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.judging import Judgement, Verdict
from ..engine.outgoing import Batch, Call, DeliveryFault, new_request_id
from ..engine.settling import find_ours, has_name, load_look_up, questions
from ..mappers.outcome import LookUp
from ..quickbooks import QuickBooksClient, query
from .qbo_export_record import DUPLICATE_REQUEST, SETTLE_S

#: Rows that are settled together: their look-ups are one query or two.
SETTLE_LIMIT = 30
#: Where a name can be taken, in the order in which it is looked for.
NAME_LISTS = ("Customer", "Vendor", "Employee")
#: How often a document that others change at the same time is tried again at once.
STALE_LIMIT = 2
#: Codes of refusals that a look-up settles (Intuit, error codes).
DUPLICATE_OBJECT, DUPLICATE_NUMBER, DUPLICATE_NAME = "630", "6140", "6240"
#: A fault of ours while it was sent: by itself from then on, and not for ever.
OUR_FAULT, OUR_FAULT_LIMIT = DeliveryFault.__name__, 3
#: SyncToken too old; company data reset.
STALE = ("5010", "10200")


@dataclass
class Findings:
    """What QuickBooks said about unsettled rows.

    :ivar ours: the object that our call made, by export id
    :ivar present: the object as it is now, by export id, for rows that were stale
    :ivar in_the_way: (entity, object) that has the number or name, by export id
    :ivar voided_ids: exports in whose way is the same document, voided before
    """

    ours: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    present: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    in_the_way: dict[int, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    voided_ids: set[int] = field(default_factory=set)


class QboExport(models.Model):
    """Rows whose outcome is not known: look first, then adopt, resend or ask.

    Three steps, so that no network call happens inside a transaction: take the
    rows, ask QuickBooks, write down what follows.
    """

    _inherit = "qbo.export"

    @api.model
    def _take_stranded(self, connection) -> int:
        """Rows that a dead worker was sending are now to be looked up.

        Only the owner of the realm may call this: nobody else can be sending.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export
                   SET state = 'checking', check_code = 'WorkerDied',
                       retry_at = GREATEST(%s, sent_at + %s)
                 WHERE connection_id = %s AND state = 'sending'
             RETURNING id
                """,
                fields.Datetime.now(),
                timedelta(seconds=SETTLE_S),
                connection.id,
            )
        )
        stranded_ids = [row[0] for row in self.env.cr.fetchall()]
        self._tell_rows(stranded_ids)
        return len(stranded_ids)

    @api.model
    def _unsettled_rows(self, connection, only_ids=None) -> list[dict]:
        """Return rows that are due to be looked up, oldest first."""
        only = SQL("AND id = ANY(%s)", list(only_ids)) if only_ids else SQL()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT id, res_model, res_id, reference, realm_id, operation, entity,
                       doc_number, sent_at, first_sent_at, stale_count, payload_text,
                       look_up_text, request_id, b_id, check_code, attempt_count,
                       revision, sent_revision
                  FROM qbo_export
                 WHERE connection_id = %s AND state = 'checking' AND retry_at <= %s %s
              ORDER BY retry_at, id
                 LIMIT %s
                """,
                connection.id,
                fields.Datetime.now(),
                only,
                SETTLE_LIMIT,
            )
        )

    # -- asking: no transaction, no writing ----------------------------------------

    @api.model
    def _look_up(
        self, connection, client: QuickBooksClient, rows: list[dict], qbo_ids: dict
    ) -> Findings:
        """Ask QuickBooks about rows; many in one query.

        :param qbo_ids: QuickBooks Ids by export id, of records that are bound
        :raise QuickBooksError: the rows stay as they are
        """
        findings = Findings()
        here = [row for row in rows if row["realm_id"] == connection.realm_id]
        created = {
            row["id"]: look_up
            for row in here
            if row["operation"] == "create"
            and (look_up := load_look_up(row["look_up_text"]))
        }
        candidates: dict[str, list] = {}
        for entity, statement in questions(created.values()):
            candidates.setdefault(entity, []).extend(client.query(statement))
        for row in here:
            if look_up := created.get(row["id"]):
                former_id = qbo_ids.get(row["id"])
                self._judge_candidates(row, look_up, former_id, candidates, findings)
        self._look_for_names(client, here, created, findings)
        self._read_present(client, here, qbo_ids, findings)
        return findings

    @api.model
    def _judge_candidates(
        self, row, look_up: LookUp, former_id: str | None, candidates, findings
    ) -> None:
        """Tell what a create may have made from what was there.

        :param former_id: the record's object that was voided before: it bears the same
            number and marker, and is not what this call made
        """
        same_entity = candidates.get(look_up.entity, [])
        # A call that went out again may have been executed the first time.
        sent_at = (row["first_sent_at"] or row["sent_at"]).replace(tzinfo=timezone.utc)
        new = [found for found in same_entity if found["Id"] != former_id]
        if ours := find_ours(look_up, new, sent_at):
            findings.ours[row["id"]] = ours
            return
        for found in same_entity:
            if look_up.display_name:
                is_in_the_way = has_name(look_up, found)
            else:
                is_in_the_way = look_up.doc_number == found.get("DocNumber")
            if is_in_the_way:
                findings.in_the_way[row["id"]] = (look_up.entity, found)
                if found["Id"] == former_id:
                    findings.voided_ids.add(row["id"])

    @api.model
    def _look_for_names(self, client, rows, created, findings) -> None:
        """Names are unique over customers, vendors and employees: find who has it."""
        for row in rows:
            look_up = created.get(row["id"])
            settled = row["id"] in findings.ours or row["id"] in findings.in_the_way
            if row["check_code"] != DUPLICATE_NAME or settled or not look_up:
                continue
            if look_up.entity != "Customer":
                continue  # items share their names with nobody
            where = query.where_in("DisplayName", [look_up.display_name])
            where += " AND Active IN (true, false)"
            for entity in NAME_LISTS[1:]:
                if found := client.query(query.select(entity, where)):
                    findings.in_the_way[row["id"]] = (entity, found[0])
                    break

    @api.model
    def _read_present(self, client, rows, qbo_ids: dict, findings) -> None:
        """Read what was changed in QuickBooks meanwhile; its SyncToken is newer."""
        stale: dict[str, list[dict]] = {}
        for row in rows:
            if row["check_code"] in STALE and row["id"] in qbo_ids:
                stale.setdefault(row["entity"], []).append(row)
        for entity, entity_rows in stale.items():
            where = query.where_in("Id", [qbo_ids[row["id"]] for row in entity_rows])
            found = {
                each["Id"]: each for each in client.query(query.select(entity, where))
            }
            for row in entity_rows:
                if present := found.get(qbo_ids[row["id"]]):
                    findings.present[row["id"]] = present

    @api.model
    def _bound_ids(self, connection, rows: list[dict]) -> dict[int, str]:
        """Return QuickBooks Ids by export id, of rows whose record is bound."""
        bound = {}
        for res_model in {row["res_model"] for row in rows}:
            model_rows = [row for row in rows if row["res_model"] == res_model]
            bindings = self.env["qbo.binding"]._find_many(
                connection, res_model, [row["res_id"] for row in model_rows]
            )
            for row in model_rows:
                if row["res_id"] in bindings:
                    bound[row["id"]] = bindings[row["res_id"]][:1].qbo_id
        return bound

    # -- writing down -----------------------------------------------------------

    @api.model
    def _settle(self, connection, rows: list[dict], findings: Findings) -> list[Batch]:
        """Write down what a look-up means; the caller commits.

        :return: batches to be sent again exactly as they were
        """
        adopted, refused, anew, again = {}, {}, [], []
        linked_ids = self._linked_ids(connection, rows)
        for row in rows:
            export_id = row["id"]
            if export_id in findings.ours:
                adopted[export_id] = findings.ours[export_id]
            elif export_id in linked_ids:
                anew.append(row)
            elif cause := self._cause_after_look_up(connection, row, findings):
                refused[export_id] = [cause]
            elif self._must_be_prepared_anew(connection, row):
                anew.append(row)
            else:
                again.append(row)
        self._adopt(connection, adopted)
        details = {
            row["id"]: self.env["qbo.problem"]._details_of(
                row, Judgement(Verdict.PERSON, text=f"code {row['check_code']}")
            )
            for row in rows
        }
        self.env["qbo.problem"]._stop_with_followers(connection, refused, details)
        self._note_present(connection, anew, findings)
        return self._send_again(again)

    @api.model
    def _cause_after_look_up(self, connection, row, findings: Findings):
        """Return why a person must act on a row that was not found, or None."""
        Problem = self.env["qbo.problem"]
        code = row["check_code"]
        entity, found = findings.in_the_way.get(row["id"], ("", {}))
        if code == DUPLICATE_NUMBER and row["id"] in findings.voided_ids:
            return Problem._cause_of_voided_number(row)
        if code == DUPLICATE_NUMBER:
            return Problem._cause_of_number(row, found)
        if code == OUR_FAULT and not self._changed_since(row):
            if row["attempt_count"] < OUR_FAULT_LIMIT:
                return None
            return self._fault_of_ours(row["id"])
        if code == DUPLICATE_NAME:
            look_up = load_look_up(row["look_up_text"])
            name = found.get("DisplayName") or (look_up and look_up.display_name) or ""
            return Problem._cause_of_name(row, name, entity, found.get("Active", True))
        stuck = code in STALE and row["stale_count"] >= STALE_LIMIT
        if stuck or code == DUPLICATE_OBJECT:
            text = self.env._("it is being changed by others")
            judgement = Judgement(
                Verdict.PERSON, problem_kind="changed", code=code, text=text
            )
            return Problem._cause_of(connection, row, judgement)
        return None

    @api.model
    def _must_be_prepared_anew(self, connection, row) -> bool:
        """Whether sending the saved call again makes no sense or is not safe."""
        return (
            row["realm_id"] != connection.realm_id
            or row["check_code"] in (*STALE, DUPLICATE_REQUEST)
            or not row["request_id"]
            or (row["check_code"] == OUR_FAULT and self._changed_since(row))
        )

    @api.model
    def _changed_since(self, row) -> bool:
        """Whether the record is another than the one that was sent."""
        return row["revision"] > row["sent_revision"]

    @api.model
    def _adopt(self, connection, adopted: Mapping[int, Mapping]) -> None:
        """Our call was executed after all: take what QuickBooks has as its answer."""
        taken = self._bound_elsewhere(connection, adopted)
        free = {id_: found for id_, found in adopted.items() if id_ not in taken}
        self._record_judgements(
            connection, {id_: Judgement(Verdict.DONE) for id_ in free}, free
        )
        rows = {row["id"]: row for row in self._lock_rows(taken)}
        self.env["qbo.problem"]._stop_with_followers(
            connection,
            {
                id_: [self.env["qbo.problem"]._cause_of_number(rows[id_], adopted[id_])]
                for id_ in taken
            },
        )

    @api.model
    def _bound_elsewhere(self, connection, adopted: Mapping[int, Mapping]) -> set[int]:
        """Return exports whose find belongs to another Odoo record already."""
        if not adopted:
            return set()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT export.id, binding.qbo_id
                  FROM qbo_export export
                  JOIN qbo_binding binding
                    ON binding.connection_id = export.connection_id
                   AND binding.realm_id = export.realm_id
                   AND binding.entity = export.entity
                   AND (binding.res_model, binding.res_id)
                       <> (export.res_model, export.res_id)
                 WHERE export.id = ANY(%s) AND binding.qbo_id = ANY(%s)
                """,
                list(adopted),
                [found["Id"] for found in adopted.values()],
            )
        )
        return {id_ for id_, qbo_id in rows if adopted[id_]["Id"] == qbo_id}

    @api.model
    def _note_present(self, connection, rows: list[dict], findings: Findings) -> None:
        """Keep newer SyncTokens and let the rows be prepared anew, at once."""
        if not rows:
            return
        for row in rows:
            if present := findings.present.get(row["id"]):
                record = self.env[row["res_model"]].browse(row["res_id"])
                binding = self.env["qbo.binding"]._find(
                    connection, record, row["entity"]
                )
                binding.sync_token = present["SyncToken"]
        ids = [row["id"] for row in rows]
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export
                   SET state = 'waiting', retry_at = NULL, request_id = NULL,
                       b_id = NULL,
                       stale_count = stale_count
                           + CASE WHEN check_code IN %s THEN 1 ELSE 0 END,
                       check_code = NULL
                 WHERE id = ANY(%s)
                """,
                STALE,
                ids,
            )
        )
        self._tell_rows(ids)

    @api.model
    def _send_singly(self, batch: Batch) -> list[Batch]:
        """Refused as a whole, so that none was executed, and one may be the cause."""
        rows = self._lock_rows(call.export_id for call in batch.calls)
        return self._send_again(rows, singly=True)

    @api.model
    def _send_again(self, rows: Iterable[dict], singly: bool = False) -> list[Batch]:
        """Not found: the same calls under the same ids, letter by letter.

        But what a fault of ours kept from going goes by itself, so that it keeps no
        others from going.

        :param singly: none of them was executed; each goes by itself
        """
        calls: dict[str, list[Call]] = {}
        for row in rows:
            request_id, b_id = row["request_id"], row["b_id"] or ""
            if b_id and (singly or row["check_code"] == OUR_FAULT):
                request_id, b_id = new_request_id(), ""
            call = Call(
                row["id"], b_id, row["operation"], row["entity"], row["payload_text"]
            )
            calls.setdefault(request_id, []).append(call)
        ids = [call.export_id for batch in calls.values() for call in batch]
        if not ids:
            return []
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export export
                   SET state = 'sending', sent_at = %s, retry_at = NULL,
                       request_id = v.request_id, b_id = v.b_id,
                       attempt_count = attempt_count + 1
                  FROM (VALUES %s) AS v (id, request_id, b_id)
                 WHERE export.id = v.id
                """,
                fields.Datetime.now(),
                SQL(", ").join(
                    SQL("%s", (call.export_id, request_id, call.b_id))
                    for request_id, batch in calls.items()
                    for call in batch
                ),
            )
        )
        self._tell_rows(ids)
        return [Batch(request_id, tuple(batch)) for request_id, batch in calls.items()]
