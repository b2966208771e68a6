"""From the commit of a posting to the commit of its binding, one invoice at a time."""

import argparse
import statistics
import time
from contextlib import closing

from bench_run.bench import Bench, Measured

EMULATOR_MS = 200
WARM_UP = 3
TIMEOUT_S = 120


def run(options: argparse.Namespace) -> Measured:
    """Post one by one through the API while Odoo's server runs."""
    import psycopg2

    from bench_run.equipment import waiting
    from bench_run.equipment.place import connected_company

    slow = ("--limits", "intuit", "--latency", f"{EMULATOR_MS}+0")
    with connected_company("latency", slow) as place:
        with place.odoo_process() as odoo:
            place.use_catalogue(odoo)
            invoices = odoo.tell("draft", count=options.invoices + WARM_UP)
        place.shop.server.start("/web/login")
        seconds = []
        with closing(psycopg2.connect(dbname=place.database)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for invoice in invoices:
                    place.shop.post([invoice])
                    posted = time.monotonic()
                    bound = waiting.until_bound(cursor, invoice, TIMEOUT_S)
                    seconds.append(bound - posted)
    del seconds[:WARM_UP]
    percentiles = statistics.quantiles(seconds, n=20, method="inclusive")
    return Measured(
        {"invoices": options.invoices, "lines": 3, "emulator_ms": EMULATOR_MS},
        {
            "p50_s": round(statistics.median(seconds), 3),
            "p95_s": round(percentiles[-1], 3),
            "longest_s": round(max(seconds), 3),
        },
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument("--invoices", type=int, default=100, metavar="N")


BENCH = Bench(
    "latency",
    "seconds from the commit of a posting until its binding is committed",
    run,
    limits={"p50_s": 1.5, "p95_s": 3},
    needs=("odoo", "python", "postgresql"),
    arguments=arguments,
)
