import hashlib
import logging
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from ..engine import backoff
from ..engine.judging import Judgement, Verdict, judge_outcome
from ..engine.outgoing import Outcome
from ..quickbooks.faults import Outcome as Decision
from .error_words import words_of
from .qbo_binding import difference

_logger = logging.getLogger(__name__)

#: Decisions that are settled by looking at QuickBooks at once, without waiting.
LOOK_NOW = (Decision.LOOK_UP, Decision.STALE)
#: Decisions about the authorization, not about the row.
SIGNING_IN = (Decision.REFRESH, Decision.RECONNECT)
#: How long a call may still be under way at Intuit after its answer was lost. A look-up
#: before that could miss what is created a moment later.
SETTLE_S = 10
#: Intuit has seen the request id: perhaps its first call is still under way.
DUPLICATE_REQUEST = "600"


class QboExport(models.Model):
    """Answers of QuickBooks written back: bindings, states, problems.

    Set by set, in the drain's transaction; a batch costs a handful of
    statements whatever its size.
    """

    _inherit = "qbo.export"

    @api.model
    def _record_outcome(self, connection, outcome: Outcome) -> list[Judgement]:
        """Write down what came of a batch.

        :return: the judgements, for what they mean beyond their rows
        """
        judgements = judge_outcome(outcome)
        answers = {}
        if not outcome.error:
            for call in outcome.batch.calls:
                answers[call.export_id] = outcome.answers[call.b_id].entity
        self._record_judgements(connection, judgements, answers)
        return list(judgements.values())

    @api.model
    def _record_judgements(
        self,
        connection,
        judgements: Mapping[int, Judgement],
        answers: Mapping[int, dict],
    ) -> None:
        """Write down judgements.

        :param answers: QuickBooks' objects by export id, for those that are done
        """
        rows = self._lock_rows(judgements)
        by_verdict: dict[Verdict, list[dict]] = {verdict: [] for verdict in Verdict}
        for row in rows:
            by_verdict[judgements[row["id"]].verdict].append(row)
        done = by_verdict[Verdict.DONE] + by_verdict[Verdict.GONE]
        self._record_done(connection, done, answers)
        self._record_again(by_verdict[Verdict.AGAIN], judgements)
        self._record_check(by_verdict[Verdict.CHECK], judgements)
        self._record_refused(connection, by_verdict[Verdict.PERSON], judgements)

    @api.model
    def _lock_rows(self, export_ids) -> list[dict]:
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT id, company_id, res_model, res_id, reference, partner_id,
                       realm_id, operation, entity, revision, sent_revision, sent_at,
                       attempt_count, stale_count,
                       expected_total, expected_tax, expected_home_total,
                       home_tolerance, currency_id, payload_text,
                       look_up_text, request_id, b_id, check_code, doc_number
                  FROM qbo_export WHERE id = ANY(%s)
              ORDER BY id
                   FOR NO KEY UPDATE
                """,
                list(export_ids),
            )
        )

    # -- done -----------------------------------------------------------------

    @api.model
    def _record_done(
        self, connection, rows: list[dict], answers: Mapping[int, dict]
    ) -> None:
        if not rows:
            return
        Bindings = self.env["qbo.binding"]
        by_model: dict[str, list[dict]] = {}
        for row in rows:
            by_model.setdefault(row["res_model"], []).append(row)
        for res_model, model_rows in by_model.items():
            res_ids = [row["res_id"] for row in model_rows]
            known = Bindings._find_many(connection, res_model, res_ids)
            Bindings._save(
                self._binding_values(
                    connection,
                    row,
                    answers.get(row["id"]) or {},
                    known.get(row["res_id"], Bindings),
                )
                for row in self._without_linked(connection, model_rows, answers, known)
            )
        done_ids = [row["id"] for row in rows]
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export
                   SET state = CASE WHEN revision > sent_revision THEN 'waiting'
                                    ELSE 'exported' END,
                       done_at = %s, retry_at = NULL, check_code = NULL,
                       last_message = NULL, stale_count = 0, first_sent_at = NULL
                 WHERE id = ANY(%s)
                """,
                fields.Datetime.now(),
                done_ids,
            )
        )
        self._tell_rows(done_ids)
        self.env["qbo.problem"]._settled(done_ids)
        for res_model, model_rows in by_model.items():
            self._run_hook(connection, res_model, model_rows, answers)

    @api.model
    def _binding_values(self, connection, row: dict, answer: dict, known) -> dict:
        """Return the binding of a row as its answer shows it.

        :param known: the record's bindings so far, perhaps empty
        """
        known = known.filtered(lambda binding: binding.entity == row["entity"])[:1]
        now = fields.Datetime.now()
        vals = {
            "connection_id": connection.id,
            "company_id": row["company_id"],
            "realm_id": row["realm_id"],
            "res_model": row["res_model"],
            "res_id": row["res_id"],
            "entity": row["entity"],
            "qbo_id": answer.get("Id") or known.qbo_id,
            "sync_token": answer.get("SyncToken") or known.sync_token,
            "doc_number": answer.get("DocNumber") or known.doc_number or None,
            "qbo_date": answer.get("TxnDate") or known.qbo_date or None,
            "qbo_customer": (answer.get("CustomerRef") or {}).get("value")
            or known.qbo_customer
            or None,
            "remote_state": {"void": "voided", "delete": "deleted"}.get(
                row["operation"], "present"
            ),
            "linked": known.linked,
            "address_sent_at": known.address_sent_at or None,
            "exported_at": now,
            "balance_at": now,
            "payload_hash": hashlib.sha256(
                (row["payload_text"] or "").encode()
            ).hexdigest(),
            "create_uid": known.create_uid.id or self.env.uid,
            "create_date": known.create_date or now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        is_new_customer = row["entity"] == "Customer" and row["operation"] == "create"
        if is_new_customer and answer.get("BillAddr"):
            vals["address_sent_at"] = now
        return vals | self._binding_totals(row, answer, known)

    @api.model
    def _binding_totals(self, row: dict, answer: dict, known) -> dict:
        """Compare QuickBooks' totals with Odoo's, to the cent."""
        currency = self.env["res.currency"].browse(row["currency_id"] or ())
        qbo_total = _decimal(answer.get("TotalAmt"))
        qbo_tax = _decimal((answer.get("TxnTaxDetail") or {}).get("TotalTax"))
        # What has no total in Odoo (a customer, a void) cannot differ.
        odoo_total = _decimal_or_none(row["expected_total"])
        odoo_tax = _decimal_or_none(row["expected_tax"])
        apart = Decimal(0)
        if odoo_total is not None and answer:
            apart = difference(qbo_total, odoo_total, currency.rounding or 0.01)
        accepted = (
            known
            and known.difference_accepted_at
            and (_decimal(known.total_difference) == apart)
        )
        return {
            "currency_id": currency.id or None,
            "odoo_total": odoo_total,
            "odoo_tax": odoo_tax,
            "qbo_total": qbo_total,
            "qbo_tax": qbo_tax,
            "qbo_balance": _decimal(answer.get("Balance")),
            "total_difference": apart,
            "difference_reason": self._difference_reason(
                apart, qbo_tax, odoo_tax, currency
            ),
            "difference_accepted_by_id": (
                known.difference_accepted_by_id.id if accepted else None
            ),
            "difference_accepted_at": known.difference_accepted_at
            if accepted
            else None,
            "difference_accepted_reason": (
                known.difference_accepted_reason if accepted else None
            ),
        }

    @api.model
    def _difference_reason(
        self, apart: Decimal, qbo_tax, odoo_tax, currency
    ) -> str | None:
        if not apart:
            return None
        if odoo_tax is not None and qbo_tax - odoo_tax == apart:
            return self.env._(
                "QuickBooks' sales tax is %(quickbooks)s, Odoo's %(odoo)s.",
                quickbooks=formatLang(self.env, float(qbo_tax), currency_obj=currency),
                odoo=formatLang(self.env, float(odoo_tax), currency_obj=currency),
            )
        return self.env._("QuickBooks adds up the lines differently.")

    @api.model
    def _run_hook(self, connection, res_model, rows, answers) -> None:
        """Let the models do their own; a fault there must not lose the answers."""
        if res_model not in self.env:
            return
        records = self.env[res_model].browse([row["res_id"] for row in rows]).exists()
        by_id = {row["res_id"]: answers.get(row["id"]) or {} for row in rows}
        bindings = self.env["qbo.binding"]._find_many(
            connection, res_model, records.ids
        )
        try:
            with self.env.cr.savepoint():
                records._qbo_after_exports(
                    connection,
                    {id_: found[:1] for id_, found in bindings.items()},
                    by_id,
                )
        except Exception:
            # Exported is exported: what only decorates it is logged, not undone.
            _logger.exception("After exporting %s: a hook failed", records)

    # -- not done -----------------------------------------------------------------

    @api.model
    def _record_again(
        self, rows: list[dict], judgements: Mapping[int, Judgement]
    ) -> None:
        """Certainly not executed: prepared anew, after a back-off of its own.

        Without one, and without counting the attempt, where only signing in failed.
        """
        signed_out = [
            row for row in rows if judgements[row["id"]].decision in SIGNING_IN
        ]
        self._set_waiting([row["id"] for row in signed_out])
        self._set_later(
            [row for row in rows if row not in signed_out],
            judgements,
            "retry",
            # A whole call that failed puts off its QuickBooks company (see DrainPass):
            # its rows are due as soon as that is.
            lambda row: (
                0
                if judgements[row["id"]].of_call
                else backoff.ROW.delay_s(row["attempt_count"])
            ),
        )

    @api.model
    def _set_waiting(self, export_ids: list[int]) -> None:
        if not export_ids:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export
                   SET state = 'waiting', retry_at = NULL, request_id = NULL,
                       b_id = NULL, attempt_count = attempt_count - 1
                 WHERE id = ANY(%s)
                """,
                export_ids,
            )
        )
        self._tell_rows(export_ids)

    @api.model
    def _record_check(
        self, rows: list[dict], judgements: Mapping[int, Judgement]
    ) -> None:
        """Perhaps executed: looked up, once it can no longer be under way."""
        # Rows of one batch together: they are looked up, and sent again, together.
        delays_s: dict[str, float] = {}

        def delay_s(row) -> float:
            judgement = judgements[row["id"]]
            if judgement.decision in LOOK_NOW and judgement.code != DUPLICATE_REQUEST:
                return 0
            pace = backoff.REALM if judgement.of_call else backoff.ROW
            return delays_s.setdefault(
                row["request_id"],
                max(SETTLE_S, pace.delay_s(row["attempt_count"])),
            )

        self._set_later(rows, judgements, "checking", delay_s)

    @api.model
    def _set_later(self, rows, judgements, state: str, delay_s) -> None:
        if not rows:
            return
        now = fields.Datetime.now()
        values = SQL(", ").join(
            SQL(
                "%s",
                (
                    row["id"],
                    now + timedelta(seconds=round(delay_s(row))),
                    judgements[row["id"]].code,
                    self._words_of(judgements[row["id"]]),
                    judgements[row["id"]].intuit_tid,
                ),
            )
            for row in rows
        )
        # Ids and payload stay with a row that is checked: it may have to be sent
        # again exactly as it was.
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export export
                   SET state = %(state)s, retry_at = v.retry_at,
                       check_code = CASE %(state)s WHEN 'checking' THEN v.code END,
                       last_message = v.message, intuit_tid = v.intuit_tid
                  FROM (VALUES %(values)s)
                       AS v (id, retry_at, code, message, intuit_tid)
                 WHERE export.id = v.id
                """,
                state=state,
                values=values,
            )
        )
        self._tell_rows([row["id"] for row in rows])

    @api.model
    def _words_of(self, judgement: Judgement) -> str:
        """Return what people read while it is tried again."""
        if judgement.error:
            return words_of(self.env, judgement.error)
        return judgement.text

    @api.model
    def _record_refused(
        self, connection, rows: list[dict], judgements: Mapping[int, Judgement]
    ) -> None:
        """QuickBooks will refuse it until a person acts, unless one just has."""
        # The record changed while its former state was on the way: that was refused.
        changed = [row for row in rows if row["revision"] > row["sent_revision"]]
        self._set_waiting([row["id"] for row in changed])
        rows = [row for row in rows if row not in changed]
        if not rows:
            return
        Problem = self.env["qbo.problem"]
        causes = {
            row["id"]: Problem._causes_of(connection, row, judgements[row["id"]])
            for row in rows
        }
        details = {
            row["id"]: Problem._details_of(row, judgements[row["id"]]) for row in rows
        }
        Problem._stop_with_followers(connection, causes, details)


def _decimal(value) -> Decimal:
    """Return an amount as QuickBooks or the database gives it; none is zero.

    Odoo's cursors give numeric columns as float; the shortest text of a float that
    was a decimal is that decimal.
    """
    return Decimal(str(value or 0))


def _decimal_or_none(value) -> Decimal | None:
    return None if value is None else _decimal(value)
