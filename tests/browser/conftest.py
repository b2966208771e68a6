"""People at a browser: a real Odoo, a real QuickBooks emulator, a real Chromium.

Each module of tests is a story of its own: it begins with a fresh database, in which
a small US company is ready to invoice but knows nothing of QuickBooks, and with empty
books.
"""

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg2
import pytest
import requests
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "setup"), str(Path(__file__).parent)]

from checks import databases  # noqa: E402 - found through the path above
from demo_run import (  # noqa: E402 - found through the path above
    company,
    connecting,
    database,
    mapping,
    people,
    processes,
)
from demo_run.api import Api  # noqa: E402
from demo_run.connecting import Connection  # noqa: E402
from demo_run.wait import until  # noqa: E402
from screen import Screen  # noqa: E402

DATABASE = f"qbo_test_browser_{os.getpid()}"
FOLDER = Path(os.environ.get("SETUP_DIR", ROOT / ".setup")) / "browser"
PICTURES = os.environ.get("SERVICE_BILLING_QBO_PICTURES")
WINDOW = {"width": 1366, "height": 860}
# An activity is made by a scheduled action of its own.
ACTIVITY_S = 60.0
# What may be chosen by mistake: one with the same currency, one with pounds.
OTHER_COMPANIES = ("multicurrency", "uk")


@dataclass(frozen=True)
class QuickBooks:
    """The emulator, as a test looks into it."""

    url: str
    discovery_url: str
    client_id: str
    client_secret: str
    realm_id: str
    company: str
    realms: dict[str, str]

    def books(self, realm_id: str = "") -> dict[str, list[dict]]:
        """All objects of a company, by entity."""
        return self._get("books", realm_id=realm_id or self.realm_id)

    def invoice(self, doc_number: str) -> dict:
        """The one invoice of that number; fails when it is missing or doubled."""
        found = [i for i in self.books()["Invoice"] if i.get("DocNumber") == doc_number]
        assert len(found) == 1, f"{len(found)} invoices {doc_number} in QuickBooks"
        return found[0]

    def tell(self, path: str, body: object) -> None:
        """Change what the emulator does: faults, clock, tokens."""
        requests.post(
            f"{self.url}/_emulator/{path}", json=body, timeout=30
        ).raise_for_status()

    def _get(self, path: str, **query: str) -> dict:
        answer = requests.get(f"{self.url}/_emulator/{path}", params=query, timeout=30)
        answer.raise_for_status()
        return answer.json()


