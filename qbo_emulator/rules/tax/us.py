"""US sales tax: automated (AST) and manual (reference 7.1)."""

from __future__ import annotations

from decimal import Decimal

from qbo_emulator import errors
from qbo_emulator.change import Change
from qbo_emulator.jsontext import Document
from qbo_emulator.money import ZERO, cents, decimal_of
from qbo_emulator.rules.lines import sales_items
from qbo_emulator.rules.tax.bases import discount_share
from qbo_emulator.rules.tax.rates import Rate, prorated, rates_of, tax_lines, tax_on
from qbo_emulator.rules.validate import check_reference

__all__ = ["automated", "is_overridden", "line_codes", "manual"]

_TAXED, _UNTAXED = "TAX", "NON"
_OVERRIDDEN = "AST_TAX_OVERRIDE"


def automated(change: Change) -> None:
    """AST: QuickBooks' own code and rates; an explicit TotalTax is honoured.

    A TxnTaxCodeRef alone is replaced. TotalTax is prorated over the place's rates; it
    needs a taxed line (BLOG-AST17; Intuit staff in PHP#199), and is marked
    AST_TAX_OVERRIDE. It is not honoured with UseAutomatedSalesTax (XSD TxnTaxDetail),
    nor in a company whose switch ``tax_override`` is off. It stands where the company
    has no code of its own, then without a TaxLine.
    """
    line_codes(change, taxed_by_default=True)
    book = change.book
    code_id = str(book.preference("TaxPrefs", "TaxGroupCodeRef", {}).get("value", ""))
    rates = rates_of(book, code_id)
    base = _taxable(change)
    given = _override(change)
    if given is not None and _has_taxed_line(change):
        _write(change, code_id, base, rates, prorated(given, rates))
        change.doc["TxnTaxDetail"]["TotalTax"] = given
        change.doc["TxnTaxDetail"]["TaxReviewStatus"] = _OVERRIDDEN
        return
    if not _in_home_state(change):
        rates = []  # no nexus there: the place's rate is zero
    _write(change, code_id, base, rates, tax_on(base, rates))


def manual(change: Change) -> None:
    """Without AST: the transaction's own TxnTaxCodeRef.

    A sparse update that does not speak of tax keeps the code and computes it anew. A
    given TotalTax stands (XSD TxnTaxDetail, SCRAPE).
    """
    line_codes(change, taxed_by_default=False)
    detail = change.doc.get("TxnTaxDetail") or {}
    code_id = str(detail.get("TxnTaxCodeRef", {}).get("value", ""))
    if not code_id:
        change.doc["TxnTaxDetail"] = {"TotalTax": _without_code(change)}
        return
    check_reference(change.book, "TaxCode", code_id, "TxnTaxCodeRef")
    rates = rates_of(change.book, code_id)
    base = _taxable(change)
    given = (change.sent.get("TxnTaxDetail") or {}).get("TotalTax")
    shares = tax_on(base, rates) if given is None else prorated(cents(given), rates)
    _write(change, code_id, base, rates, shares)


def _without_code(change: Change) -> Decimal:
    """Return the tax of a form that names a TotalTax and no code (not documented).

    By the switch ``tax_without_code`` it is dropped, kept, or refused.
    """
    given = cents((change.sent.get("TxnTaxDetail") or {}).get("TotalTax") or ZERO)
    how = change.book.switch("tax_without_code")
    if not given or how == "drop":
        return ZERO
    if how == "refuse":
        raise errors.BUSINESS.fault(
            "Business Validation Error: Sales tax needs a TxnTaxCodeRef.",
            "TxnTaxCodeRef",
        )
    return given


def _override(change: Change) -> Decimal | None:
    """Return the tax that the client wants in place of AST's, if it may."""
    sent = change.sent.get("TxnTaxDetail") or {}
    may = change.book.switch("tax_override", True)
    if sent.get("TotalTax") is None or sent.get("UseAutomatedSalesTax") or not may:
        return None
    return cents(sent["TotalTax"])


def is_overridden(change: Change) -> bool:
    """True where the client's own tax stood before."""
    detail = (change.before or {}).get("TxnTaxDetail") or {}
    return bool(detail.get("TaxReviewStatus") == _OVERRIDDEN)


def line_codes(change: Change, *, taxed_by_default: bool) -> None:
    """Each sales line gets TAX or NON; anything else is 6100.

    A missing code means TAX since April 2018, then item and customer decide (BLOG-
    AST18).
    """
    for _line, detail in sales_items(change.doc["Line"]):
        code = detail.get("TaxCodeRef", {}).get("value")
        if code is None:
            taxed = taxed_by_default and _item_taxable(change, detail)
            detail["TaxCodeRef"] = {"value": _TAXED if taxed else _UNTAXED}
        elif code not in (_TAXED, _UNTAXED):
            raise errors.LINE_TAX_CODE.fault(
                "Invalid line-level tax code : US companies take TAX or NON as"
                " TaxCodeRef of a"
                f" line. Supplied value:{code}",
                "TaxCodeRef",
            )


def _item_taxable(change: Change, detail: Document) -> bool:
    item = change.book.view("Item", detail["ItemRef"]["value"])
    return bool((item or {}).get("Taxable", True))


def _has_taxed_line(change: Change) -> bool:
    return any(
        detail["TaxCodeRef"]["value"] == _TAXED
        for _line, detail in sales_items(change.doc["Line"])
    )


def _taxable(change: Change) -> Decimal:
    """Return the sum that is taxed; nothing for an exempt customer."""
    if change.customer.get("Taxable") is False:
        return ZERO
    base = sum(
        (
            decimal_of(line.get("Amount"))
            for line, detail in sales_items(change.doc["Line"])
            if detail["TaxCodeRef"]["value"] == _TAXED
        ),
        ZERO,
    )
    return base - cents(base * discount_share(change.doc))


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
    code = {"TxnTaxCodeRef": {"value": code_id}} if code_id else {}
    change.doc["TxnTaxDetail"] = {
        **code,
        "TotalTax": sum(amounts, ZERO),
        "TaxLine": tax_lines(base, rates, amounts),
    }
