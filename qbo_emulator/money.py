"""Amounts as QuickBooks keeps them: two decimals, halves rounded away from zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

__all__ = ["CENT", "ZERO", "cents", "decimal_of"]

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def cents(amount: Decimal | int) -> Decimal:
    """Round to cents, half up (4495.16 x 9.975 % is 448.39: ruckus/quickbooks-
    ruby#547)."""
    return Decimal(amount).quantize(CENT, rounding=ROUND_HALF_UP)


def decimal_of(value: Any) -> Decimal:
    """Return a stored amount as ``Decimal``; a missing one is zero."""
    return ZERO if value is None else Decimal(value)
