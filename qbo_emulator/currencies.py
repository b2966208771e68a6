"""The currencies that QuickBooks knows, as it names them, and what they are worth.

The rates stand for QuickBooks' rate of the day where a company has set none: US dollars
for one unit. They are round figures of no particular day, the same in every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

__all__ = ["CURRENCIES", "Currency", "market_rate"]

_RATE_STEP = Decimal("0.00000001")


@dataclass(frozen=True)
class Currency:
    """A currency: the name that references show, its worth in US dollars."""

    name: str
    dollars: Decimal


def _currency(name: str, dollars: str) -> Currency:
    return Currency(name, Decimal(dollars))


CURRENCIES = {
    "AED": _currency("United Arab Emirates Dirham", "0.2723"),
    "AUD": _currency("Australian Dollar", "0.66"),
    "BRL": _currency("Brazilian Real", "0.18"),
    "CAD": _currency("Canadian Dollar", "0.73"),
    "CHF": _currency("Swiss Franc", "1.13"),
    "CNY": _currency("Chinese Yuan", "0.14"),
    "CZK": _currency("Czech Koruna", "0.044"),
    "DKK": _currency("Danish Krone", "0.145"),
    "EUR": _currency("Euro", "1.08"),
    "GBP": _currency("British Pound Sterling", "1.27"),
    "HKD": _currency("Hong Kong Dollar", "0.128"),
    "HUF": _currency("Hungarian Forint", "0.0028"),
    "ILS": _currency("Israeli New Shekel", "0.27"),
    "INR": _currency("Indian Rupee", "0.012"),
    "JPY": _currency("Japanese Yen", "0.0066"),
    "MXN": _currency("Mexican Peso", "0.055"),
    "MYR": _currency("Malaysian Ringgit", "0.22"),
    "NOK": _currency("Norwegian Krone", "0.094"),
    "NZD": _currency("New Zealand Dollar", "0.61"),
    "PHP": _currency("Philippine Peso", "0.0175"),
    "PLN": _currency("Polish Zloty", "0.25"),
    "SEK": _currency("Swedish Krona", "0.095"),
    "SGD": _currency("Singapore Dollar", "0.74"),
    "THB": _currency("Thai Baht", "0.029"),
    "TRY": _currency("Turkish Lira", "0.03"),
    "USD": _currency("United States Dollar", "1"),
    "ZAR": _currency("South African Rand", "0.055"),
}


def market_rate(source: str, target: str) -> Decimal:
    """Return how many units of ``target`` one unit of ``source`` is worth."""
    worth = CURRENCIES[source].dollars / CURRENCIES[target].dollars
    return worth.quantize(_RATE_STEP).normalize()
