"""Four companies of one database, at Intuit's limits: how much faster than one.

Intuit's limits are per company, so four together should take four times as much. Two
Odoo servers share the database, as two nodes behind one address do.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench_run.bench import Bench, Measured

COMPANIES = 4
LEAST = 41 * 30
ORIGINALS = 60
TIMEOUT_S = 1800


def run(options: argparse.Namespace) -> Measured:
    """Drain one company, then all of them, with the same number each."""
    if options.invoices < LEAST:
        raise SystemExit(f"--invoices: at least {LEAST}, else no limit is met")
    with tempfile.TemporaryDirectory(prefix="bench-realms-") as name:
        with _place(Path(name)) as (database, quickbooks, folder):
            stock = _stock(database, quickbooks, folder, options.invoices)
            one, one_s = _drained(
                database, quickbooks, folder, stock, list(stock)[:1], options.invoices
            )
            before = quickbooks.view.stats()["throttled"]
            together, all_s = _drained(
                database, quickbooks, folder, stock, list(stock), options.invoices
            )
            throttled = quickbooks.view.stats()["throttled"] - before
    return Measured(
        {
            "invoices_each": options.invoices,
            "companies": COMPANIES,
            "nodes": 2,
            "limits": "intuit",
            "latency": "intuit",
        },
        {
            "speedup": round(together / one, 3),
            "throttled": throttled,
            "documents_a_minute_one": round(one, 1),
            "documents_a_minute_all": round(together, 1),
            "seconds_one": round(one_s, 1),
            "seconds_all": round(all_s, 1),
        },
    )


@contextmanager
def _place(folder: Path) -> Iterator[tuple]:
    """A database with the addon, and QuickBooks with the companies."""
    from checks import databases
    from demo_run.quickbooks_side import EmulatorSide

    from bench_run.equipment.place import AS_INTUIT

    more = ("--company", "us") * (COMPANIES - 1)
    quickbooks = EmulatorSide("us", folder, options=(*AS_INTUIT, *more))
    quickbooks.start()
    try:
        template = databases.shop_template()
        with databases.fresh_copy(template, "bench_realms") as database:
            yield database, quickbooks, folder
    finally:
        quickbooks.stop()


def _stock(database, quickbooks, folder: Path, count: int) -> dict[str, list[int]]:
    """Posted invoices for both runs by realm, their customers in QuickBooks."""
    from bench_run.equipment.odoo_process import OdooProcess

    realm_ids = [realm["realm_id"] for realm in quickbooks.view.info()["realms"]]
    with OdooProcess(database, folder, quickbooks.odoo_settings()) as odoo:
        posted = odoo.tell("found_companies", realm_ids=realm_ids, count=ORIGINALS)
        odoo.tell("drain")
        copies = -(-2 * count // ORIGINALS)
        return {
            realm_id: odoo.tell("multiply", ids=ids, copies=copies)
            for realm_id, ids in posted.items()
        }


def _drained(
    database, quickbooks, folder: Path, stock, realm_ids: list[str], count: int
) -> tuple[float, float]:
    """Documents a minute, lasting, of these companies together; and seconds."""
    from bench_run.equipment import pace, waiting
    from bench_run.equipment.odoo_process import OdooProcess

    with OdooProcess(database, folder, quickbooks.odoo_settings()) as odoo:
        for realm_id in realm_ids:
            ids = [stock[realm_id].pop() for _number in range(count)]
            odoo.tell("enqueue", ids=ids)
    since, begun = quickbooks.view.last_request(), time.monotonic()
    with _two_nodes(database, quickbooks, folder):
        waiting.until_exported(database, TIMEOUT_S)
        seconds = time.monotonic() - begun
    requests = quickbooks.view.requests(since)
    paces = [
        pace.documents_a_minute(pace.arrivals(requests, realm_id), count)
        for realm_id in realm_ids
    ]
    return sum(paces), seconds


@contextmanager
def _two_nodes(database, quickbooks, folder: Path) -> Iterator[None]:
    """Two Odoo servers on the database while the block runs."""
    from demo_run.processes import free_port, odoo

    with ExitStack() as servers:
        for number in (1, 2):
            settings = quickbooks.odoo_settings()
            node = odoo(free_port(), database, folder / f"node{number}", settings)
            servers.callback(node.stop)
            node.start("/web/health")
        yield


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument("--invoices", type=int, default=1_800, metavar="N")


BENCH = Bench(
    "realms",
    "documents a minute of four companies against one, at Intuit's limits, two nodes",
    run,
    limits={"speedup": 3.6, "throttled": 0},
    needs=("odoo", "python", "postgresql"),
    arguments=arguments,
)
