"""``POST <form>/<id>/send``: QuickBooks mails the form (SCRAPE); here to nobody."""

from __future__ import annotations

from qbo_emulator import errors, operations
from qbo_emulator.book import Book
from qbo_emulator.clock import stamp
from qbo_emulator.entities.entity import Entity
from qbo_emulator.jsontext import Document
from qbo_emulator.rules.validate import clean

__all__ = ["MAILS_A_DAY", "send"]

#: What a sandbox sends in a day (LIM).
MAILS_A_DAY = 40


def send(book: Book, entity: Entity, id_: str, send_to: str) -> Document:
    """Mark a form as mailed, to ``send_to`` or its own BillEmail.

    Raises 610, 2210 for an address that is none, 6420 without one, 6000 for the
    forty-first mail of a day.
    """
    doc = operations.read(book, entity, id_)
    if send_to:
        doc.update(clean(book, entity.fields, {"BillEmail": {"Address": send_to}}))
    if not doc.get("BillEmail", {}).get("Address"):
        raise errors.EMAIL_REQUIRED.fault(
            "Email address required : neither BillEmail nor sendTo is given.",
            "BillEmail",
        )
    if book.next_value(f"mails of {book.today()}") > MAILS_A_DAY:
        raise errors.BUSINESS.fault(
            f"Business Validation Error: A sandbox sends {MAILS_A_DAY} mails a day."
        )
    doc["EmailStatus"] = "EmailSent"
    doc["DeliveryInfo"] = {"DeliveryType": "Email", "DeliveryTime": stamp(book.now())}
    book.update(entity, doc, "emailed")
    return doc
