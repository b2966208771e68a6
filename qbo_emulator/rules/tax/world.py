"""Sales tax outside the US: a tax code Id on each line (reference 7.2)."""

from __future__ import annotations

from decimal import Decimal

from qbo_emulator import errors
from qbo_emulator.book import Book
from qbo_emulator.change import Change
from qbo_emulator.jsontext import Document
from qbo_emulator.money import ZERO, cents, decimal_of
from qbo_emulator.rules.lines import sales_items, sum_up
from qbo_emulator.rules.tax.bases import discount_share
from qbo_emulator.rules.tax.rates import (
    Rate,
    prorated,
    rates_of,
    tax_lines,
    tax_on,
)

__all__ = ["global_tax"]

_HUNDRED = Decimal(100)


def global_tax(change: Change) -> None:
    """Compute tax as ``GlobalTaxCalculation`` says.

    The member is required outside the US (SCRAPE); with the company's switch
    ``tax_calculation_required`` off a missing one means TaxExcluded. What a client
    sends as ``TaxLine`` of a rate stands in place of the computed amount.
    """
    doc = change.doc
    if "GlobalTaxCalculation" not in doc:
        if change.book.switch("tax_calculation_required", True):
            raise errors.REQUIRED.fault(
                "Required parameter GlobalTaxCalculation is missing in the request",
                "GlobalTaxCalculation",
            )
        doc["GlobalTaxCalculation"] = "TaxExcluded"
    if doc["GlobalTaxCalculation"] == "NotApplicable":
        _no_tax(change)
        return
    sums = _sums_per_code(change)
    if doc["GlobalTaxCalculation"] == "TaxInclusive":
        doc["Line"] = sum_up(doc["Line"])
    shares = _per_rate(change, sums)
    lines = [
        line for rate, base, tax in shares for line in tax_lines(base, [rate], [tax])
    ]
    _override(change, lines)
    total = sum((line["Amount"] for line in lines), ZERO)
    doc["TxnTaxDetail"] = {"TotalTax": total, "TaxLine": lines}


def _no_tax(change: Change) -> None:
    """NotApplicable allows no tax: 6170 for a TxnTaxDetail, 6470 for a line's code."""
    if change.sent.get("TxnTaxDetail"):
        raise errors.TAX_MODE.fault(
            "Tax calculation mode conflict : TxnTaxDetail is not allowed where"
            " GlobalTaxCalculation is NotApplicable.",
            "TxnTaxDetail",
        )
    for _line, detail in sales_items(change.doc["Line"]):
        if "TaxCodeRef" in detail:
            raise errors.TAX_CODE_NOT_APPLICABLE.fault(
                "Tax code conflict : TaxCodeRef is not allowed where"
                " GlobalTaxCalculation is NotApplicable.",
                "TaxCodeRef",
            )
    change.doc.pop("TxnTaxDetail", None)


class _Sum:
    """What falls under one tax code: net, and gross where prices include tax."""

    def __init__(self, rates: list[Rate]) -> None:
        self.rates = rates
        self.net = ZERO
        self.gross = ZERO

    @property
    def percent(self) -> Decimal:
        """All rates together."""
        return sum((rate.percent for rate in self.rates), Decimal(0))


def _sums_per_code(change: Change) -> dict[str, _Sum]:
    """Add up the lines; with TaxInclusive their Amount becomes net of tax first."""
    inclusive = change.doc["GlobalTaxCalculation"] == "TaxInclusive"
    sums: dict[str, _Sum] = {}
    for line, detail in sales_items(change.doc["Line"]):
        code = detail.get("TaxCodeRef", {}).get("value")
        _check_code(change.book, code)
        found = sums.get(code) or sums.setdefault(
            code, _Sum(rates_of(change.book, code))
        )
        if inclusive:
            _take_tax_out(line, detail, found.percent)
            found.gross += decimal_of(detail["TaxInclusiveAmt"])
        found.net += decimal_of(line.get("Amount"))
    return sums


def _check_code(book: Book, code: str | None) -> None:
    element = None if code is None else book.element("TaxCode", code)
    if element is None or not element.active:
        raise errors.BUSINESS.fault(
            "Business Validation Error: Make sure all your transactions have a"
            " GST/HST | VAT | sales tax rate before you save.",
            "TaxCodeRef",
        )


def _take_tax_out(line: Document, detail: Document, percent: Decimal) -> None:
    """TaxInclusiveAmt carries gross and rules; Amount is net (SCRAPE)."""
    if "TaxInclusiveAmt" not in detail:
        net = decimal_of(line.get("Amount"))
        detail["TaxInclusiveAmt"] = net + cents(net * percent / _HUNDRED)
    gross = cents(detail["TaxInclusiveAmt"])
    detail["TaxInclusiveAmt"] = gross
    line["Amount"] = cents(gross * _HUNDRED / (_HUNDRED + percent))


def _per_rate(
    change: Change, sums: dict[str, _Sum]
) -> list[tuple[Rate, Decimal, Decimal]]:
    """Return base and tax of each rate, over all codes that hold it.

    Tax is rounded on the sum (ruckus/quickbooks-ruby#547); with TaxInclusive it is what
    is left of the gross amounts, so that the total is theirs to the cent.
    """
    share = discount_share(change.doc)
    inclusive = change.doc["GlobalTaxCalculation"] == "TaxInclusive"
    bases: dict[Rate, Decimal] = {}
    taxes: dict[Rate, Decimal] = {}
    for each in sums.values():
        base = each.net - cents(each.net * share)
        left = each.gross - each.net
        amounts = prorated(left - cents(left * share), each.rates)
        for rate, amount in zip(each.rates, amounts, strict=True):
            bases[rate] = bases.get(rate, ZERO) + base
            taxes[rate] = taxes.get(rate, ZERO) + amount
    if not inclusive:
        taxes = {rate: tax_on(base, [rate])[0] for rate, base in bases.items()}
    return [(rate, base, taxes[rate]) for rate, base in bases.items()]


def _override(change: Change, lines: list[Document]) -> None:
    """A TaxLine that the client sends stands; OverrideDeltaAmount tells by how much it
    differs. A rate that no line of the form has is refused."""
    by_rate = {line["TaxLineDetail"]["TaxRateRef"]["value"]: line for line in lines}
    sent = change.sent.get("TxnTaxDetail") or {}
    for given in sent.get("TaxLine", []):
        rate = given.get("TaxLineDetail", {}).get("TaxRateRef", {}).get("value")
        if rate not in by_rate:
            raise errors.BUSINESS.fault(
                "Business Validation Error: TxnTaxDetail holds a tax rate that no line"
                f" of the transaction has: {rate}.",
                "TaxRateRef",
            )
        line = by_rate[rate]
        delta = cents(given.get("Amount", line["Amount"])) - line["Amount"]
        if delta:
            line["Amount"] += delta
            line["TaxLineDetail"]["OverrideDeltaAmount"] = delta
