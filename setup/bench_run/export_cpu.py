"""The processor's time of exporting an invoice, beside that of making it in Odoo."""

import argparse
import statistics
from pathlib import Path

from bench_run.bench import Bench, Measured


def run(options: argparse.Namespace) -> Measured:
    """Make and post invoices, then export them, several times in one process."""
    from bench_run.equipment.place import connected_company

    with connected_company("export_cpu") as place, place.odoo_process() as odoo:
        place.use_catalogue(odoo)
        odoo.tell("lift_limits")
        odoo.tell("draft_and_post", count=options.invoices // 5)
        odoo.tell("drain")
        pairs = [
            (odoo.tell("draft_and_post", count=options.invoices), odoo.tell("drain"))
            for _round in range(options.rounds)
        ]
        if options.profile:
            odoo.tell("draft_and_post", count=options.invoices)
            odoo.tell("profile_drain", path=str(options.profile.absolute()))
        books = place.quickbooks.view.books(place.shop.connection.realm_id)
    made, exported = zip(*pairs, strict=True)

    def milliseconds(costs, seconds: str) -> float:
        values = [getattr(cost, seconds) for cost in costs]
        return round(1000 * statistics.median(values) / options.invoices, 3)

    return Measured(
        {"invoices": options.invoices, "lines": 3, "rounds": options.rounds},
        {
            "cpu_ratio": round(
                statistics.median(export.cpu_s / make.cpu_s for make, export in pairs),
                4,
            ),
            "make_cpu_ms": milliseconds(made, "cpu_s"),
            "export_cpu_ms": milliseconds(exported, "cpu_s"),
            "export_database_ms": milliseconds(exported, "database_cpu_s"),
            "export_wall_ms": milliseconds(exported, "wall_s"),
            "in_quickbooks": len(books["Invoice"]),
        },
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument("--invoices", type=int, default=600, metavar="N")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument(
        "--profile",
        type=Path,
        metavar="FILE",
        help="one round more, its main thread profiled (pstats)",
    )


BENCH = Bench(
    "export-cpu",
    "processor's time of exporting an invoice / of making and posting it",
    run,
    limits={"cpu_ratio": 0.10},
    needs=("odoo", "python", "postgresql"),
    arguments=arguments,
)
