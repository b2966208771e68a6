"""What goes on in the database beside the drain: locks of people, a restart."""

import time
from contextlib import closing

import psycopg2
import requests
from demo_run import invoicing
from demo_run.check import compare
from demo_run.documents import documents
from demo_run.wait import until

# Enough to go as a batch.
INVOICE_COUNT = 6
EXPORT_TIMEOUT_S = 120
HELD_S = 8
AWAY_S = 3


def statuses(shop, invoices):
    return {document.status for document in invoicing.shown(shop.clara, invoices)}


def wait_until_exported(shop, invoices):
    until(
        lambda: statuses(shop, invoices) == {"exported"},
        "all invoices to be exported",
        EXPORT_TIMEOUT_S,
        poll_s=1,
    )


def assert_once_in_quickbooks(shop, quickbooks, invoices):
    books = quickbooks.books(shop.connection.realm_id, [])
    shown = invoicing.shown(shop.clara, invoices)
    assert [row for row in compare(shown, books) if row.faults] == []
    numbers = [document["DocNumber"] for document in books["Invoice"]]
    assert len(numbers) == len(set(numbers))


def lane_starts(shop):
    """How often a lane was started so far."""
    log = shop.server.log.read_text(encoding="utf-8")
    return sum(
        "QuickBooks: export" in line and "starting" in line for line in log.splitlines()
    )


def test_rows_that_a_person_holds_do_not_spin_the_lane(shop, quickbooks):
    """A long transaction over waiting invoices: they go after it, without a thousand
    looks at them before."""
    connection_id = shop.connection.id
    shop.olivia.api.call("qbo.connection", "action_pause", [connection_id])
    invoices = shop.draft(documents(INVOICE_COUNT))
    shop.post(invoices)
    with closing(psycopg2.connect(dbname=shop.database)) as person:
        with person.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM qbo_export WHERE state = 'waiting' FOR UPDATE"
            )
        before = lane_starts(shop)
        shop.olivia.api.call("qbo.connection", "action_resume", [connection_id])
        time.sleep(HELD_S)
        looks = lane_starts(shop) - before
        assert statuses(shop, invoices) == {"waiting"}
        person.rollback()

    wait_until_exported(shop, invoices)

    assert 1 <= looks <= HELD_S
    assert_once_in_quickbooks(shop, quickbooks, invoices)


def tell(dbname, statement, *values):
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement.format(dbname), values or None)


def cut_off(dbname):
    """End every session of the servers of a database, and let nobody in for a while."""
    tell(dbname, 'ALTER DATABASE "{}" ALLOW_CONNECTIONS false')
    tell(
        dbname,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name IN (SELECT application_name FROM pg_stat_activity"
        "                             WHERE datname = %s)",
        dbname,
    )
    time.sleep(AWAY_S)
    tell(dbname, 'ALTER DATABASE "{}" ALLOW_CONNECTIONS true')


def test_restart_of_the_database_is_survived(shop, quickbooks):
    """As a restart of PostgreSQL looks from here: all sessions end, and for seconds
    there are no new ones. A batch is on the way, its answer cannot be written."""
    invoices = shop.draft(documents(INVOICE_COUNT))
    fault = {"kind": "slow", "match": {"path": "/batch"}, "seconds": 3}
    requests.post(
        f"{quickbooks.address}/_emulator/faults", json=fault, timeout=30
    ).raise_for_status()
    shop.post(invoices)
    until(lambda: statuses(shop, invoices) == {"sending"}, "the batch to leave", 60)

    cut_off(shop.database)

    wait_until_exported(shop, invoices)
    assert_once_in_quickbooks(shop, quickbooks, invoices)
