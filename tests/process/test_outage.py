"""QuickBooks is away: the clerk notices nothing, and afterwards nothing is to do."""

import statistics
import time

from demo_run import invoicing
from demo_run.calls import creates
from demo_run.check import compare, strangers
from demo_run.documents import documents
from demo_run.wait import until

INVOICE_COUNT = 8
EXPORT_TIMEOUT_S = 90
# QuickBooks is asked again every minute at the latest, and what waits goes out at once.
RECOVERY_TIMEOUT_S = 75
# Posting takes tens of milliseconds; the rest is the noise of a busy machine.
NOISE_S = 0.25


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
    """Return how many seconds it took until all are in QuickBooks."""
    begun = time.monotonic()
    until(
        lambda: statuses(shop, invoices) == {"exported"},
        "all invoices to be exported",
        timeout_s,
        poll_s=0.5,
    )
    return time.monotonic() - begun


def test_outage_of_quickbooks_costs_nothing_but_time(
    shop, quickbooks, record_testsuite_property
):
    """Must hold for every outage: posting works and takes no longer, exports wait, and
    when QuickBooks is back they go out by themselves, each once."""
    before, seconds_with = post_one_by_one(shop)
    wait_until_exported(shop, before, EXPORT_TIMEOUT_S)

    quickbooks.stop()
    during, seconds_without = post_one_by_one(shop)
    assert statuses(shop, during) <= {"waiting", "sending", "retry", "checking"}
    with_s, without_s = map(statistics.median, (seconds_with, seconds_without))
    assert without_s < with_s + NOISE_S

    quickbooks.start()
    recovery_s = wait_until_exported(shop, during, RECOVERY_TIMEOUT_S)

    shown = invoicing.shown(shop.clara, before + during)
    books = quickbooks.books(shop.connection.realm_id, [])
    assert [row for row in compare(shown, books) if row.faults] == []
    assert strangers(shown, books) == []
    assert creates(quickbooks.view.requests())["Invoice"] <= len(shown)
    record_testsuite_property("posting_s_with_quickbooks", round(with_s, 3))
    record_testsuite_property("posting_s_without_quickbooks", round(without_s, 3))
    record_testsuite_property(
        "seconds_until_exported_after_return", round(recovery_s, 1)
    )
