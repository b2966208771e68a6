"""Somebody else's transaction was first, or is not done yet: nobody's work ends so."""

import threading
import time
from contextlib import contextmanager
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.oauth import OAuthController
from ..models import qbo_connection_tokens
from ..models.qbo_export import LANE_COUNT
from .concurrent_common import ConcurrentCase


@tagged("post_install", "-at_install")
class TestConflictsConcurrent(ConcurrentCase):
    """Rows that two transactions want, of a connection and of its problems."""

    def test_row_that_another_one_keeps_is_waited_for_anew(self):
        tries = []
        with self.kept_by_another() as other, mute_logger("odoo.sql_db"):

            def take(connection):
                if tries:
                    other.rollback()
                tries.append(connection)
                connection.attempt_hash = "taken"

            with self.work() as connection:
                connection._in_own_env(take)

        self.assertEqual(len(tries), 2)
        with self.work() as connection:
            self.assertEqual(connection.attempt_hash, "taken")

    def test_connecting_does_not_fail_for_a_row_that_another_one_keeps(self):
        """The code in the request works once: it must not end in an error."""
        with self.kept_by_another(), mute_logger("odoo.sql_db"):
            with self.work() as connection:
                OAuthController()._retrieve_mapping_lists(connection)

        with self.work() as connection:
            self.assertEqual(connection.state, "connected")

    @contextmanager
    def kept_by_another(self):
        """Somebody changes the connection, and is not done with it for long."""
        with (
            patch.object(qbo_connection_tokens, "ROW_LOCK_TIMEOUT_S", 1),
            self.registry.cursor() as cr,
        ):
            cr.execute(
                "SELECT FROM qbo_connection WHERE id = %s FOR UPDATE",
                [self.connection_id],
            )
            yield cr
            cr.rollback()

    def test_lane_goes_on_when_another_one_opens_its_problem(self):
        """Of two that open one problem the second would end its run with an error."""
        with self.work() as connection:
            connection._disconnect()
            self.queue_something(connection)
            lane = connection.id % LANE_COUNT
        ended = []

        def run_lane():
            with self.work() as connection, mute_logger("odoo.sql_db"):
                connection.env["qbo.export"]._end_lane(lane, [], [], 0)
                ended.append(lane)

        worker = threading.Thread(target=run_lane)
        with self.work() as other:
            other._follow_problem()
            other.env.flush_all()
            worker.start()
            self.wait_for_somebody_behind(other.env.cr)
        worker.join(timeout=60)

        self.assertEqual(ended, [lane])
        with self.work() as connection:
            problem = connection.env["qbo.problem"].search(
                [("connection_id", "=", connection.id), ("closed_at", "=", False)]
            )
            self.assertEqual(problem.mapped("kind"), ["connection"])
            connection.env["qbo.export"].search(
                [("connection_id", "=", connection.id)]
            ).unlink()

    def test_lane_leaves_the_problems_of_other_lanes_alone(self):
        with self.work() as connection:
            connection._disconnect()
            self.queue_something(connection)
        for step, count in ((1, 0), (0, 1)):
            with self.work() as connection:
                lane = (connection.id + step) % LANE_COUNT
                connection.env["qbo.export"]._end_lane(lane, [], [], 0)
            with self.work() as connection:
                problems = connection.env["qbo.problem"].search_count(
                    [("connection_id", "=", connection.id), ("closed_at", "=", False)]
                )
                self.assertEqual(problems, count)
        with self.work() as connection:
            connection.env["qbo.export"].search(
                [("connection_id", "=", connection.id)]
            ).unlink()

    def test_exclusion_collides_with_the_drain_that_took_the_row(self):
        """Odoo repeats the request, which then sees that it is being sent."""
        with self.work() as connection:
            self.queue_something(connection)
        with self.work() as connection:
            export = self.exports_of(connection)
            self.assertEqual(export.state, "waiting")
            with self.work() as other:
                self.exports_of(other).state = "sending"
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                export._exclude_held("Entered by hand.")
            connection.env.cr.rollback()
        with self.work() as connection:
            export = self.exports_of(connection)
            self.assertFalse(export._exclude_held("Entered by hand."))
            self.assertEqual(export.state, "sending")
            export.unlink()

    def exports_of(self, connection):
        return connection.env["qbo.export"].search(
            [("connection_id", "=", connection.id)]
        )

    def queue_something(self, connection):
        partner = connection.company_id.partner_id
        connection.env["qbo.export"]._insert(connection, partner)

    def wait_for_somebody_behind(self, cr):
        """Until another transaction waits for this one."""
        cr.execute("SELECT pg_backend_pid()")
        (pid,) = cr.fetchone()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            cr.execute(
                "SELECT FROM pg_locks WHERE NOT granted"
                " AND %s = ANY(pg_blocking_pids(pid))",
                [pid],
            )
            if cr.rowcount:
                return
        self.fail("nobody waits")