@dataclass(frozen=True)
class World:
    """One story's servers and people."""

    staff: dict[str, people.Person]
    quickbooks: QuickBooks
    catalogue: company.Catalogue
    screen: Callable[..., Screen]

    @property
    def admin(self) -> Api:
        """What the system administrator may do."""
        return self.staff[people.ADMIN_LOGIN].api

    @property
    def clerk(self) -> Api:
        """What the billing clerk may do."""
        return self.staff[people.CLERK.login].api

    def enter_keys(self) -> None:
        """The system administrator has entered the keys of the Intuit app."""
        keys = {
            "client_id": self.quickbooks.client_id,
            "client_secret": self.quickbooks.client_secret,
        }
        self.admin.create("qbo.app", {"environment": "sandbox", **keys})

    def connect(self) -> None:
        """The QuickBooks administrator has connected the company and confirmed it."""
        olivia = self.staff[people.QUICKBOOKS_ADMINISTRATOR.login]
        connection_id = connecting.choose_quickbooks(olivia)
        connecting.connect(olivia, connection_id, self.quickbooks.realm_id)

    def wait_for_lists(self) -> None:
        """Wait until Odoo has read QuickBooks' lists, as it does after connecting."""
        read = [("people_checked_at", "!=", False)]
        until(
            lambda: self.admin.search_read("qbo.connection", read, ["id"]),
            "QuickBooks' lists",
            mapping.LISTS_S,
        )

    def wait_for_export(self, model: str, record: int) -> None:
        """Wait until a record is in QuickBooks."""
        until(
            lambda: self.clerk.read(model, [record], ["qbo_id"])[0]["qbo_id"],
            f"the export of {model} {record}",
            ACTIVITY_S,
        )

    def post(self, *moves: int) -> None:
        """The clerk confirms invoices."""
        self.clerk.call("account.move", "action_post", list(moves))

    def spread_over_days(self, days: int) -> None:
        """Put finished exports into the past, so that plots have something to show.

        By the database alone: no story can wait for days, and no clock of Odoo can be
        turned back.
        """
        with closing(psycopg2.connect(dbname=DATABASE)) as connection, connection:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE qbo_export"
                    " SET queued_at = queued_at - id %% %(days)s * interval '1 day',"
                    " done_at = done_at - id %% %(days)s * interval '1 day'"
                    " WHERE state = 'exported'",
                    {"days": days},
                )

    def follow_changes(self) -> None:
        """An hour has gone by: Odoo asks what was changed in QuickBooks.

        By the database alone, see ``spread_over_days``.
        """
        with closing(psycopg2.connect(dbname=DATABASE)) as connection, connection:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE qbo_change_state"
                    " SET known_until = known_until - interval '2 hours'"
                )
        cron = self.admin.ref("service_billing_qbo.ir_cron_changes")
        self.admin.call("ir.cron", "method_direct_trigger", [cron])

    def activities(self, kind: str) -> int:
        """How many activities of a type of ours are open."""
        xmlid = f"service_billing_qbo.mail_activity_{kind}"
        domain = [("activity_type_id", "=", self.admin.ref(xmlid))]
        return self.admin.call("mail.activity", "search_count", domain=domain)

    def wait_for_activities(self, kind: str, count: int) -> None:
        """Wait until so many activities of a type are open."""
        until(lambda: self.activities(kind) == count, f"{count} activities", ACTIVITY_S)

    def map_all(self) -> None:
        """Do the bookkeeper's work on the account mapping."""
        connection_id = self.admin.find("qbo.connection", [])
        found = self.admin.read("qbo.connection", [connection_id], ["realm_id"])[0]
        connection = Connection(
            connection_id, found["realm_id"], self.quickbooks.company
        )
        mapping.map_all(self.admin, self.admin, connection, self.catalogue)

    def draft(self, *products: str, quantity: int = 2) -> int:
        """An invoice that the clerk has typed but not confirmed, for a new customer."""
        number = self.clerk.call("res.partner", "search_count", domain=[])
        customer = self.clerk.create(
            "res.partner",
            {"name": f"Seaside Stores {number}", "is_company": True},
            res_partner_search_mode="customer",
        )
        lines = [
            {"product_id": self.catalogue.products[product], "quantity": quantity}
            for product in products or ("router",)
        ]
        return self.clerk.create(
            "account.move",
            {
                "move_type": "out_invoice",
                "partner_id": customer,
                "invoice_date": date.today().isoformat(),
                "invoice_line_ids": [(0, 0, line) for line in lines],
            },
        )

    def invoice(self, move_id: int) -> dict:
        """Number and total of an invoice in Odoo."""
        return self.clerk.read("account.move", [move_id], ["name", "amount_total"])[0]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROME_BIN", "/usr/bin/chromium"),
            args=[
                "--no-sandbox",
                "--force-color-profile=srgb",
                "--font-render-hinting=none",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def quickbooks() -> Iterator[QuickBooks]:
    """An emulator with the books of a US company; the user owns others, too."""
    others = [word for kind in OTHER_COMPANIES for word in ("--company", kind)]
    # Calls that left one after another arrive together where other tests keep the
    # machine busy; the minute's pause after a 429 is not what these stories are about.
    options = [*others, "--limits", "off"]
    server = processes.emulator(processes.free_port(), "us", FOLDER, options=options)
    with running(server, "/_emulator/info"):
        info = requests.get(f"{server.url}/_emulator/info", timeout=30).json()
        realm = info["realms"][0]
        yield QuickBooks(
            url=server.url,
            discovery_url=info["discovery_url"],
            client_id=info["client_id"],
            client_secret=info["client_secret"],
            realm_id=realm["realm_id"],
            company=realm["company"],
            realms={each["company"]: each["realm_id"] for each in info["realms"]},
        )


@pytest.fixture(scope="module")
def world(chromium: Browser, quickbooks: QuickBooks) -> Iterator[World]:
    """Odoo with a company that is ready to invoice, and its people."""
    database.fresh(DATABASE)
    settings = {
        "SERVICE_BILLING_QBO_DISCOVERY_URL": quickbooks.discovery_url,
        "SERVICE_BILLING_QBO_API_BASE_URL": quickbooks.url,
    }
    server = processes.odoo(processes.free_port(), DATABASE, FOLDER, settings)
    with ExitStack() as windows:
        windows.callback(databases.drop, DATABASE)
        windows.enter_context(running(server, "/web/health"))
        office = people.Office(server.url, DATABASE, secrets.token_hex(8))
        admin = office.system_administrator()
        catalogue = company.set_up(admin.api)
        staff = {people.ADMIN_LOGIN: admin}
        for role in (people.CLERK, people.BOOKKEEPER, people.QUICKBOOKS_ADMINISTRATOR):
            staff[role.login] = office.hire(admin.api, role)

        def screen(login: str, **window: object) -> Screen:
            context = chromium.new_context(**{"viewport": WINDOW, **window})
            windows.callback(context.close)
            pictures = Path(PICTURES) if PICTURES else None
            found = Screen(context.new_page(), server.url, pictures)
            found.log_in(login, office.password)
            return found

        yield World(staff, quickbooks, catalogue, screen)


@contextmanager
def running(server: processes.Server, ready_path: str) -> Iterator[None]:
    """Run a server, and stop it whatever happens."""
    try:
        server.start(ready_path)
        yield
    finally:
        server.stop()
