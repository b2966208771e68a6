"""Amounts of Odoo (floats) as the exact decimals that QuickBooks gets."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

__all__ = [
    "AMOUNT_DIGITS",
    "LinePrice",
    "decimal_of",
    "fit_line",
    "plain",
    "round_half_up",
]

# QuickBooks keeps up to seven decimals of a unit price.
PRICE_DIGITS = 7
# It counts in hundredths, whatever the currency.
AMOUNT_DIGITS = 2


@dataclass(frozen=True)
class LinePrice:
    """Quantity and unit price whose product, rounded, is the line's amount.

    :ivar is_folded: True when the real quantity could not be kept: one unit at
        the whole amount is sent, and the description must tell the quantity
    """

    quantity: Decimal
    unit_price: Decimal
    is_folded: bool = False


def round_half_up(value: Decimal, digits: int) -> Decimal:
    """Round as QuickBooks does: half away from zero, to ``digits`` decimals."""
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def decimal_of(value: float, digits: int) -> Decimal:
    """Return Odoo's float as the decimal that it stands for.

    The shortest text of the float is what a person typed; rounding that text,
    not the binary value, keeps 1.005 from becoming 1.00.
    """
    return round_half_up(Decimal(repr(float(value))), digits)


def plain(value: Decimal) -> Decimal:
    """Drop trailing zeros without falling into exponents: 2.00 -> 2, 1E+2 -> 100."""
    if value == value.to_integral_value():
        return value.quantize(Decimal(1))
    return value.normalize()


def fit_line(amount: Decimal, quantity: Decimal, unit_price: Decimal) -> LinePrice:
    """Find a quantity and unit price that give exactly ``amount``.

    QuickBooks refuses a line (6070) whose Amount is not Qty x UnitPrice. Odoo's
    amount is the truth (it holds discounts and taxes included in the price), so
    the unit price yields: first as it is, then derived from the amount with up
    to seven decimals, at last one unit at the whole amount.
    """
    derived = amount / quantity if quantity else Decimal(0)
    for price in (unit_price, derived):
        price = round_half_up(price, PRICE_DIGITS)
        if round_half_up(quantity * price, AMOUNT_DIGITS) == amount:
            return LinePrice(plain(quantity), plain(price))
    return LinePrice(Decimal(1), amount, is_folded=True)
