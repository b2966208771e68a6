"""The conformance table names tests that exist, and a reason for what is not there."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent
TABLE = FOLDER.parents[1] / "qbo_emulator" / "CONFORMANCE.md"
SECTIONS = 11


def rows() -> list[tuple[str, str, str, str]]:
    """Return rule, source, state and tests of each row."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    cells = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in lines
        if line.startswith("|") and not line.startswith(("| rule", "|--"))
    ]
    return [(row[0], row[1], row[2], row[3]) for row in cells]


def test_each_rule_has_a_test_that_exists_or_a_reason() -> None:
    found = rows()
    assert len(found) > 100
    for rule, source, state, shown_by in found:
        assert source, rule
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", shown_by)
        if state.startswith("no"):
            assert state.startswith("no: "), f"without a reason: {rule}"
        else:
            assert state.startswith(("yes", "switch")), rule
            assert named, f"without a test: {rule}"
        for file, test in named:
            text = (FOLDER / file).read_text(encoding="utf-8")
            assert f"def {test}(" in text, f"{file}::{test}"


def test_every_section_of_the_contract_is_there() -> None:
    text = TABLE.read_text(encoding="utf-8")
    numbers = [int(n) for n in re.findall(r"^## (\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, SECTIONS + 1))


def test_sources_are_explained() -> None:
    text = TABLE.read_text(encoding="utf-8")
    legend = text.partition("Sources:")[2].partition("\n## ")[0]
    for _rule, source, _state, _tests in rows():
        for word in source.split(", "):
            assert word == "not documented" or f"{word}:" in legend, word
