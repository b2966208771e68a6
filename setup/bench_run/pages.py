"""What the addon's columns and group add to opening the list and form of invoices."""

import argparse
import statistics

from bench_run.bench import Bench, Measured

WARM_UP = 3
ORIGINALS = 100


def run(options: argparse.Namespace) -> Measured:
    """Open list and form with the addon's fields and without, turn by turn."""
    from bench_run.equipment.place import connected_company

    with connected_company("pages") as place, place.odoo_process() as odoo:
        place.use_catalogue(odoo)
        odoo.tell("queue_copies", originals=ORIGINALS, count=options.invoices)
        odoo.tell("settle_copies")
        opened = {
            page: _in_turns(odoo, page, options.rounds)
            for page in ("open_list", "open_form")
        }
    figures: dict[str, float] = {}
    for page, pairs in opened.items():
        name = page.removeprefix("open_")
        figures |= {
            f"extra_queries_{name}": statistics.median(
                ours.queries - theirs.queries for ours, theirs in pairs
            ),
            f"{name}_ms_with": _median_ms(ours for ours, _theirs in pairs),
            f"{name}_ms_without": _median_ms(theirs for _ours, theirs in pairs),
        }
    ratios = [ours.wall_s / theirs.wall_s for ours, theirs in opened["open_list"]]
    return Measured(
        {"invoices": options.invoices, "rounds": options.rounds},
        {"time_ratio": round(statistics.median(ratios), 4), **figures},
    )


def _in_turns(odoo, page: str, rounds: int) -> list:
    """The costs with and without, in pairs; who goes first changes."""
    pairs = []
    for number in range(WARM_UP + rounds):
        costs = {}
        for ours in (True, False) if number % 2 else (False, True):
            costs[ours] = odoo.tell(page, ours=ours)
        pairs.append((costs[True], costs[False]))
    return pairs[WARM_UP:]


def _median_ms(costs) -> float:
    return round(1000 * statistics.median(cost.wall_s for cost in costs), 2)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument("--invoices", type=int, default=10_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=40, metavar="N")


BENCH = Bench(
    "pages",
    "what the addon adds to opening the list and the form of invoices",
    run,
    limits={"time_ratio": 1.10, "extra_queries_list": 2, "extra_queries_form": 3},
    needs=("odoo", "python", "postgresql"),
    arguments=arguments,
)
