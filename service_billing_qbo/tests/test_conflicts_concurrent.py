"""Somebody else's transaction was first, or is not done yet: nobody's work ends so."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.oauth import OAuthController
from ..models import qbo_connection_tokens
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
