"""Invoices and credit memos: customer, dates, totals, balance, void and delete."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from qbo_emulator import errors
from qbo_emulator.change import Change
from qbo_emulator.jsontext import Document
from qbo_emulator.money import ZERO, decimal_of
from qbo_emulator.rules.currencies import home_amounts
from qbo_emulator.rules.lines import sales_items, subtotal

__all__ = [
    "customer_defaults",
    "due_date",
    "email_status",
    "remaining_credit",
    "totals",
    "txn_date",
    "void",
    "voided_note",
]

#: What a void empties of a sales line.
_EMPTIED = frozenset({"Qty", "UnitPrice", "TaxInclusiveAmt"})
_VOIDED = "Voided"


def txn_date(change: Change) -> None:
    """TxnDate is the server's today where none is given."""
    change.doc.setdefault("TxnDate", change.book.today().isoformat())


def customer_defaults(change: Change) -> None:
    """The customer must be there; addresses are copied from it where omitted."""
    if not change.doc.get("CustomerRef", {}).get("value"):
        raise errors.REQUIRED.fault(
            "Required parameter CustomerRef is missing in the request", "CustomerRef"
        )
    if change.is_new:
        for name in ("BillAddr", "ShipAddr"):
            if name in change.customer:
                change.doc.setdefault(name, dict(change.customer[name]))
    for name in ("BillAddr", "ShipAddr", "ShipFromAddr"):
        if name in change.doc and "Id" not in change.doc[name]:
            change.doc[name] = {
                "Id": str(change.book.next_value("address")),
                **change.doc[name],
            }


def due_date(change: Change) -> None:
    """DueDate follows from the terms where it is not given.

    A form without terms is due by the company's DefaultTerms, and shows none: so does
    Intuit's answer to its minimal sample (PET invoice.md).
    """
    doc = change.doc
    if doc.get("DueDate"):
        return
    start = date.fromisoformat(doc["TxnDate"])
    default = change.book.preference("SalesFormsPrefs", "DefaultTerms", {})
    term_id = (doc.get("SalesTermRef") or default).get("value")
    term = change.book.view("Term", term_id) if term_id else None
    try:
        doc["DueDate"] = _due(start, term).isoformat()
    except (OverflowError, ValueError):
        raise errors.INVALID_DATE.fault(
            f"Invalid Date : the terms lead from {start} beyond the calendar.",
            "TxnDate",
        ) from None


def _due(start: date, term: Document | None) -> date:
    if term is None:
        return start
    if term.get("Type") != "DATE_DRIVEN":
        return start + timedelta(days=int(term.get("DueDays", 0)))
    year, month = start.year, start.month
    if start.day > int(term["DayOfMonthDue"]) - int(term.get("DueNextMonthDays", 0)):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(int(term["DayOfMonthDue"]), last))


def email_status(change: Change) -> None:
    """A form that is to be sent needs an address (6420)."""
    doc = change.doc
    doc.setdefault("EmailStatus", "NotSet")
    doc.setdefault("PrintStatus", "NeedToPrint")
    if doc["EmailStatus"] == "NeedToSend" and not doc.get("BillEmail", {}).get(
        "Address"
    ):
        raise errors.EMAIL_REQUIRED.fault(
            "Email address required : BillEmail is required when EmailStatus is"
            " NeedToSend.",
            "BillEmail",
        )


def totals(change: Change) -> None:
    """TotalAmt from the lines and the tax; it never falls below zero."""
    doc = change.doc
    total = subtotal(doc) + decimal_of(doc.get("TxnTaxDetail", {}).get("TotalTax"))
    if total < ZERO:
        raise errors.BUSINESS.fault(
            "Business Validation Error: Transaction amount must be 0 or greater.",
            "TotalAmt",
        )
    doc["TotalAmt"] = total


def void(change: Change) -> None:
    """Amounts and quantities become 0 and the note says so; the document stays."""
    doc = change.doc
    for line in doc["Line"]:
        line["Amount"] = ZERO
    for line, detail in sales_items(doc["Line"]):
        line["Amount"] = ZERO
        detail.update(dict.fromkeys(_EMPTIED.intersection(detail), ZERO))
    if "TxnTaxDetail" in doc:
        doc["TxnTaxDetail"] = {"TotalTax": ZERO}
    doc["PrivateNote"] = voided_note(doc)
    doc.update(TotalAmt=ZERO, Balance=ZERO, LinkedTxn=[])
    home_amounts(doc)


def voided_note(doc: Document) -> str:
    """Return the note with "Voided" in front; once, however often it is voided."""
    note = str(doc.get("PrivateNote") or "")
    if note == _VOIDED or note.startswith(f"{_VOIDED} - "):
        return note
    return f"{_VOIDED} - {note}" if note else _VOIDED


def remaining_credit(change: Change) -> None:
    """A credit memo's balance is the credit that is left."""
    change.doc["RemainingCredit"] = change.doc["Balance"]
