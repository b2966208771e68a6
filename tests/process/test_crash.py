"""The power goes at the worst moments: each document is in QuickBooks once."""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "setup"))

from checks import databases  # noqa: E402
from demo_run import database, invoicing  # noqa: E402
from demo_run.api import OdooRefused  # noqa: E402
from demo_run.check import compare, strangers  # noqa: E402
from demo_run.documents import documents  # noqa: E402
from demo_run.quickbooks_side import EmulatorSide  # noqa: E402
from demo_run.sample import CUSTOMERS  # noqa: E402
from demo_run.shop import Shop  # noqa: E402
from demo_run.wait import until  # noqa: E402

VARIABLE = "SERVICE_BILLING_QBO_FAULT_POINT"
# Enough to go as a batch.
INVOICE_COUNT = 6
DEATH_TIMEOUT_S = 90
# A lost call is looked up after ten seconds, when nothing can be under way any more.
RECOVERY_TIMEOUT_S = 90


@pytest.fixture(scope="module")
def quickbooks(tmp_path_factory):
    """An emulator with empty books."""
    side = EmulatorSide("us", tmp_path_factory.mktemp("crash"))
    side.start()
    yield side
    side.stop()


@pytest.fixture(scope="module")
def shop(quickbooks, tmp_path_factory):
    """A connected company on a real Odoo server, its customers exported already."""
    template = os.environ.get("QBO_TEST_TEMPLATE") or database.template()
    folder = tmp_path_factory.mktemp("odoo")
    with databases.fresh_copy(template, "crash") as copy:
        with Shop(copy, folder, quickbooks) as shop:
            shop.open(CUSTOMERS)
            shop.connect()
            first = shop.draft(documents(INVOICE_COUNT))
            shop.post(first)
            drain_until_exported(shop, first)
            yield shop


def restart(shop):
    """Stop Odoo, if it still runs, and start it with the variables of this process."""
    shop.server.stop()
    shop.server.start("/web/login")


def is_dead(pid):
    """Whether a process has ended; one that nobody waited for yet counts, too."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state in "ZX"


def statuses(shop, invoices):
    return {document.status for document in invoicing.shown(shop.clara, invoices)}


def press_run_manually(shop):
    """The administrator runs the lanes; which one is the company's does not matter."""
    lanes = shop.admin.search_read(
        "ir.cron", [("cron_name", "like", "QuickBooks: export")], ["id"]
    )
    for lane in lanes:
        with suppress(OdooRefused):  # the server runs it by itself just now
            shop.admin.call("ir.cron", "method_direct_trigger", [lane["id"]])


def drain_until_exported(shop, invoices):
    def exported():
        press_run_manually(shop)
        return statuses(shop, invoices) == {"exported"}

    until(exported, "all invoices to be exported", RECOVERY_TIMEOUT_S, poll_s=2)


def assert_once_in_quickbooks(shop, quickbooks, invoices):
    shown = invoicing.shown(shop.clara, invoices)
    books = quickbooks.books(shop.connection.realm_id, [])
    assert [row for row in compare(shown, books) if row.faults] == []
    numbers = [document["DocNumber"] for document in books["Invoice"]]
    assert len(numbers) == len(set(numbers))
    assert strangers(invoicing.shown(shop.clara, all_invoices(shop)), books) == []


def all_invoices(shop):
    found = shop.clara.search_read(
        "account.move",
        [("move_type", "=", "out_invoice"), ("state", "=", "posted")],
        ["id"],
    )
    return [invoice["id"] for invoice in found]


@pytest.mark.parametrize(
    "point", ["before_send", "sent", "answer_read", "before_commit", "after_commit"]
)
def test_killed_at_a_named_point(shop, quickbooks, point, monkeypatch):
    invoices = shop.draft(documents(INVOICE_COUNT))
    monkeypatch.setenv(VARIABLE, point)
    restart(shop)
    pid = shop.server.pid
    shop.post(invoices)
    until(lambda: is_dead(pid), f"the server to die at {point}", DEATH_TIMEOUT_S)

    monkeypatch.delenv(VARIABLE)
    restart(shop)
    drain_until_exported(shop, invoices)

    assert_once_in_quickbooks(shop, quickbooks, invoices)


def test_killed_while_quickbooks_is_at_work(shop, quickbooks):
    """Sent, executed, and nobody there any more to read the answer."""
    invoices = shop.draft(documents(INVOICE_COUNT))
    restart(shop)
    fault = {"kind": "slow", "match": {"path": "/batch"}, "seconds": 3}
    requests.post(
        f"{quickbooks.address}/_emulator/faults", json=fault, timeout=30
    ).raise_for_status()
    shop.post(invoices)
    until(lambda: statuses(shop, invoices) == {"sending"}, "the batch to leave", 60)
    time.sleep(1)  # within the three seconds: the request is there, the answer is not
    os.kill(shop.server.pid, signal.SIGKILL)

    restart(shop)
    drain_until_exported(shop, invoices)

    assert_once_in_quickbooks(shop, quickbooks, invoices)
