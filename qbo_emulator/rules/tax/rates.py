"""Tax codes, their rates, and the tax on a sum: rounded half up, per rate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qbo_emulator.book import Book
from qbo_emulator.jsontext import Document
from qbo_emulator.money import ZERO, cents, decimal_of

__all__ = ["Rate", "rates_of", "tax_lines", "tax_on"]


@dataclass(frozen=True)
class Rate:
    """One rate of a tax code: its Id and percentage."""

    id: str
    percent: Decimal


def rates_of(book: Book, tax_code_id: str) -> list[Rate]:
    """Return the sales rates of a tax code; none for one that does not exist."""
    code = book.view("TaxCode", tax_code_id) or {}
    rates = []
    for detail in code.get("SalesTaxRateList", {}).get("TaxRateDetail", []):
        rate_id = detail["TaxRateRef"]["value"]
        rate = book.view("TaxRate", rate_id) or {}
        rates.append(Rate(rate_id, decimal_of(rate.get("RateValue"))))
    return rates


def tax_on(base: Decimal, rates: list[Rate]) -> list[Decimal]:
    """Return the tax of each rate on the sum of the taxable lines."""
    return [cents(base * rate.percent / 100) for rate in rates]


def prorated(total: Decimal, rates: list[Rate]) -> list[Decimal]:
    """Share a given total among the rates by their weight; the last takes the rest."""
    weight = sum((rate.percent for rate in rates), ZERO)
    shares = [
        cents(total * rate.percent / weight) if weight else ZERO for rate in rates
    ]
    if shares:
        shares[-1] += total - sum(shares, ZERO)
    return shares


def tax_lines(
    base: Decimal, rates: list[Rate], amounts: list[Decimal]
) -> list[Document]:
    """Return ``TxnTaxDetail.TaxLine`` as QuickBooks writes it."""
    return [
        {
            "Amount": amount,
            "DetailType": "TaxLineDetail",
            "TaxLineDetail": {
                "TaxRateRef": {"value": rate.id},
                "PercentBased": True,
                "TaxPercent": rate.percent,
                "NetAmountTaxable": base,
            },
        }
        for rate, amount in zip(rates, amounts, strict=True)
    ]
