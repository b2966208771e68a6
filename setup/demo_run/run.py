"""The demo from beginning to end: the order of steps that other modules take."""

import fcntl
import os
import signal
import subprocess
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from demo_run import database, invoicing, table
from demo_run.calls import Calls
from demo_run.check import Row, compare, doubled_customers, strangers
from demo_run.console import say, show, step
from demo_run.documents import credited, documents
from demo_run.failure import DemoFailure
from demo_run.following import Follower
from demo_run.homes import HOMES
from demo_run.options import Options
from demo_run.people import (
    ADMIN_LOGIN,
    BOOKKEEPER,
    CLERK,
    QUICKBOOKS_ADMINISTRATOR,
)
from demo_run.processes import ROOT
from demo_run.quickbooks_side import (
    EmulatorSide,
    IntuitSide,
    QuickBooksSide,
    has_intuit_keys,
)
from demo_run.sample import CUSTOMERS, NEW_CUSTOMER
from demo_run.shop import Shop
from demo_run.wait import TooLate, until

# Tests give it another name, so that they leave a demo that somebody looks at alone.
DATABASE = os.environ.get("DEMO_NAME", "demo")
SESSIONS_END_S = 5.0


class AlreadyRunning(DemoFailure):
    """Another demo works in the same folder."""


class Demo:
    """One run; leaving its context stops all that it started."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._begun = float(os.environ.get("DEMO_BEGUN", time.time()))
        self._folder = Path(os.environ["SETUP_DIR"]) / DATABASE
        self._stack = ExitStack()

    def __enter__(self) -> "Demo":
        self._stack.callback(_lock(self._folder).close)
        if os.environ.get("DEMO_STARTED_POSTGRESQL"):
            self._stack.callback(_stop_postgresql)
        return self

    def __exit__(self, *failure: object) -> None:
        # A second Ctrl-C must not leave a server behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        self._stack.close()

    def run(self) -> bool:
        """Post the invoices, show the table; whether every document is right."""
        with step("preparing the database", database.progress):
            database.fresh(DATABASE)
        self._quickbooks = self._start_quickbooks()
        self._shop = Shop(DATABASE, self._folder, self._quickbooks)
        self._stack.enter_context(self._shop)
        self._shop.open(CUSTOMERS, home=HOMES[self._options.company])
        self._shop.connect()
        with step(f"posting {self._options.invoices} invoices"):
            moves = self._post()
        with step("waiting until all are in QuickBooks"):
            may_link = self._quickbooks.has_earlier_customers
            Follower(self._shop, may_link=may_link).follow(moves)
        return self._report(moves)

    def serve(self) -> None:
        """Tell where everything is and keep it running until Ctrl-C."""
        people = "".join(
            f"            {role.login}  {role.name}: {role.what}\n"
            for role in (QUICKBOOKS_ADMINISTRATOR, BOOKKEEPER, CLERK)
        )
        show(
            f"\nOdoo        {self._shop.server.url}/odoo\n"
            f"            {ADMIN_LOGIN}   System administrator\n{people}"
            f"            password of all: {self._shop.password}\n"
            f"QuickBooks  {self._quickbooks.address}\n"
            f"\nCtrl-C stops all."
        )
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            say("stopping")

    def _start_quickbooks(self) -> QuickBooksSide:
        if has_intuit_keys():
            say("Intuit's keys are in the environment: using Intuit's sandbox")
            return IntuitSide(DATABASE)
        with step("starting the QuickBooks emulator"):
            side = EmulatorSide(self._options.company, self._folder)
            self._stack.callback(side.stop)
            side.start()
        return side

    def _post(self) -> list[int]:
        """A new customer comes, then everything is made and posted."""
        count = self._options.invoices
        self._shop.add_customers([NEW_CUSTOMER])
        invoices = self._shop.draft(documents(count))
        self._shop.post(invoices)
        notes = self._shop.credit([invoices[position] for position in credited(count)])
        return invoices + notes

    def _report(self, moves: list[int]) -> bool:
        """Show the table, write the JSON; whether nothing is wrong."""
        shown = sorted(
            invoicing.shown(self._shop.clara, moves),
            key=lambda document: (document.move_type, document.number),
        )
        numbers = [document.number for document in shown]
        books = self._quickbooks.books(self._shop.connection.realm_id, numbers)
        calls = self._quickbooks.calls(self._shop.olivia.api)
        rows = compare(shown, books)
        seconds = time.time() - self._begun
        show(table.render(rows))
        if self._options.json:
            table.save_json(self._options.json, table.as_json(rows, calls, seconds))
        faults = [
            *(f"not of this run: {found}" for found in strangers(shown, books)),
            *(f"twice in QuickBooks: {name}" for name in doubled_customers(books)),
        ]
        if calls.read_after_create:
            faults.append(f"{calls.read_after_create} reads of what had been created")
        for fault in faults:
            say(fault)
        _sum_up(rows, calls, seconds)
        return not faults and not any(row.faults for row in rows)


def _sum_up(rows: list[Row], calls: Calls, seconds: float) -> None:
    right = sum(not row.faults for row in rows)
    say(
        f"{right} of {len(rows)} documents are in QuickBooks once with an equal total,"
        f" {seconds:.1f} s; {calls.create} creates, {calls.read_after_create} reads"
        f" after them, {calls.metered} metered, {calls.total} calls in all"
    )


def _lock(folder: Path):
    """Hold a lock on the folder, so that two demos do not share a database.

    :raises AlreadyRunning: when another one does
    """
    folder.mkdir(parents=True, exist_ok=True)
    held = (folder / "lock").open("w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise AlreadyRunning("another setup/demo is running") from None
    return held


def _stop_postgresql() -> None:
    """Stop the private server that this command started, unless others use it now."""
    try:
        # Our own servers end their sessions a moment after they ended themselves.
        until(
            lambda: not database.is_server_in_use(), "sessions to end", SESSIONS_END_S
        )
    except TooLate:
        say("PostgreSQL goes on: others use it")
        return
    stop = ". setup/lib.sh; lock; pg_stop; unlock"
    subprocess.run(["bash", "-c", stop], cwd=ROOT, check=True)
