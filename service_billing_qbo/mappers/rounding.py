"""Cents by which two programs differ that both calculate rightly."""

from decimal import Decimal

__all__ = ["home_tolerance", "is_cents"]

# Of the currency's smallest unit: more than that is no rounding, but another price.
MOST_UNITS = 5


def is_cents(difference: Decimal, digits: int) -> bool:
    """Tell whether a difference is small enough to come from rounding.

    :param digits: decimals of the document's currency
    """
    return 0 < abs(difference) <= MOST_UNITS * Decimal(1).scaleb(-digits)


def home_tolerance(
    item_count: int, total: Decimal, home_digits: int, rate_digits: int
) -> Decimal:
    """Return by how much totals in the home currency may differ for rounding alone.

    Each of Odoo's journal items is a rounded amount, and so is QuickBooks' total: half
    a unit for each. And the rate that goes is rounded: half of its last digit for each
    unit of total.

    :param item_count: journal items that make up the total
    :param total: of the document, in its own currency
    :param home_digits: decimals of the home currency
    :param rate_digits: decimals of the exchange rate that QuickBooks gets
    """
    half = Decimal("0.5")
    by_items = (item_count + 1) * half.scaleb(-home_digits)
    return by_items + abs(total) * half.scaleb(-rate_digits)
