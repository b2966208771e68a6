import logging
import time
from contextlib import contextmanager
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..engine import backoff
from . import cron_alarm
from .drain_pass import DrainPass
from .qbo_exceptions import RealmBusy
from .qbo_export import LANE_COUNT, OPEN_STATES

_logger = logging.getLogger(__name__)

#: Two triggers closer than this are one.
TRIGGER_STEP = timedelta(seconds=5)
#: Rows that are due and cannot be had: a person's transaction holds them just now.
LOOK_AGAIN_AFTER = timedelta(seconds=5)
#: A restart of PostgreSQL takes some seconds.
DATABASE_BACK_AFTER_S = 15.0


class QboExport(models.Model):
    """Who drains what: cron lanes claim connections, one worker a realm.

    A lane is a scheduled action; several run at once over the cron workers of
    all Odoo nodes. A realm is claimed by a session advisory lock on the very
    database connection that does the work, so that the lock cannot outlive
    the worker and the worker cannot outlive the lock.
    """

    _inherit = "qbo.export"

    @api.model
    def _cron_drain(self, lane: int) -> None:
        """Send what is due, the lane's own connections first, then others'.

        Ends well inside Odoo's limits for a scheduled action, reports what is
        done, and asks to be called again exactly when there is work.
        """
        try:
            self._drain_lane(lane)
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            # PostgreSQL went away: what was under way is looked up once it is back.
            cron_alarm.ring_after(self.env.cr.dbname, lane, DATABASE_BACK_AFTER_S)
            raise

    @api.model
    def _drain_lane(self, lane: int) -> None:
        cron = self.env["ir.cron"]
        drained_ids, busy_ids, processed = [], [], 0
        time_left_s = cron._commit_progress()
        if time_left_s <= 0:
            # Odoo calls ten times in a row at least, whatever the time. To do nothing
            # ends that: the lane is called anew, with time, after what else waits.
            if remaining := self._count_due(SQL("TRUE")):
                self._wake_at(lane, fields.Datetime.now())
            cron._commit_progress(remaining=remaining)
            return

        def report(count: int) -> float:
            nonlocal processed
            processed += count
            if not count and drained_ids:
                # Waiting for QuickBooks: who has work meanwhile need not wait, too.
                self._call_other_lanes(lane, drained_ids)
            return cron._commit_progress(count)

        while connection_id := self._next_connection(lane, drained_ids + busy_ids):
            with self._claim(connection_id) as env:
                if env is None:
                    busy_ids.append(connection_id)
                    continue
                if not drained_ids:
                    self._call_other_lanes(lane, [connection_id])
                    # They are called now, not when this one's QuickBooks answers.
                    cron._commit_progress()
                drained_ids.append(connection_id)
                time_left_s = self._drain_safely(
                    env, connection_id, report, time_left_s
                )
            if time_left_s <= 0:
                break
        self._end_lane(lane, drained_ids, busy_ids, processed)

    @api.model
    def _drain_safely(
        self, env, connection_id: int, report, time_left_s: float
    ) -> float:
        """Run one pass; a fault of ours in it stops this realm, not the others."""
        try:
            DrainPass(env, connection_id, report, time_left_s).run()
        except Exception as fault:
            if env.cr._cnx.closed:
                raise  # PostgreSQL is gone, and the realm's lock with it
            # The guard of one realm: whatever is wrong here, the others are drained.
            _logger.exception("The pass over connection %s failed", connection_id)
            env.cr.rollback()
            connection = env["qbo.connection"].browse(connection_id)
            env["qbo.drain"]._of(connection)._hold(
                f"{type(fault).__name__}: {fault}", pace=backoff.FAULT
            )
            # The pass owns this cursor; its next owner must see that it is held.
            env.cr.commit()
        # Also ends our own snapshot, which does not show what the pass committed.
        return report(0)

    def _end_lane(self, lane, drained_ids, busy_ids, processed: int) -> None:
        """Report what is left, and be called when it is due."""
        remaining = self._count_due(SQL("connection.id <> ALL(%s)", busy_ids))
        if remaining and not processed:
            # Odoo takes "some left, none done" for a fault; a new call is asked for,
            # not at once: it would come back as often as the processor allows.
            self._wake_at(lane, fields.Datetime.now() + LOOK_AGAIN_AFTER)
            remaining = 0
        if next_at := self._next_due_at(drained_ids):
            self._wake_at(lane, next_at)
        self.env["ir.cron"]._commit_progress(remaining=remaining)

    @api.model
    def _run_connection(self, connection, time_limit_s: float):
        """Send what is due of one connection, now.

        A seam for other job runners: works in a database connection of its own and
        never commits the caller's, whose snapshot does not show what was done.

        :return: when to call again, UTC; None when nothing will be due by itself
        :raises RealmBusy: another worker drains it just now
        """
        processed = 0
        end_at = time.monotonic() + time_limit_s

        def report(count: int) -> float:
            nonlocal processed
            processed += count
            return end_at - time.monotonic()

        with self._claim(connection.id) as env:
            if env is None:
                raise RealmBusy
            exports = env["qbo.export"]
            is_this = SQL("connection.id = %s", connection.id)
            if exports._count_due(is_this):
                exports._drain_safely(env, connection.id, report, time_limit_s)
                # What others committed meanwhile is work, too.
                env.cr.commit()  # pylint: disable=invalid-commit
            if exports._count_due(is_this):
                now = fields.Datetime.now()
                return now if processed else now + LOOK_AGAIN_AFTER
            return exports._next_due_at([connection.id])

    @api.model
    def _run_row(self, export) -> bool:
        """Bring one row (and what it needs first) to QuickBooks, now.

        A seam as :meth:`_run_connection`.

        :return: False when another worker drains this realm just now
        """
        with self._claim(export.connection_id.id) as env:
            if env is None:
                return False
            DrainPass(env, export.connection_id.id, only_ids=export.ids).run()
        return True

    @contextmanager
    def _claim(self, connection_id: int):
        """Give an environment that owns the connection's realm, or None.

        Its cursor is its own: the drain commits it after each step.
        """
        connection = self.env["qbo.connection"].sudo().browse(connection_id)
        key = connection._realm_lock_key()
        context = {
            "allowed_company_ids": connection.company_id.ids,
            "lang": connection.company_id.partner_id.lang or self.env.lang,
        }
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT pg_try_advisory_lock(%s)", [key])
            if not cr.fetchone()[0]:
                yield None
                return
            # What is read from here on is newer than the last owner's last commit.
            cr.commit()  # pylint: disable=invalid-commit
            try:
                yield api.Environment(cr, SUPERUSER_ID, context)
            finally:
                _unlock(cr, key)

    # -- what is due ----------------------------------------------------------

    @api.model
    def _next_connection(self, lane: int, without_ids: list) -> int | None:
        """Return the connection with due rows that waited longest, own lane first."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT connection.id
                  FROM qbo_connection connection
             LEFT JOIN qbo_drain drain ON drain.connection_id = connection.id
                 WHERE %(can_send)s AND connection.id <> ALL(%(without)s)
                   AND (EXISTS (SELECT FROM qbo_export export
                                 WHERE export.connection_id = connection.id
                                   AND %(sendable)s)
                        OR EXISTS (SELECT FROM qbo_export export
                                    WHERE export.connection_id = connection.id
                                      AND %(unsettled)s))
              ORDER BY (connection.id %% %(lanes)s = %(lane)s) DESC,
                       drain.pass_at NULLS FIRST, connection.id
                 LIMIT 1
                """,
                can_send=self._can_send_sql(),
                sendable=self._sendable_sql(),
                unsettled=self._unsettled_sql(),
                without=without_ids,
                lanes=LANE_COUNT,
                lane=lane,
            )
        )
        return rows[0][0] if rows else None

    @api.model
    def _can_send_sql(self) -> SQL:
        """Condition on ``connection`` and its ``drain``: it may send now."""
        return SQL(
            "%s AND (drain.resume_at IS NULL OR drain.resume_at <= %s)",
            self._may_send_sql(),
            fields.Datetime.now(),
        )

    @api.model
    def _may_send_sql(self) -> SQL:
        """Condition on ``connection``: what its ``_may_send`` says. Whatever changes it
        calls the lane; what a pass would refuse to send must not be due here."""
        return SQL(
            """
            connection.state = 'connected'
            AND connection.confirmed_realm_id = connection.realm_id
            AND connection.accounting_vendor = 'quickbooks'
            AND connection.paused IS NOT TRUE
            """
        )

    @api.model
    def _sendable_sql(self) -> SQL:
        """Condition on ``export``: it can be prepared and sent now."""
        return SQL(
            """
            export.state IN ('waiting', 'retry')
            AND (export.retry_at IS NULL OR export.retry_at <= %s)
            AND (export.waits_for_id IS NULL OR NOT EXISTS (
                SELECT FROM qbo_export first
                 WHERE first.id = export.waits_for_id AND first.state IN %s
            ))
            """,
            fields.Datetime.now(),
            OPEN_STATES,
        )

    @api.model
    def _unsettled_sql(self) -> SQL:
        """Condition on ``export``: it is to be looked up now.

        A row *sending* is left from a worker that died, for its realm is free
        when it is found.
        """
        return SQL(
            """
            export.state IN ('sending', 'checking')
            AND (export.state = 'sending' OR export.retry_at <= %s)
            """,
            fields.Datetime.now(),
        )

    @api.model
    def _count_due(self, of_connection: SQL) -> int:
        """Count rows that a lane can do something about now.

        :param of_connection: condition on ``connection``
        """
        # Two counts rather than one with OR: each is served by its own index.
        return sum(
            self.env.execute_query(
                SQL(
                    """
                    SELECT count(*)
                      FROM qbo_export export
                      JOIN qbo_connection connection
                        ON connection.id = export.connection_id
                 LEFT JOIN qbo_drain drain ON drain.connection_id = connection.id
                     WHERE %s AND %s AND %s
                    """,
                    self._can_send_sql(),
                    condition,
                    of_connection,
                )
            )[0][0]
            for condition in (self._sendable_sql(), self._unsettled_sql())
        )

    @api.model
    def _next_due_at(self, connection_ids: list):
        """Return when work of these connections becomes due by itself, UTC, or None."""
        return self.env.execute_query(
            SQL(
                """
                SELECT min(GREATEST(due.due_at, drain.resume_at))
                  FROM (SELECT connection_id, min(retry_at) AS due_at
                          FROM qbo_export
                         WHERE connection_id = ANY(%(ids)s)
                           AND state IN ('retry', 'checking') AND retry_at > %(now)s
                      GROUP BY connection_id
                         UNION ALL
                        SELECT DISTINCT connection_id, %(now)s::timestamp
                          FROM qbo_export
                         WHERE connection_id = ANY(%(ids)s)
                           AND state IN ('waiting', 'retry', 'checking', 'sending')
                           ) AS due
                  JOIN qbo_connection connection ON connection.id = due.connection_id
             LEFT JOIN qbo_drain drain ON drain.connection_id = due.connection_id
                 WHERE %(may_send)s
                   AND GREATEST(due.due_at, drain.resume_at) > %(now)s
                """,
                may_send=self._may_send_sql(),
                ids=connection_ids,
                now=fields.Datetime.now(),
            )
        )[0][0]

    # -- calling lanes ----------------------------------------------------------

    @api.model
    def _call_other_lanes(self, lane: int, connection_ids: list[int]) -> None:
        """Let free workers take the other connections that have work."""
        taken_ids = list(connection_ids)
        called = set()
        while other_id := self._next_connection(lane, taken_ids):
            taken_ids.append(other_id)
            called.add((lane + len(called) + 1) % LANE_COUNT)
            if len(called) == LANE_COUNT - 1:
                break
        for other_lane in called:
            self._wake_at(other_lane, fields.Datetime.now())

    @api.model
    def _wake_at(self, lane: int, at) -> None:
        """Have a lane called at ``at``, unless it will be called by then anyway.

        :param at: UTC; Odoo's own workers look every minute, this process in time
        """
        delay_s = (at - fields.Datetime.now()).total_seconds()
        if delay_s > 0:
            cron_alarm.ring_after(self.env.cr.dbname, lane, delay_s)
        cron = self._lane(lane)
        # An earlier call is no call at that time: it finds nothing due yet, as the one
        # that somebody's posting asks for while QuickBooks is away. A later one is none
        # for now: nobody is told when its time has come.
        planned_count = self.env["ir.cron.trigger"].search_count(
            [
                ("cron_id", "=", cron.id),
                ("call_at", ">=", at),
                ("call_at", "<=", at + TRIGGER_STEP if delay_s > 0 else at),
            ],
            limit=1,
        )
        if not planned_count:
            cron._trigger(at=at)


def _unlock(cr, key: int) -> None:
    """Give a session lock back; a broken database connection has lost it already."""
    try:
        cr.rollback()
        cr.execute("SELECT pg_advisory_unlock(%s)", [key])
    except psycopg2.Error:
        _logger.info(
            "The database connection that held a realm is gone.", exc_info=True
        )
