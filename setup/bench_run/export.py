"""Exporting at Intuit's limits and with Intuit's slowness: how near to the limit.

The invoices are queued before Odoo's server starts. The pace that is compared with the
limit is the lasting one; that of the whole run is higher, for the first forty batches
may go at once.
"""

import argparse
import time

from bench_run.bench import Bench, Measured

BATCHES_LIMIT = 1200  # documents a minute: 40 batches of 30
LEAST = 41 * 30
ORIGINALS = 250
TIMEOUT_S = 1800


def run(options: argparse.Namespace) -> Measured:
    """Queue everything, then let a server send it."""
    from bench_run.equipment import pace, waiting
    from bench_run.equipment.place import AS_INTUIT, connected_company

    if options.invoices < LEAST:
        raise SystemExit(f"--invoices: at least {LEAST}, else no limit is met")
    with connected_company("export", AS_INTUIT) as place:
        with place.odoo_process() as odoo:
            place.use_catalogue(odoo)
            odoo.tell("queue_copies", originals=ORIGINALS, count=options.invoices)
        view, realm_id = place.quickbooks.view, place.shop.connection.realm_id
        before = view.stats()
        since = view.last_request()
        place.shop.server.start("/web/login")
        waiting.until_exported(place.database, TIMEOUT_S)
        ended_at = time.time()
        after = view.stats()
        arrived = pace.arrivals(view.requests(since), realm_id)
        # A server that has just started looks for work within a minute.
        elapsed_s = ended_at - arrived[0]
        lasting = pace.documents_a_minute(arrived, options.invoices)
        in_books = len(view.books(realm_id)["Invoice"])
    calls = after["calls"] - before["calls"]
    return Measured(
        {
            "invoices": options.invoices,
            "lines": 3,
            "limits": "intuit",
            "latency": "intuit",
        },
        {
            "share_of_limit": round(lasting / BATCHES_LIMIT, 4),
            "throttled": after["throttled"] - before["throttled"],
            "calls_per_invoice": round(calls / options.invoices, 5),
            "metered_reads": after["metered"] - before["metered"],
            "documents_a_minute": round(lasting, 1),
            "documents_a_minute_all": round(60 * options.invoices / elapsed_s, 1),
            "seconds": round(elapsed_s, 1),
            "batches": len(arrived),
            "in_quickbooks": in_books,
        },
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument("--invoices", type=int, default=3_000, metavar="N")


BENCH = Bench(
    "export",
    "share of Intuit's batch limit that exporting reaches, and what it calls",
    run,
    limits={
        "share_of_limit": 0.95,
        "throttled": 0,
        "calls_per_invoice": round(1.01 / 30, 5),
        "metered_reads": 0,
    },
    needs=("odoo", "python", "postgresql"),
    arguments=arguments,
)
