"""What a shared test transaction cannot show of tokens: real cursors, commits."""

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.qbo_connection_oauth import AttemptRefused
from ..models.qbo_exceptions import ListsBusy
from ..models.qbo_reference_content import NAME_LISTS
from ..quickbooks import GrantRefused
from .concurrent_common import ConcurrentCase


class Interrupted(Exception):
    """The caller's work came to nothing."""


@tagged("post_install", "-at_install")
class TestTokensConcurrent(ConcurrentCase):
    """Workers of one connection's tokens, each in a transaction of its own."""

    def test_rollback_does_not_lose_the_rotated_refresh_token(self):
        self.emulator.advance_clock(25 * 3600)
        before = self.stored_refresh_token()

        with self.assertRaises(Interrupted), self.work() as connection:
            connection._client(renew=True)
            raise Interrupted

        self.assertNotEqual(self.stored_refresh_token(), before)
        self.emulator.advance_clock(25 * 3600)
        with self.work() as connection:
            connection._client(renew=True)
            self.assertEqual(connection.state, "connected")

    def test_rollback_does_not_revive_a_dead_connection(self):
        with self.assertRaises(Interrupted), self.work() as connection:
            connection._connection_lost("Gone.", reconnect_needed=False)
            raise Interrupted

        with self.work() as connection:
            self.assertEqual(connection.state, "lost")
            connection._try_recover()
        with self.work() as connection:
            self.assertEqual(connection.state, "connected")

    def test_wrong_choice_at_the_first_try_is_forgotten_in_one_request(self):
        with self.work() as connection:
            self.assertEqual(connection.realm_id, self.realm_id)
            connection._disconnect()
            connection._forget_unused_realm()

        with self.work() as connection:
            self.assertEqual(connection.state, "disconnected")
            self.assertFalse(connection.realm_id)

    def test_test_of_a_lost_connection_sees_what_it_just_read(self):
        with self.work() as connection:
            connection._connection_lost("Gone.", reconnect_needed=False)
            connection.env["qbo.reference"].search([]).unlink()

        with self.work() as connection:
            rows = {row.key: row for row in connection._run_test()}

        self.assertEqual(rows["sign_in"].status, "passed")
        self.assertIn("QuickBooks 8.25 %", rows["sales_tax"].found)
        with self.work() as connection:
            self.assertEqual(connection.state, "connected")

    def test_lists_are_kept_while_somebody_saves_the_connection(self):
        def retrieve(connection, ready):
            ready()
            connection._retrieve_lists(NAME_LISTS)
            return "retrieved"

        def save(connection, ready):
            ready()
            connection.use_classes = not connection.use_classes
            return "saved"

        jobs = iter([retrieve, save])
        results = self.at_once(2, lambda *about: next(jobs)(*about))

        self.assertEqual(sorted(results), ["retrieved", "saved"])

    def test_lists_are_kept_while_changes_of_them_are_followed(self):
        with self.work() as connection:
            connection._retrieve_lists(NAME_LISTS)
            connection.people_checked_at = False
        # The customers are the first; what follows them takes its time.
        self.emulator.arm("slow", path="/query", nth=2, seconds=2)
        since = len(self.emulator.requests())

        def retrieve(connection, ready):
            ready()
            connection._look_after()
            return "retrieved"

        def follow(connection, ready):
            ready()
            while len(self.emulator.requests()) == since:
                continue
            customers = connection.env["qbo.reference"].search(
                [("connection_id", "=", connection.id), ("entity", "=", "customer")]
            )
            customers.name = "Followed"
            return "followed"

        jobs = iter([retrieve, follow])
        results = self.at_once(2, lambda *about: next(jobs)(*about))

        self.assertEqual(sorted(results), ["followed", "retrieved"])
        with self.work() as connection:
            self.assertTrue(connection.people_checked_at)

    def test_lists_of_the_former_company_are_not_kept_for_the_new_one(self):
        """The company is changed while its customers are read, which takes minutes."""
        with self.work() as connection:
            connection.env["qbo.reference"].search([]).unlink()
            connection.people_checked_at = False
        self.emulator.arm("slow", path="/query", seconds=1)
        since = len(self.emulator.requests())

        def retrieve(connection, ready):
            ready()
            with self.assertRaises(ListsBusy):
                connection._retrieve_lists(NAME_LISTS)
            return "nothing kept"

        def change(connection, ready):
            ready()
            while len(self.emulator.requests()) == since:
                continue
            connection.realm_id = "9999999999999999"
            return "changed"

        jobs = iter([retrieve, change])
        results = self.at_once(2, lambda *about: next(jobs)(*about))

        self.assertEqual(sorted(results), ["changed", "nothing kept"])
        with self.work() as connection:
            self.assertFalse(connection.people_checked_at)
            self.assertFalse(connection.env["qbo.reference"].search_count([]))
            connection.realm_id = self.realm_id

    def test_list_of_matches_made_at_the_same_moment_is_a_conflict_not_a_fault(self):
        with self.work() as connection:
            partner = connection.env["res.partner"].create(
                {"name": "Made At Once", "customer_rank": 1}
            )
        self.addCleanup(self.forget, partner)

        def decide(connection, ready):
            matches = connection.env["qbo.match"]
            # Each has looked before the other has written.
            customer = partner.with_env(connection.env)
            self.assertFalse(matches._rows_of(connection, customer))
            ready()
            try:
                matches._note_decided(connection, customer, "ignore")
            except SerializationFailure:
                connection.env.cr.rollback()
                return "again"
            return "decided"

        with self.assertNoLogs("odoo.sql_db", "ERROR"):
            results = self.at_once(2, decide)

        self.assertEqual(sorted(results), ["again", "decided"])
        with self.work() as connection:
            row = connection.env["qbo.match"]._rows_of(
                connection, partner.with_env(connection.env)
            )
            self.assertEqual(row.decision, "ignore")
            self.assertEqual(row.company_id, connection.company_id)

    def forget(self, record):
        with self.work() as connection:
            record.with_env(connection.env).unlink()

    def test_workers_that_meet_the_same_dead_token_refresh_it_once(self):
        self.emulator.expire_tokens("access")
        since = len(self.emulator.requests())

        def call(connection, ready):
            # Each has read the same token before the first renews it.
            connection.env["qbo.token"]._of(connection)._access_token()
            ready()
            company = connection._with_client(lambda client: client.company_info())
            return company["CompanyName"]

        self.assertEqual(self.at_once(3, call), ["Harbor Books LLC"] * 3)
        refreshes = [
            request
            for request in self.emulator.requests(since)
            if "tokens/bearer" in request["path"]
        ]
        self.assertEqual(len(refreshes), 1)

    def test_what_takes_many_calls_outlives_two_access_tokens(self):
        """All of it in one transaction, which sees the first of them only."""
        ends = [self.emulator.expire_tokens] * 2

        def read_twice(client):
            client.company_info()
            if ends:
                ends.pop()("access")
            return client.company_info()

        with self.work() as connection:
            company = connection._with_client(read_twice)

        self.assertEqual(company["CompanyName"], "Harbor Books LLC")
        with self.work() as connection:
            self.assertEqual(connection.state, "connected")

    def test_row_that_another_one_saved_meanwhile_is_looked_at_anew(self):
        tries = []

        def take(connection):
            tries.append(connection.looked_after_run)
            if len(tries) == 1:
                with self.work() as other:
                    other.looked_after_run = "housekeeping"
            connection.attempt_hash = "taken"

        # Odoo notes the first try as a bad query, as it does for a request it repeats.
        with self.work() as connection, mute_logger("odoo.sql_db"):
            connection._in_own_env(take)

        self.assertEqual(tries[1:], ["housekeeping"])

    def test_end_of_the_former_tokens_does_not_end_a_new_authorization(self):
        """Somebody connects while another worker learns that the former are dead."""
        self.emulator.expire_tokens("all")
        self.emulator.arm("slow", path="tokens/bearer", seconds=2)

        def use_the_former(connection, ready):
            ready()
            with self.assertRaises(GrantRefused):
                connection._client(renew=True)
            return "refused"

        def connect_again(_connection, ready):
            ready()
            self.connect()
            return "connected"

        jobs = iter([use_the_former, connect_again])
        results = self.at_once(2, lambda *about: next(jobs)(*about))

        self.assertEqual(results, ["refused", "connected"])
        with self.work() as connection:
            self.assertEqual(connection.state, "connected")
            self.assertFalse(connection.reconnect_needed)

    def test_one_of_two_simultaneous_answers_gets_the_attempt(self):
        with self.work() as connection:
            _address, nonce = connection._begin_attempt(connection.env.user)

        def claim(connection, ready):
            connection.read(["state"])
            ready()
            try:
                connection._claim_attempt(nonce)
            except AttemptRefused:
                return "refused"
            return "taken"

        self.assertEqual(sorted(self.at_once(2, claim)), ["refused", "taken"])

    def stored_refresh_token(self):
        with self.work() as connection:
            return connection.env["qbo.token"]._of(connection)._refresh_token()
