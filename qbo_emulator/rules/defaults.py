"""What QuickBooks fills in where a client sends nothing."""

from __future__ import annotations

from typing import Any

from qbo_emulator.change import Change
from qbo_emulator.entities.entity import Rule

__all__ = ["active", "home_currency", "values"]


def values(**defaults: Any) -> Rule:
    """Return the rule that gives missing members these values."""

    def rule(change: Change) -> None:
        for name, value in defaults.items():
            change.doc.setdefault(name, value)

    return rule


def active(change: Change) -> None:
    """A new element is active; an update that does not say so leaves it as it was."""
    before = change.before or {}
    change.doc.setdefault("Active", before.get("Active", True))


def home_currency(change: Change) -> None:
    """CurrencyRef is the company's own currency where none is given."""
    change.doc.setdefault("CurrencyRef", {"value": change.book.home_currency})
