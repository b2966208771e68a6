"""The command line of ``setup/demo``."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from demo_run.homes import HOMES

# Kinds of company of the emulator, the usual one first.
COMPANY_KINDS = tuple(HOMES)


@dataclass(frozen=True)
class Options:
    """What the person asked for."""

    serve: bool
    invoices: int
    company: str
    json: Path | None


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line; ends the program with a message when it makes no sense."""
    found = parser().parse_args(arguments)
    return Options(found.serve, found.invoices, found.company, found.json)


def parser() -> argparse.ArgumentParser:
    """What the command line may hold."""
    parser = argparse.ArgumentParser(
        prog="setup/demo",
        description="Sets up all that is needed, posts invoices in Odoo and shows them "
        "in QuickBooks. Ends 0 only when every one is there once, with an equal total.",
    )
    parser.add_argument(
        "--no-serve",
        dest="serve",
        action="store_false",
        help="end after the table and stop all that was started; "
        "without it both are served until Ctrl-C",
    )
    parser.add_argument(
        "--invoices", type=_positive, default=25, metavar="N", help="how many (25)"
    )
    parser.add_argument(
        "--company",
        choices=COMPANY_KINDS,
        default=COMPANY_KINDS[0],
        metavar="KIND",
        help=f"kind of QuickBooks company: {', '.join(COMPANY_KINDS)}",
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="also write the result there"
    )
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


if __name__ == "__main__":
    parse(sys.argv[1:])
    sys.stdout.write("go\n")
