import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta, timezone

from odoo import fields
from odoo.tools import SQL

from ..engine import fault_points
from ..engine.judging import Judgement
from ..engine.outgoing import Batch, Outcome
from ..engine.sending import Courier, courier
from ..quickbooks import VaultError
from ..quickbooks.errors import QuickBooksError
from .drain_look_ups import BROKEN_DATABASE, LookUps
from .drain_verdict import Verdicts, is_refused_whole
from .exchange_recorder import ExchangeRecorder
from .qbo_exceptions import CONFLICTS, NotConnected
from .qbo_export_prepare import PoisonedRow

_logger = logging.getLogger(__name__)

#: Longest wait for Intuit's limits within one call of the scheduled action.
LIMIT_WAIT_S = 15
#: While QuickBooks is waited for, the lane looks that often who else has work.
LOOK_ROUND_S = 2.0
#: Times that a transaction is begun anew because another one was first.
CONFLICT_LIMIT = 10


class DrainPass(LookUps, Verdicts):
    """One pass over one connection: prepare, save, send, record, again.

    Owns the realm's lock (see ``_claim``) and a database connection that
    nobody else uses; commits after each step. Threads only send.

    :param env: environment of that database connection
    :param report: told how many exports each commit moved on; answers the
        seconds that are left, 0 when it is time to stop
    :param only_ids: exports outside of which nothing is touched
    """

    def __init__(
        self,
        env,
        connection_id: int,
        report: Callable[[int], float] = lambda _count: float("inf"),
        time_left_s: float = float("inf"),
        only_ids: Iterable[int] | None = None,
    ) -> None:
        super().__init__()
        self.env = env
        self.exports = env["qbo.export"]
        self.connection = env["qbo.connection"].browse(connection_id)
        self.report = report
        self.time_left_s = time_left_s
        self.only_ids = set(only_ids) if only_ids is not None else None
        self.recorder = ExchangeRecorder()
        self.client = None
        self.stopped = False
        self.renewed = False
        self.moved_any = False
        self.asked_closing_date = False
        # Whether QuickBooks could not be reached when it was tried last.
        self.held = False
        self.limit_waited_s = 0.0
        # What each request that is under way carries, for the log.
        self.carried: dict[str, list[int]] = {}

    def run(self) -> float:
        """Drain until nothing is due, time is up or QuickBooks cannot be reached.

        :return: seconds left
        """
        self._begin()
        try:
            self.client = self.connection._client(self.recorder)
        except (NotConnected, VaultError) as error:
            self._stop_signed_out(str(error))
            return self.time_left_s
        except QuickBooksError as error:
            self._stop_for_error(error)
            return self.time_left_s
        try:
            with courier(self.client, self.connection.batches_in_flight) as hands:
                self._drain(hands)
        finally:
            self._write_log()
        return self.time_left_s

    def _begin(self) -> None:
        def begin() -> dict[str, list[float]] | None:
            self.exports._take_stranded(self.connection)
            drain = self.env["qbo.drain"]._of(self.connection)
            self.held = bool(drain.failure_count)
            return self._recent_calls() if drain._begin_pass() else None

        recent = self._transaction(begin)
        self.limiter = self.connection._limiter(self.connection.realm_id)
        if recent is not None:
            # Another process sent for this realm last: its calls count, too.
            now_s = time.time()
            paused = self.limiter.snapshot(now_s)["paused_until"]
            self.limiter.restore({**recent, "paused_until": paused}, now_s)

    def _recent_calls(self) -> dict[str, list[float]]:
        """Return when calls left in the last minute, as the limiter remembers them."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT max(sent_at), bool_or(b_id <> '') FROM qbo_export
                 WHERE connection_id = %s AND sent_at > %s
              GROUP BY request_id
                """,
                self.connection.id,
                fields.Datetime.now() - timedelta(minutes=1, seconds=1),
            )
        )
        # Times are kept in whole seconds, and rather too long than too short.
        calls = [
            (at.replace(tzinfo=timezone.utc).timestamp() + 1, is_batch)
            for at, is_batch in rows
        ]
        return {
            "calls": [at for at, _is_batch in calls],
            "batches": [at for at, is_batch in calls if is_batch],
        }

    # -- the loop --------------------------------------------------------------

    def _drain(self, hands: Courier) -> None:
        self._send_all(hands, self._settle_due(hands))
        while True:
            wait_s = self._fill(hands)
            if hands.in_flight:
                self._take_what_came(hands, wait_s)
            elif wait_s is not None:
                self._wait(wait_s)
            elif self._may_send() and (batches := self._settle_due(hands)):
                self._send_all(hands, batches)
            else:
                return

    def _take_what_came(self, hands: Courier, wait_s: float | None) -> None:
        """Wait for answers, but not for long without a look around."""
        timeout_s = LOOK_ROUND_S if wait_s is None else min(wait_s, LOOK_ROUND_S)
        came = False
        for outcome in hands.outcomes(timeout_s):
            came = True
            self._take(hands, outcome)
        if not came and timeout_s == LOOK_ROUND_S:
            self.time_left_s = self.report(0)

    def _fill(self, hands: Courier) -> float | None:
        """Send as much as there are free hands, prepared work and calls allowed.

        :return: seconds after which Intuit's limits allow more; None when there
            is no more to send for now
        """
        while hands.free_hands and self._may_send():
            if self.held and hands.in_flight:
                return None  # one call finds out whether QuickBooks is back
            if delay_s := self.limiter.delay(batch=True):
                may_wait = self.limit_waited_s + delay_s <= LIMIT_WAIT_S
                return delay_s if may_wait or hands.in_flight else None
            # One batch at a time: it is on its way while the next is prepared.
            call_count = 1 if self.held else self.connection.batch_size
            batches, looked_at = self._prepare(call_count)
            if not looked_at:
                return None
            self._send_all(hands, batches)
            if unsent := looked_at - sum(len(batch.calls) for batch in batches):
                self.moved_any = True
                self.time_left_s = self.report(unsent)
            if not batches:
                # What came back meanwhile is recorded before more is looked at.
                return 0
        return None

    def _may_send(self) -> bool:
        return not self.stopped and (self.time_left_s > 0 or not self.moved_any)

    def _wait(self, delay_s: float) -> None:
        """Wait for Intuit's limits, with nothing in flight."""
        self.limit_waited_s += delay_s
        threading.Event().wait(delay_s)

    def _send_all(self, hands: Courier, batches: Iterable[Batch]) -> None:
        for batch in batches:
            self.moved_any = True
            self.carried[batch.request_id] = [call.export_id for call in batch.calls]
            hands.send(batch)

    # -- steps, each one transaction -----------------------------------------------

    def _prepare(self, call_count: int) -> tuple[list[Batch], int]:
        """Prepare and save; a row that breaks the transaction is put aside."""
        while True:
            try:
                return self._transaction(lambda: self._prepare_if_connected(call_count))
            except PoisonedRow as poisoned:
                self._transaction(lambda row=poisoned: self._put_aside(row.export_id))

    def _is_barred(self) -> bool:
        """Whether people pause, disconnect or change the company while a pass runs.

        To be asked anew in each transaction that decides what is sent.
        """
        if (
            not self.connection._may_send()
            or self.connection.realm_id != self.client.realm_id
        ):
            self.stopped = True
        return self.stopped

    def _prepare_if_connected(self, call_count: int) -> tuple[list[Batch], int]:
        if self._is_barred():
            return [], 0
        connection = self.connection.with_company(self.connection.company_id)
        return self.exports._prepare_batches(connection, call_count, self.only_ids)

    def _put_aside(self, export_id: int, is_sent: bool = False) -> None:
        """Stop a row that a fault of ours keeps from going on.

        :param is_sent: QuickBooks may have executed it
        """
        cause = self.exports._fault_of_ours(export_id)
        self.env["qbo.problem"]._stop_with_followers(
            self.connection, {export_id: [cause]}
        )
        if is_sent:
            self.exports._keep_uncertain(export_id)

    def _take(self, hands: Courier, outcome: Outcome) -> None:
        """Record what came back, then what it means for the whole realm."""
        if len(outcome.batch.calls) > 1 and is_refused_whole(outcome):
            self._write_log()
            singles = self._transaction(lambda: self._send_singly(outcome.batch))
            self._send_all(hands, singles)
            return
        judgements = self._record_in_turn(outcome)
        self._write_log()
        fault_points.reached("after_commit")
        self.time_left_s = self.report(len(outcome.batch.calls))
        self._act(hands, outcome, judgements)

    def _send_singly(self, batch: Batch) -> list[Batch]:
        """Send the calls of a batch that was refused whole; later, if not now."""
        if self._is_barred():
            self.exports._set_waiting([call.export_id for call in batch.calls])
            return []
        return self.exports._send_singly(batch)

    def _record(self, outcome: Outcome) -> list[Judgement]:
        """Write the answers down; one that cannot be costs its neighbours nothing."""
        try:
            return self._transaction(
                lambda: self.exports._record_outcome(self.connection, outcome)
            )
        except BROKEN_DATABASE:
            raise
        except Exception:
            # One answer that cannot be written down: each is tried by itself below.
            self.env.cr.rollback()
            calls = outcome.batch.calls
            ids = [call.export_id for call in calls]
            _logger.exception("Recording the answers to exports %s failed", ids)
        if len(calls) == 1:
            self._transaction(lambda: self._put_aside(calls[0].export_id, is_sent=True))
            return []
        singles = (
            replace(outcome, batch=replace(outcome.batch, calls=(c,))) for c in calls
        )
        return [judgement for single in singles for judgement in self._record(single)]

    def _transaction(self, work: Callable):
        """Do ``work`` and commit; again, when another transaction was first."""
        for left in reversed(range(CONFLICT_LIMIT)):
            try:
                result = work()
                self.env.flush_all()
                fault_points.reached("before_commit")
                # The pass owns this cursor: what is sent must stay saved.
                self.env.cr.commit()  # pylint: disable=invalid-commit
                return result
            except CONFLICTS:
                self.env.cr.rollback()
                if not left:
                    raise
            except PoisonedRow:
                self.env.cr.rollback()
                raise
        raise AssertionError("unreachable")

    def _write_log(self) -> None:
        """Log and count the calls made so far."""
        if exchanges := self.recorder.take():
            self._transaction(
                lambda: self.env["qbo.log"]._record(
                    self.connection, exchanges, action="export", carried=self.carried
                )
            )
            for exchange in exchanges:
                self.carried.pop(exchange.request_id, None)
