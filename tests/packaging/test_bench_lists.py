"""`setup/bench` knows its measurements, and each says what it is judged by."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench_run", *arguments],
        cwd=ROOT / "setup",
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'setup'}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_name_it_lists_what_there_is() -> None:
    listed = bench()
    assert listed.returncode == 0, listed.stderr
    assert "emulator" in [line.split()[0] for line in listed.stdout.splitlines()]


def test_an_unknown_name_is_told(tmp_path: Path) -> None:
    refused = bench("nothing")
    assert refused.returncode == 2
    assert "emulator" in refused.stderr


def test_figures_stand_beside_inputs_and_limits(tmp_path: Path) -> None:
    """The shape that measurements outside of this project read."""
    file = tmp_path / "figures.json"
    done = bench("emulator", "--invoices", "240", "--window", "60", "--json", str(file))
    assert done.returncode == 0, done.stderr
    told = json.loads(file.read_text())
    assert told.keys() == {"bench", "inputs", "figures", "limits"}
    assert told["bench"] == "emulator"
    assert told["inputs"]["invoices"] == 240
    assert told["limits"] == {"items_per_s": 300, "growth_ratio": 1.5}
    assert told["figures"]["items_per_s"] > 0
    assert told["limits"].keys() <= told["figures"].keys()
