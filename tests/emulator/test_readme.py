"""The README tells of everything that can be armed and set."""

from __future__ import annotations

from pathlib import Path

from qbo_emulator.bad_days.kinds import KINDS
from qbo_emulator.switches import SWITCHES

README = Path(__file__).parents[2] / "qbo_emulator" / "README.md"


def test_every_kind_of_fault_and_every_switch_is_explained() -> None:
    text = README.read_text(encoding="utf-8")
    for name, kind in KINDS.items():
        assert f"| `{name}` | {kind.about} |" in text
    for switch in SWITCHES.values():
        assert f"| `{switch.name}` |" in text
        assert switch.meaning in text
