"""A fault run from beginning to end."""

import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg2
from checks import databases
from demo_run import database as demo_database
from demo_run import invoicing
from demo_run.api import OdooRefused
from demo_run.console import say, step
from demo_run.processes import free_port
from demo_run.quickbooks_side import EmulatorSide
from demo_run.sample import CUSTOMERS
from demo_run.shop import Shop
from demo_run.wait import TooLate, until

from chaos_run.connection import Watchman
from chaos_run.nodes import Kills, Node
from chaos_run.options import Options
from chaos_run.people import Clerk, Stack, Switchboard
from chaos_run.postgresql import PostgresqlRestarts
from chaos_run.report import Report
from chaos_run.verdict import judge, read_moves
from chaos_run.weather import TOKENS, Weather, struck

NODES = 3
CLERKS = 2
LONG_RUN = 500
#: After this the back-off of rows is cut short, as a person does who waits for them.
PATIENCE_S = 45
QUIET_TIMEOUT_S = 240
POLL_S = 1.0
OPEN = """
    SELECT id, state, retry_at > now() AT TIME ZONE 'UTC' + interval '20 s'
      FROM qbo_export WHERE state IN ('waiting', 'sending', 'retry', 'checking')
"""


class Chaos:
    """One run; leaving its context stops all that it started."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._stack = ExitStack()

    def __enter__(self) -> "Chaos":
        return self

    def __exit__(self, *failure: object) -> None:
        self._stack.close()

    def run(self) -> Report:
        """Let everything happen, wait for quiet, and judge."""
        begun = time.monotonic()
        self._prepare()
        with step("working while everything breaks", self._progress):
            self._let_it_happen()
        with step("waiting for quiet", self._progress):
            self._calm_down()
            self._wait_for_quiet()
        books = self._quickbooks.books(self._shop.connection.realm_id, [])
        requests = self._quickbooks.view.requests()
        return Report(
            self._options.seed,
            judge(read_moves(self._shop.database), books),
            self._kills,
            self._postgresql.count,
            struck(requests),
            _refreshes(requests),
            self._weather.expiries,
            self._watchman.revocations,
            self._watchman.all_losses,
            time.monotonic() - begun,
            [refusal for clerk in self._clerks for refusal in clerk.refusals],
        )

    # -- before ----------------------------------------------------------------------

    def _prepare(self) -> None:
        """A connected company; then servers, people and bad days, not started yet."""
        enter = self._stack.enter_context
        folder = Path(enter(tempfile.TemporaryDirectory(prefix="chaos-")))
        self._quickbooks = EmulatorSide(
            "us", folder, options=("--seed", str(self._options.seed))
        )
        self._stack.callback(self._quickbooks.stop)
        self._quickbooks.start()
        template = demo_database.template()
        database = enter(databases.fresh_copy(template, "chaos"))
        shop = Shop(database, folder, self._quickbooks, preferred_port=0)
        self._shop = enter(shop)
        self._shop.open(CUSTOMERS)
        self._shop.connect()
        self._shop.server.stop()
        seed, address = self._options.seed, self._quickbooks.address
        self._kills = Kills(self._options.kills)
        settings = self._quickbooks.odoo_settings()
        # Odoo's own address, to which QuickBooks sends people back, is the office's.
        ports = [self._shop.server.port, *(free_port() for _more in range(1, NODES))]
        self._nodes = [
            Node(
                *(number, database, folder, settings, self._kills, seed, port),
                is_office=number == 0,
            )
            for number, port in enumerate(ports)
        ]
        for node in self._nodes:
            self._stack.callback(node.stop)
        self._switchboard = Switchboard(self._nodes, seed)
        self._papers = Stack(self._options.invoices)
        self._clerks = [
            Clerk(number, self._shop, self._switchboard, self._papers, seed)
            for number in range(CLERKS)
        ]
        long = self._options.invoices >= LONG_RUN
        self._weather = Weather(address, seed, throttled=long)
        self._watchman = Watchman(self._shop, address)
        self._postgresql = PostgresqlRestarts(
            database, self._nodes, self._options.database_restarts, seed
        )

    # -- meanwhile -------------------------------------------------------------------

    def _let_it_happen(self) -> None:
        everybody = (
            *self._nodes,
            *self._clerks,
            self._weather,
            self._watchman,
            self._postgresql,
        )
        for one in everybody:
            one.start()
        half = self._options.invoices // 2
        while any(clerk.is_alive() for clerk in self._clerks) or not self._kills.enough:
            if not self._watchman.revocations and self._papers.taken >= half:
                self._watchman.revoke()
            time.sleep(POLL_S)
        for clerk in self._clerks:
            if clerk.failure:
                raise clerk.failure

    def _progress(self) -> str:
        return (
            f"{self._papers.taken} invoices, {self._kills.count} kills,"
            f" {self._postgresql.count} database restarts, {len(self._open())} open"
        )

    # -- after -----------------------------------------------------------------------

    def _calm_down(self) -> None:
        """No more faults; half-done changes are finished."""
        self._postgresql.stop()
        self._weather.clear_up()
        for node in self._nodes:
            node.settled.wait(QUIET_TIMEOUT_S)
        until(lambda: self._watchman.stands, "the connection", QUIET_TIMEOUT_S)
        self._watchman.stop()
        for draft in self._half_done():
            try:
                self._switchboard.ask(
                    self._shop.clara,
                    lambda api, draft=draft: invoicing.post(api, [draft]),
                )
            except OdooRefused as refused:
                say(f"a draft that was posted before cannot be posted: {refused}")

    def _half_done(self) -> list[int]:
        """Drafts that were posted before: a server died under who changed them."""
        found = self._switchboard.ask(
            self._shop.clara,
            lambda api: api.search_read(
                "account.move",
                [("state", "=", "draft"), ("posted_before", "=", True)],
                ["id"],
            ),
        )
        return [draft["id"] for draft in found]

    def _wait_for_quiet(self) -> None:
        """Until nothing is on its way; who waits long for a back-off cuts it short."""
        begun = time.monotonic()

        def quiet() -> bool:
            self._knock()
            open_rows = self._open()
            later = [row[0] for row in open_rows if row[1] == "retry" and row[2]]
            if later and time.monotonic() - begun > PATIENCE_S:
                self._switchboard.ask(
                    self._shop.bruno.api,
                    lambda api: api.call("qbo.export", "action_retry", later),
                )
            return not open_rows

        try:
            until(quiet, "quiet", QUIET_TIMEOUT_S, POLL_S)
        except TooLate as late:
            say(str(late))

    def _knock(self) -> None:
        """Have Odoo look what is due now; by itself it looks once a minute."""
        with closing(psycopg2.connect(dbname="postgres")) as connection, connection:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_notify('cron_trigger', %s)", (self._shop.database,)
                )

    def _open(self) -> list[tuple]:
        try:
            with closing(psycopg2.connect(dbname=self._shop.database)) as connection:
                with connection.cursor() as cursor:
                    cursor.execute(OPEN)
                    return cursor.fetchall()
        except psycopg2.OperationalError:
            return []  # PostgreSQL is being restarted


def _refreshes(requests: list[dict]) -> int:
    """How often QuickBooks renewed tokens."""
    return sum(
        TOKENS in request["path"]
        and "refresh_token" in (request["body"] or "")
        and request["status"] == 200
        for request in requests
    )
