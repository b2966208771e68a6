"""Sales tax: which model holds for a company, and its one entry, :func:`sales_tax`."""

from __future__ import annotations

from qbo_emulator import errors
from qbo_emulator.change import Change
from qbo_emulator.money import decimal_of
from qbo_emulator.rules.tax import us, world

__all__ = ["sales_tax"]

#: Lines of an invoice that is taxed (PET invoice.md).
MAX_TAXED_LINES = 750
#: What a tax depends on: an update that touches none of it keeps the tax as it is.
_INPUTS = frozenset(
    {
        "Line",
        "TxnTaxDetail",
        "CustomerRef",
        "ShipAddr",
        "ApplyTaxAfterDiscount",
        "TxnDate",
        "GlobalTaxCalculation",
    }
)


def sales_tax(change: Change) -> None:
    """Compute ``TxnTaxDetail`` by the company's model (reference 7)."""
    book = change.book
    touched = _INPUTS.intersection(change.sent)
    if not touched or (touched == {"TxnDate"} and _override_stays(change)):
        return
    if book.is_us:
        change.doc.pop("GlobalTaxCalculation", None)  # means nothing in the US (SCRAPE)
    if not book.preference("TaxPrefs", "UsingSalesTax", False):
        change.doc.pop("TxnTaxDetail", None)  # ignored and not stored, without an error
        if book.is_us:
            us.line_codes(change, taxed_by_default=False)
    elif not book.is_us:
        world.global_tax(change)
    elif book.preference("TaxPrefs", "PartnerTaxEnabled", False):
        us.automated(change)
    else:
        us.manual(change)
    _disturb(change)
    _check_lines(change)


def _override_stays(change: Change) -> bool:
    """An update of the date alone leaves the client's own tax, by a switch."""
    return us.is_overridden(change) and bool(change.book.switch("tax_override_stays"))


def _check_lines(change: Change) -> None:
    """A taxed invoice takes 750 lines, not 10 000 (PET invoice.md)."""
    doc = change.doc
    if change.entity.name != "Invoice" or len(doc["Line"]) <= MAX_TAXED_LINES:
        return
    taxed = decimal_of((doc.get("TxnTaxDetail") or {}).get("TotalTax")) != 0
    # the last line is the subtotal
    if taxed and len(doc["Line"]) - 1 > MAX_TAXED_LINES:
        raise errors.BUSINESS.fault(
            "Business Validation Error: A taxable invoice takes at most"
            f" {MAX_TAXED_LINES} lines.",
            "Line",
        )


def _disturb(change: Change) -> None:
    """Where there is a tax, add the switch ``tax_delta`` to it and its first rate."""
    delta = decimal_of(change.book.switch("tax_delta"))
    detail = change.doc.get("TxnTaxDetail") or {}
    if not delta or not decimal_of(detail.get("TotalTax")):
        return
    detail["TotalTax"] = decimal_of(detail["TotalTax"]) + delta
    for line in detail.get("TaxLine", [])[:1]:
        line["Amount"] = decimal_of(line["Amount"]) + delta
