"""Nothing can be sent at all: that is a problem, too, though it stops no export.

What waits goes on waiting, and goes by itself once somebody has connected. People have
been told of the loss by the connection itself: here it is only to be seen.
"""

import logging

from odoo import api, models
from odoo.tools import SQL

from ..mappers.outcome import Cause
from .qbo_connection_people import PROBLEM_AFTER
from .qbo_exceptions import CONFLICTS
from .qbo_export import LANE_COUNT, NAME_MODELS
from .qbo_problem_screens import NOT_CONFIRMED, NOT_CONNECTED, NOT_READ, STOP_ALL

_logger = logging.getLogger(__name__)

#: States of an export that would go if it could.
WAITING = ("waiting", "sending", "retry", "checking")


class QboConnection(models.Model):
    _inherit = "qbo.connection"

    def write(self, vals):
        vendor = vals.get("accounting_vendor")
        changing = self.filtered(
            lambda connection: vendor and connection.accounting_vendor != vendor
        )
        result = super().write(vals)
        for connection in changing:
            # Without keys the state is the same with and without a vendor. In this
            # transaction, as all that a change of the connection brings about.
            connection.sudo()._in_words_of_company()._follow_problem()
        return result

    def _state_changed(self, before, state):
        result = super()._state_changed(before, state)
        self._follow_problem()
        return result

    def _tell_what_needs_people(self):
        self._follow_problem()
        return super()._tell_what_needs_people()

    def _follow_problem(self) -> None:
        """Open or close the problem that keeps all from being sent."""
        self.ensure_one()
        if self.state == "connecting":
            return  # somebody is about to end it
        causes = {}
        if self._is_missed():
            causes[NOT_CONNECTED] = self._cause_of_missing()
        if self._awaits_confirmation() and self._has_waiting():
            causes[NOT_CONFIRMED] = self._cause_of_unconfirmed()
        elif self._is_unreadable() and self._has_waiting():
            causes[NOT_READ] = self._cause_of_unreadable()
        problems = self.env["qbo.problem"].sudo()
        if causes:
            problems._open_rows(self, causes.values(), {})
            problems.invalidate_model()
        problems._close(self, [key for key in STOP_ALL if key not in causes])

    def _is_missed(self) -> bool:
        """Whether somebody has to connect: it was lost, or something waits."""
        if self.state == "connected" or self.accounting_vendor != "quickbooks":
            return False
        if self.state in ("lost", "wrong_company"):
            return True
        return self._has_waiting()

    def _has_waiting(self) -> bool:
        waiting = [("connection_id", "=", self.id), ("state", "in", WAITING)]
        return bool(self.env["qbo.export"].sudo().search_count(waiting, limit=1))

    def _cause_of_unconfirmed(self) -> Cause:
        return Cause(
            kind="connection",
            key=NOT_CONFIRMED,
            message=f"{self._confirmation_words()} {self._ask_words()}",
            todo=self.env._(
                "Look at the company in the Configuration, then press This is the right"
                " company, or disconnect it."
            ),
            res_model=self._name,
            res_id=self.id,
            turn="administrator",
        )

    def _cause_of_missing(self) -> Cause:
        reason = self.state_reason or self._default_reason()
        message = self.env._("The QuickBooks account is not connected.")
        if self.state == "wrong_company":
            todo = self.env._("Choose the company in the Configuration.")
        else:
            todo = self._connect_words() or self.env._(
                "It is tried again by itself; Test in the Configuration tries it now."
            )
        return Cause(
            kind="connection",
            key=NOT_CONNECTED,
            message=" ".join(filter(None, [message, reason])),
            todo=todo,
            res_model=self._name,
            res_id=self.id,
            turn="administrator",
        )

    @api.model
    def _follow_unconnected(self, of_connection: SQL) -> None:
        """Open the problem of those for which something waits since it was posted.

        In cursors of their own: somebody who connects one of them at this moment ends
        neither the run of the caller nor the turn of the others.

        :param of_connection: condition on ``connection``
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT connection.id FROM qbo_connection connection
                 WHERE connection.accounting_vendor = 'quickbooks'
                   AND connection.state != 'connecting'
                   AND (connection.state != 'connected' OR
                        connection.confirmed_realm_id
                            IS DISTINCT FROM connection.realm_id OR
                        connection.people_checked_at IS NULL AND
                        connection.people_failure_count >= %s)
                   AND EXISTS (
                       SELECT FROM qbo_export export
                        WHERE export.connection_id = connection.id
                          AND export.state IN %s
                   )
                   AND NOT EXISTS (
                       SELECT FROM qbo_problem problem
                        WHERE problem.connection_id = connection.id
                          AND problem.closed_at IS NULL
                          AND problem.key = CASE
                              WHEN connection.state != 'connected' THEN %s
                              WHEN connection.confirmed_realm_id
                                  IS DISTINCT FROM connection.realm_id THEN %s
                              ELSE %s END
                   )
                   AND %s
              ORDER BY connection.id
                """,
                PROBLEM_AFTER,
                WAITING,
                NOT_CONNECTED,
                NOT_CONFIRMED,
                NOT_READ,
                of_connection,
            )
        )
        for connection in self.browse(row[0] for row in rows):
            try:
                with connection._own_env() as env:
                    connection.with_env(env)._in_words_of_company()._follow_problem()
            except CONFLICTS as error:
                # Somebody else is about it; what is missing then, the next run does.
                _logger.info("The problem of %s: %s", connection, error)


class QboExport(models.Model):
    _inherit = "qbo.export"

    def _end_lane(self, lane, drained_ids, busy_ids, processed):
        # Posting must not look whether it can go: this is called soon after it.
        own = SQL("mod(connection.id, %s) = %s", LANE_COUNT, lane)
        self.env["qbo.connection"].sudo()._follow_unconnected(own)
        return super()._end_lane(lane, drained_ids, busy_ids, processed)

    @api.model
    def _run_connection(self, connection, time_limit_s):
        next_at = super()._run_connection(connection, time_limit_s)
        own = SQL("connection.id = %s", connection.id)
        connection.sudo()._follow_unconnected(own)
        return next_at


class QboProblem(models.Model):
    _inherit = "qbo.problem"

    def _compute_stops(self):
        """Of what stands for itself: all that waits for the connection."""
        result = super()._compute_stops()
        alone = self.filtered(lambda problem: problem.key in STOP_ALL)
        rows = alone and self.env.execute_query(
            SQL(
                """
                SELECT connection_id,
                       COALESCE(NULLIF(count(*) FILTER (WHERE res_model NOT IN %s), 0),
                                count(*)),
                       COALESCE(sum(abs(amount_total)), 0)
                  FROM qbo_export
                 WHERE connection_id IN %s AND state IN %s
              GROUP BY connection_id
                """,
                NAME_MODELS,
                tuple(alone.connection_id.ids),
                WAITING,
            )
        )
        found = {row[0]: row[1:] for row in rows or ()}
        for problem in alone.filtered(lambda one: not one.closed_at):
            count, value = found.get(problem.connection_id.id, (0, 0))
            problem.export_count, problem.value = count, value
        return result
