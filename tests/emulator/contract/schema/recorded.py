"""Holds recorded answers against Intuit's schemas.

    python -m tests.emulator.contract.schema.recorded FOLDER

FOLDER is what emulators were started with (``--record``, ``QBO_EMULATOR_RECORD``); each
line of its files is one answer. Prints how many there were, and what is wrong with
them; ends with 1 when something is, or when there were none.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from .validator import problems_of


def answers(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield call and answer; the last line of a killed process may be half."""
    for file in sorted(folder.rglob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                if line.endswith("\n"):
                    entry = json.loads(line)
                    yield entry["call"], entry["answer"]


def main(folder: Path) -> int:
    """Return the exit status."""
    count = 0
    problems: set[str] = set()
    for call, answer in answers(folder):
        if not answer.startswith("{"):
            continue  # an upload of nothing, a body without content
        count += 1
        problems.update(f"{call}: {problem}" for problem in problems_of(answer))
    for problem in sorted(problems):
        sys.stdout.write(f"problem: {problem}\n")
    sys.stdout.write(f"{count} answers, {len(problems)} problems\n")
    return 0 if count and not problems else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
