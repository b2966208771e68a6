"""US sales tax: automated (AST) and manual (reference 7.1)."""

from __future__ import annotations

from decimal import Decimal

from qbo_emulator import errors
from qbo_emulator.change import Change
from qbo_emulator.jsontext import Document
from qbo_emulator.money import ZERO, cents, decimal_of
from qbo_emulator.rules.lines import amount_of
from qbo_emulator.rules.tax.rates import Rate, prorated, rates_of, tax_lines, tax_on

__all__ = ["automated", "line_codes", "manual"]

_TAXED, _UNTAXED = "TAX", "NON"


def automated(change: Change) -> None:
    """AST: QuickBooks' own code and rates; an explicit TotalTax is honoured.

    A TxnTaxCodeRef alone is replaced. TotalTax is prorated over the place's rates; it
    needs a taxed line (BLOG-AST17; Intuit staff in PHP#199).
    """
    line_codes(change, taxed_by_default=True)
    book = change.book
    code_id = str(book.preference("TaxPrefs", "TaxGroupCodeRef", {}).get("value", ""))
    rates = rates_of(book, code_id)
    base = _taxable(change)
    given = (change.sent.get("TxnTaxDetail") or {}).get("TotalTax")
    if given is not None and _has_taxed_line(change):
        _write(change, code_id, base, rates, prorated(cents(given), rates))
        return
    if not _in_home_state(change):
        rates = []  # no nexus there: the place's rate is zero
    _write(change, code_id, base, rates, tax_on(base, rates))


def manual(change: Change) -> None:
    """Without AST: the transaction's own TxnTaxCodeRef; without one there is no tax."""
    line_codes(change, taxed_by_default=False)
    sent = change.sent.get("TxnTaxDetail") or {}
    code_id = str(sent.get("TxnTaxCodeRef", {}).get("value", ""))
    if not code_id:
        change.doc["TxnTaxDetail"] = {"TotalTax": ZERO}
        return
    rates = rates_of(change.book, code_id)
    base = _taxable(change)
    given = sent.get("TotalTax")
    shares = tax_on(base, rates) if given is None else prorated(cents(given), rates)
    _write(change, code_id, base, rates, shares)


def line_codes(change: Change, *, taxed_by_default: bool) -> None:
    """Each sales line gets TAX or NON; anything else is 6100.

    A missing code means TAX since April 2018, then item and customer decide (BLOG-
    AST18).
    """
    for line in _sales_details(change.doc["Line"]):
        code = line.get("TaxCodeRef", {}).get("value")
        if code is None:
            taxed = taxed_by_default and _item_taxable(change, line)
            line["TaxCodeRef"] = {"value": _TAXED if taxed else _UNTAXED}
        elif code not in (_TAXED, _UNTAXED):
            raise errors.LINE_TAX_CODE.fault(
                "Invalid line-level tax code : US companies take TAX or NON as"
                " TaxCodeRef of a"
                f" line. Supplied value:{code}",
                "TaxCodeRef",
            )


def _sales_details(lines: list[Document]) -> list[Document]:
    details: list[Document] = []
    for line in lines:
        if line["DetailType"] == "SalesItemLineDetail":
            details.append(line["SalesItemLineDetail"])
        elif line["DetailType"] == "GroupLineDetail":
            details += _sales_details(line["GroupLineDetail"].get("Line", []))
    return details


def _item_taxable(change: Change, detail: Document) -> bool:
    item = change.book.find("Item", detail["ItemRef"]["value"])
    return bool((item or {}).get("Taxable", True))


def _has_taxed_line(change: Change) -> bool:
    return any(
        detail["TaxCodeRef"]["value"] == _TAXED
        for detail in _sales_details(change.doc["Line"])
    )


def _taxable(change: Change) -> Decimal:
    """Return the sum that is taxed; nothing for an exempt customer."""
    customer = change.book.find("Customer", change.doc["CustomerRef"]["value"]) or {}
    if customer.get("Taxable") is False:
        return ZERO
    lines = change.doc["Line"]
    base = _taxed_sum(lines)
    if change.doc.get("ApplyTaxAfterDiscount"):
        base -= _discount_on(lines, base)
    return base


def _taxed_sum(lines: list[Document]) -> Decimal:
    total = ZERO
    for line in lines:
        if line["DetailType"] == "GroupLineDetail":
            total += _taxed_sum(line["GroupLineDetail"].get("Line", []))
        elif line["DetailType"] == "SalesItemLineDetail":
            if line["SalesItemLineDetail"]["TaxCodeRef"]["value"] == _TAXED:
                total += decimal_of(line.get("Amount"))
    return total


def _discount_on(lines: list[Document], base: Decimal) -> Decimal:
    """Return the part of the discounts that falls on the taxed lines."""
    discount = sum(
        (
            amount_of(line)
            for line in lines
            if line["DetailType"] == "DiscountLineDetail"
        ),
        ZERO,
    )
    net = sum(
        (
            amount_of(line)
            for line in lines
            if line["DetailType"] in ("SalesItemLineDetail", "GroupLineDetail")
        ),
        ZERO,
    )
    return cents(discount * base / net) if net else ZERO


def _in_home_state(change: Change) -> bool:
    """Tax follows ShipAddr, else the customer's and company's address."""
    home = change.book.company.get("CompanyAddr", {}).get("CountrySubDivisionCode")
    address = change.doc.get("ShipAddr") or change.doc.get("BillAddr") or {}
    return bool(address.get("CountrySubDivisionCode", home) == home)


def _write(
    change: Change,
    code_id: str,
    base: Decimal,
    rates: list[Rate],
    amounts: list[Decimal],
) -> None:
    change.doc["TxnTaxDetail"] = {
        "TxnTaxCodeRef": {"value": code_id},
        "TotalTax": sum(amounts, ZERO),
        "TaxLine": tax_lines(base, rates, amounts),
    }
