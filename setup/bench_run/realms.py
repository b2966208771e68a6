"""Four companies of one database, at Intuit's limits: how much faster than one.

Intuit's limits are per company, so four together should take four times as much. Two
Odoo servers share the database, as two nodes behind one address do.
"""

import argparse
import time

from bench_run.bench import Bench, Measured

COMPANIES = 4
LEAST = 41 * 30
ORIGINALS = 60
TIMEOUT_S = 1800


def run(options: argparse.Namespace) -> Measured:
    """Drain one company, then all of them, with the same number each."""
    from bench_run.equipment import pace, waiting
    from bench_run.equipment.companies import found_companies, two_nodes
    from bench_run.equipment.place import AS_INTUIT, connected_company

    if options.invoices < LEAST:
        raise SystemExit(f"--invoices: at least {LEAST}, else no limit is met")
    more = ("--company", "us") * (COMPANIES - 1)
    with connected_company("realms", (*AS_INTUIT, *more)) as place:
        companies = found_companies(place, COMPANIES)
        stock = {}
        with place.odoo_process() as odoo:
            place.use_catalogue(odoo)
            odoo.tell("lift_limits")
            for company in companies:
                ids = odoo.tell("draft", count=ORIGINALS, company_id=company.id)
                odoo.tell("post", ids=ids)
                odoo.tell("drain")
                copies = -(-2 * options.invoices // ORIGINALS)
                stock[company] = odoo.tell("multiply", ids=ids, copies=copies)

        def drained(chosen) -> tuple[float, float]:
            """Documents a minute, lasting, of all companies together; and seconds."""
            view = place.quickbooks.view
            with place.odoo_process() as odoo:
                for company in chosen:
                    ids = [stock[company].pop() for _number in range(options.invoices)]
                    odoo.tell("enqueue", ids=ids)
            since, begun = view.last_request(), time.monotonic()
            with two_nodes(place):
                waiting.until_exported(place.database, TIMEOUT_S)
                seconds = time.monotonic() - begun
            requests = view.requests(since)
            paces = [
                pace.documents_a_minute(
                    pace.arrivals(requests, company.realm_id), options.invoices
                )
                for company in chosen
            ]
            return sum(paces), seconds

        one, one_s = drained(companies[:1])
        throttled = place.quickbooks.view.stats()["throttled"]
        all_together, all_s = drained(companies)
        throttled = place.quickbooks.view.stats()["throttled"] - throttled
    return Measured(
        {
            "invoices_each": options.invoices,
            "companies": COMPANIES,
            "nodes": 2,
            "limits": "intuit",
            "latency": "intuit",
        },
        {
            "speedup": round(all_together / one, 3),
            "documents_a_minute_one": round(one, 1),
            "documents_a_minute_all": round(all_together, 1),
            "seconds_one": round(one_s, 1),
            "seconds_all": round(all_s, 1),
            "throttled": throttled,
        },
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument("--invoices", type=int, default=2_400, metavar="N")


BENCH = Bench(
    "realms",
    "documents a minute of four companies / of one, two nodes, at Intuit's limits",
    run,
    limits={"speedup": 3.6},
    needs=("odoo", "python", "postgresql"),
    arguments=arguments,
)
