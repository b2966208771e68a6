"""The demo from beginning to end: the order of steps that other modules take."""

import fcntl
import os
import secrets
import signal
import subprocess
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from demo_run import company, connecting, database, invoicing, mapping, sample, table
from demo_run.check import Row, compare, doubled_customers, strangers
from demo_run.console import say, show, step
from demo_run.documents import credited, documents
from demo_run.failure import DemoFailure
from demo_run.following import Follower
from demo_run.options import Options
from demo_run.people import ADMIN_LOGIN, CLERK, QUICKBOOKS_ADMINISTRATOR, Office
from demo_run.processes import ROOT, free_port, odoo
from demo_run.quickbooks_side import (
    EmulatorSide,
    IntuitSide,
    QuickBooksSide,
    has_intuit_keys,
)

DATABASE = "demo"
ODOO_PORT = 8069


class AlreadyRunning(DemoFailure):
    """Another demo works in the same folder."""


class Demo:
    """One run; leaving its context stops all that it started."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._begun = float(os.environ.get("DEMO_BEGUN", time.time()))
        self._folder = Path(os.environ["SETUP_DIR"]) / "demo"
        self._password = secrets.token_urlsafe(9)
        self._stack = ExitStack()

    def __enter__(self) -> "Demo":
        self._stack.enter_context(_only_one(self._folder))
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
        self._odoo = self._start_odoo()
        with step("making the company, its customers and its people"):
            self._make_company()
        with step("connecting to QuickBooks"):
            self._connection = self._connect()
        with step("refreshing the lists and mapping"):
            mapping.map_all(self._olivia.api, self._connection, self._catalogue)
        with step(f"posting {self._options.invoices} invoices"):
            moves = self._post()
        with step("waiting until all are in QuickBooks"):
            newcomer = self._customers[sample.NEW_CUSTOMER.key]
            Follower(self._clara.api, self._olivia.api, newcomer).follow(moves)
        return self._report(moves)

    def serve(self) -> None:
        """Tell where everything is and keep it running until Ctrl-C."""
        show(
            f"\nOdoo        {self._odoo.url}/odoo\n"
            f"            log in as {ADMIN_LOGIN} (system administrator),\n"
            f"            {QUICKBOOKS_ADMINISTRATOR.login} (QuickBooks administrator)"
            f" or {CLERK.login} (billing clerk);\n"
            f"            the password of all three: {self._password}\n"
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

    def _start_odoo(self):
        port = free_port(ODOO_PORT, must=self._quickbooks.odoo_port_is_fixed)
        server = odoo(port, DATABASE, self._folder, self._quickbooks.odoo_settings())
        self._stack.callback(server.stop)
        with step(f"starting Odoo on {server.url}"):
            server.start("/web/login")
        return server

    def _make_company(self) -> None:
        office = Office(self._odoo.url, DATABASE, self._password)
        admin = office.system_administrator()
        self._catalogue = company.set_up(admin.api)
        self._olivia = office.hire(admin.api, QUICKBOOKS_ADMINISTRATOR)
        self._clara = office.hire(admin.api, CLERK)
        self._customers = company.make_customers(
            self._clara.api, self._catalogue, sample.CUSTOMERS
        )

    def _connect(self) -> connecting.Connection:
        connection_id = connecting.choose_quickbooks(self._olivia)
        realm_id = self._quickbooks.realm_id()
        if realm_id:
            found = connecting.connect(self._olivia, connection_id, realm_id)
        else:
            found = connecting.let_a_person_connect(
                self._olivia, connection_id, self._odoo.url, self._password
            )
        say(f"connected to {found.company_name}, company {found.realm_id}")
        return found

    def _post(self) -> list[int]:
        """Make and post everything, the new customer's invoices included."""
        clara = self._clara.api
        count, series = self._options.invoices, self._quickbooks.number_series()
        self._customers |= company.make_customers(
            clara, self._catalogue, [sample.NEW_CUSTOMER]
        )
        partners = invoicing.invoice_addresses(clara, self._customers)
        invoices = invoicing.make_invoices(
            clara, self._catalogue, partners, documents(count), series
        )
        invoicing.post(clara, invoices)
        to_credit = [invoices[position] for position in credited(count)]
        notes = invoicing.credit_first_lines(clara, to_credit, series)
        return invoices + notes

    def _report(self, moves: list[int]) -> bool:
        """Show the table, write the JSON; whether nothing is wrong."""
        shown = invoicing.shown(self._clara.api, moves)
        books = self._quickbooks.books(
            self._connection.realm_id, [document.number for document in shown]
        )
        rows = compare(shown, books)
        seconds = time.time() - self._begun
        show(table.render(rows))
        calls = self._quickbooks.calls(self._olivia.api)
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
        _sum_up(rows, seconds, calls)
        return not faults and not any(row.faults for row in rows)


def _sum_up(rows: list[Row], seconds: float, calls) -> None:
    right = sum(not row.faults for row in rows)
    say(
        f"{right} of {len(rows)} documents are in QuickBooks once with an equal total,"
        f" {seconds:.1f} s; {calls.create} creates, {calls.read_after_create} reads"
        f" after them, {calls.metered} metered, {calls.total} calls in all"
    )


class _only_one:
    """Holds a lock on the folder, so that two demos do not share a database."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "lock").open("w")

    def __enter__(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning("another setup/demo is running") from None

    def __exit__(self, *failure: object) -> None:
        self._file.close()


def _stop_postgresql() -> None:
    """Stop the private server that this command started, unless others use it now."""
    if not database.is_server_in_use():
        stop = ". setup/lib.sh; lock; pg_stop; unlock"
        subprocess.run(["bash", "-c", stop], cwd=ROOT, check=True)
