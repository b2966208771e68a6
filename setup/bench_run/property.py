"""Random invoices and fuzzed texts by the thousand: is any of them sent wrongly?"""

import argparse
import os
import subprocess
import time
from pathlib import Path

from bench_run.bench import Bench, Measured

ROOT = Path(__file__).resolve().parents[2]

RANDOM = "service_billing_qbo/tests/test_random_documents.py"
# A database for each company: what the tests of one have taken back makes PostgreSQL
# believe that the tables are empty, and plan for hours with the next one's thousands.
RUNS = (
    (RANDOM, "-k", "TestRandomCanada"),
    (RANDOM, "-k", "TestRandomUnitedStates"),
    ("tests/quickbooks/test_fuzzed_texts.py",),
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--examples", type=int, default=2000, metavar="N", help="invoices (2000)"
    )


def _run(options: argparse.Namespace) -> Measured:
    """Run the tests of ``setup/test`` with more examples."""
    begun = time.monotonic()
    failed = 0
    for arguments in RUNS:
        done = subprocess.run(
            [str(ROOT / "setup/test"), *arguments],
            env={**os.environ, "QBO_PROPERTY_EXAMPLES": str(options.examples)},
            cwd=ROOT,
            check=False,
        )
        failed += done.returncode != 0
    return Measured(
        inputs={"invoices": options.examples, "texts": 10_000},
        figures={
            "failed": failed,
            "seconds": round(time.monotonic() - begun, 1),
        },
    )


BENCH = Bench(
    name="property",
    about="random invoices and fuzzed texts against QuickBooks' rules",
    run=_run,
    limits={"failed": 0},
    needs=("odoo", "python", "postgresql"),
    arguments=_arguments,
)
