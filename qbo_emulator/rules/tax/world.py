"""Sales tax outside the US: a tax code Id on each line (reference 7.2)."""

from __future__ import annotations

from decimal import Decimal

from qbo_emulator import errors
from qbo_emulator.change import Change
from qbo_emulator.money import ZERO, decimal_of
from qbo_emulator.rules.tax.rates import rates_of, tax_lines, tax_on

__all__ = ["global_tax"]


def global_tax(change: Change) -> None:
    """TaxExcluded amounts: the lines' sums per code, each rate rounded on its sum."""
    sums: dict[str, Decimal] = {}
    for line in change.doc["Line"]:
        if line["DetailType"] != "SalesItemLineDetail":
            continue
        code = line["SalesItemLineDetail"].get("TaxCodeRef", {}).get("value")
        if code is None or change.book.element("TaxCode", code) is None:
            raise errors.BUSINESS.fault(
                "Business Validation Error: Make sure all your transactions have a"
                " GST/HST | VAT"
                " | sales tax rate before you save.",
                "TaxCodeRef",
            )
        sums[code] = sums.get(code, ZERO) + decimal_of(line.get("Amount"))
    lines, total = [], ZERO
    for code, base in sums.items():
        rates = rates_of(change.book, code)
        amounts = tax_on(base, rates)
        lines += tax_lines(base, rates, amounts)
        total += sum(amounts, ZERO)
    change.doc["TxnTaxDetail"] = {"TotalTax": total, "TaxLine": lines}
