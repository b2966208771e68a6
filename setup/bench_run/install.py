"""What installing costs a database that has years of books: seconds, and rewrites.

Two databases with accounting, one of them filled; the addon is installed on copies of
them, turn by turn.
"""

import argparse
import statistics

from bench_run.bench import Bench, Measured


def run(options: argparse.Namespace) -> Measured:
    """Fill one database, then install on copies of both."""
    from checks import databases

    from bench_run.equipment import installing

    base = databases.base_template()
    with databases.fresh_copy(base, "bench_full") as full:
        installing.fill(full, options.entries)
        rewritten: set[str] = set()
        seconds: dict[str, list[float]] = {base: [], full: []}
        for round_number in range(options.rounds):
            for source in sorted(seconds, reverse=bool(round_number % 2)):
                took_s, changed = installing.install_on_copy(source)
                seconds[source].append(took_s)
                rewritten |= changed
    empty_s, full_s = (statistics.median(seconds[name]) for name in (base, full))
    return Measured(
        {"entries": options.entries, "rounds": options.rounds},
        {
            "extra_s": round(full_s - empty_s, 2),
            "tables_rewritten": len(rewritten),
            "seconds_empty": round(empty_s, 2),
            "seconds_full": round(full_s, 2),
        },
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument("--entries", type=int, default=200_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")


BENCH = Bench(
    "install",
    "seconds more to install beside 200,000 journal entries; tables rewritten",
    run,
    limits={"extra_s": 2, "tables_rewritten": 0},
    needs=("odoo", "python", "postgresql"),
    arguments=arguments,
)
