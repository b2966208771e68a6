"""What the addon adds to posting invoices: queries, and time of clock and processor.

Two databases, with the addon (connected) and without, each with an Odoo process of its
own; they post the same invoices turn by turn.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from bench_run.bench import Bench, Measured

WARM_UP = 20


def run(options: argparse.Namespace) -> Measured:
    """Post so many invoices at once on both sides, several times."""
    from checks import databases

    from bench_run.equipment.odoo_process import OdooProcess
    from bench_run.equipment.place import connected_company

    with (
        tempfile.TemporaryDirectory(prefix="bench-posting-") as folder,
        connected_company("posting") as place,
        databases.fresh_copy(databases.base_template(), "bench_bare") as bare,
        place.odoo_process() as with_addon,
        OdooProcess(bare, Path(folder)) as without,
    ):
        sides = (with_addon, without)
        for odoo in sides:
            odoo.tell("make_catalogue")
            odoo.tell("post", ids=odoo.tell("draft", count=WARM_UP))
        pairs = []
        for round_number in range(options.rounds):
            drafts = [odoo.tell("draft", count=options.invoices) for odoo in sides]
            costs = {}
            # Who goes first changes: the second one may find the machine warmer.
            for side in (0, 1) if round_number % 2 else (1, 0):
                costs[side] = sides[side].tell("post", ids=drafts[side])
            pairs.append((costs[0], costs[1]))
    ours, theirs = zip(*pairs, strict=True)
    return Measured(
        {"invoices": options.invoices, "lines": 3, "rounds": options.rounds},
        {
            "cpu_ratio": _median_ratio(pairs, "cpu_s"),
            "wall_ratio": _median_ratio(pairs, "wall_s"),
            "extra_queries": statistics.median(
                our.queries - their.queries for our, their in pairs
            ),
            "queries_without": statistics.median(cost.queries for cost in theirs),
            "wall_s_with": round(statistics.median(c.wall_s for c in ours), 3),
            "wall_s_without": round(statistics.median(c.wall_s for c in theirs), 3),
        },
    )


def _median_ratio(pairs, seconds: str) -> float:
    ratios = [
        getattr(ours, seconds) / getattr(theirs, seconds) for ours, theirs in pairs
    ]
    return round(statistics.median(ratios), 4)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument("--invoices", type=int, default=500, metavar="N")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")


BENCH = Bench(
    "posting",
    "what the addon, connected, adds to posting three-line invoices",
    run,
    # Three queries, and one more a hundred invoices.
    limits={"cpu_ratio": 1.05, "wall_ratio": 1.05, "extra_queries": 8},
    needs=("odoo", "python", "postgresql"),
    arguments=arguments,
)
