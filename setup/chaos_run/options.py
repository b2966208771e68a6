"""What ``setup/chaos`` is asked for."""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """How much is done, and how much of it is disturbed."""

    invoices: int
    kills: int
    seed: int
    json: Path | None
    database_restarts: int


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="setup/chaos",
        description="Kill Odoo and break QuickBooks while invoices are posted; "
        "ends 0 only when in the end every document is in QuickBooks once.",
    )
    parser.add_argument("--invoices", type=int, default=2_000, metavar="N")
    parser.add_argument("--kills", type=int, default=50, metavar="K")
    parser.add_argument("--seed", type=int, default=None, metavar="S")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write figures here")
    parser.add_argument(
        "--database-restarts",
        type=int,
        default=3,
        metavar="R",
        help="of PostgreSQL; none where it is not setup's own server (default 3)",
    )
    found = parser.parse_args(arguments)
    # Drawn here so that it is told, and the run can be repeated.
    seed = random.SystemRandom().randrange(10**6) if found.seed is None else found.seed
    return Options(
        found.invoices, found.kills, seed, found.json, found.database_restarts
    )
