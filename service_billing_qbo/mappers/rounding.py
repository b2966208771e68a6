"""Cents by which two programs differ that both calculate rightly."""

from decimal import Decimal

__all__ = ["is_cents"]

# Of the currency's smallest unit: more than that is no rounding, but another price.
MOST_UNITS = 5


def is_cents(difference: Decimal, digits: int) -> bool:
    """Tell whether a difference is small enough to come from rounding.

    :param digits: decimals of the document's currency
    """
    return 0 < abs(difference) <= MOST_UNITS * Decimal(1).scaleb(-digits)
