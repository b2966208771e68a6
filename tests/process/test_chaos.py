"""A short fault run: what `setup/chaos` promises holds for each small mixture, too."""

import json
import subprocess

from demo_run.processes import ROOT

INVOICES = 40
KILLS = 3
SEED = 20261122
TIMEOUT_S = 600
NAMES = {
    "seed",
    "documents",
    "kills",
    "faults",
    "lost",
    "doubled",
    "wrong_total",
    "stuck_without_problem",
    "refreshes",
    "expiries",
    "connections_lost",
}
MUST_BE_NONE = (
    "lost",
    "doubled",
    "wrong_total",
    "stuck_without_problem",
    "connections_lost",
)


def test_no_document_is_lost_or_doubled_whatever_breaks(tmp_path):
    """PostgreSQL, which other tests use just now, is left alone."""
    figures = tmp_path / "chaos.json"
    done = subprocess.run(
        [
            *(ROOT / "setup/chaos", "--seed", str(SEED)),
            *("--invoices", str(INVOICES), "--kills", str(KILLS)),
            *("--database-restarts", "0", "--json", str(figures)),
        ],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-3000:]}"

    told = json.loads(figures.read_text(encoding="utf-8"))
    assert told.keys() == NAMES
    assert {name: told[name] for name in MUST_BE_NONE} == dict.fromkeys(MUST_BE_NONE, 0)
    assert told["seed"] == SEED
    assert told["kills"] >= KILLS
    assert told["documents"] >= INVOICES
