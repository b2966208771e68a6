"""What an arming may say besides its match: checked when it is armed, not when it
strikes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

__all__ = ["UnknownFault", "check_options", "number"]

#: Seconds that a fault may wait or move the clock by: beyond it lies no use.
_MOST_S = 10**9


class UnknownFault(ValueError):
    """A kind, a member of its match or an option that does not exist, or a value that
    it does not take."""


def number(name: str, value: Any, least: float, most: float) -> float:
    """Return a number of an arming. Raises :class:`UnknownFault` outside its range."""
    is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:
        raise UnknownFault(f"{name} is a number from {least} to {most}, not {value!r}")
    return float(value)


def check_options(kind: str, known: frozenset[str], given: Mapping[str, Any]) -> None:
    """Raise :class:`UnknownFault` for an option that the kind does not know, and for a
    value that the option does not take."""
    unknown = sorted(set(given) - known)
    if unknown:
        raise UnknownFault(
            f"{kind} does not know {', '.join(unknown)};"
            f" it takes {', '.join(sorted(known)) or 'nothing'}"
        )
    for name, value in given.items():
        _CHECKS.get(name, _text)(name, value)


def _seconds(name: str, value: Any) -> None:
    number(name, value, -_MOST_S, _MOST_S)


def _status(name: str, value: Any) -> None:
    if number(name, value, 200, 599) % 1:
        raise UnknownFault(f"{name} is a whole number, not {value!r}")


def _amount(name: str, value: Any) -> None:
    try:
        fits = Decimal(str(value)).is_finite()
    except InvalidOperation:
        fits = False
    if not fits:
        raise UnknownFault(f"{name} is an amount, not {value!r}")


def _text(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise UnknownFault(f"{name} is text, not {value!r}")


_CHECKS: dict[str, Callable[[str, Any], None]] = {
    "seconds": _seconds,
    "status": _status,
    "amount": _amount,
}
