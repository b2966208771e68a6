"""QuickBooks is away: the clerk notices nothing, and afterwards nothing is to do."""

import os
import statistics
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "setup"))

from checks import databases  # noqa: E402
from demo_run import database, invoicing  # noqa: E402
from demo_run.calls import creates  # noqa: E402
from demo_run.check import compare, strangers  # noqa: E402
from demo_run.documents import documents  # noqa: E402
from demo_run.quickbooks_side import EmulatorSide  # noqa: E402
from demo_run.sample import CUSTOMERS  # noqa: E402
from demo_run.shop import Shop  # noqa: E402
from demo_run.wait import until  # noqa: E402

INVOICE_COUNT = 8
EXPORT_TIMEOUT_S = 90
# The back-off of a short outage, and the minute after which Odoo looks what is due.
RECOVERY_TIMEOUT_S = 240
# Posting takes tens of milliseconds; the rest is the noise of a busy machine.
NOISE_S = 0.25


@pytest.fixture(scope="module")
def quickbooks(tmp_path_factory):
    """An emulator whose books outlive its process."""
    side = EmulatorSide("us", tmp_path_factory.mktemp("outage"), keep_state=True)
    side.start()
    yield side
    side.stop()


@pytest.fixture(scope="module")
def shop(quickbooks, tmp_path_factory):
    """A connected company on a real Odoo server."""
    template = os.environ.get("QBO_TEST_TEMPLATE") or database.template()
    folder = tmp_path_factory.mktemp("odoo")
    with databases.fresh_copy(template, "outage") as copy:
        with Shop(copy, folder, quickbooks) as shop:
            shop.open(CUSTOMERS)
            shop.connect()
            yield shop


def post_one_by_one(shop):
    """Post invoices, and return their ids and the seconds that each took."""
    invoices = shop.draft(documents(INVOICE_COUNT))
    seconds = []
    for invoice in invoices:
        begun = time.monotonic()
        shop.post([invoice])
        seconds.append(time.monotonic() - begun)
    return invoices, seconds


def statuses(shop, invoices):
    return {document.status for document in invoicing.shown(shop.clara, invoices)}


def wait_until_exported(shop, invoices, timeout_s):
    until(
        lambda: statuses(shop, invoices) == {"exported"},
        "all invoices to be exported",
        timeout_s,
        poll_s=0.5,
    )


def test_outage_of_quickbooks_costs_nothing_but_time(shop, quickbooks):
    """Must hold for every outage: posting works and takes no longer, exports wait, and
    when QuickBooks is back they go out by themselves, each once."""
    before, seconds_with = post_one_by_one(shop)
    wait_until_exported(shop, before, EXPORT_TIMEOUT_S)

    quickbooks.stop()
    during, seconds_without = post_one_by_one(shop)
    assert statuses(shop, during) <= {"waiting", "sending", "retry", "checking"}
    assert (
        statistics.median(seconds_without) < statistics.median(seconds_with) + NOISE_S
    )

    quickbooks.start()
    wait_until_exported(shop, during, RECOVERY_TIMEOUT_S)

    shown = invoicing.shown(shop.clara, before + during)
    books = quickbooks.books(shop.connection.realm_id, [])
    assert [row for row in compare(shown, books) if row.faults] == []
    assert strangers(shown, books) == []
    assert creates(quickbooks.view.requests())["Invoice"] <= len(shown)
