"""DocNumber: whose numbering holds, and the warning about duplicates."""

from __future__ import annotations

from qbo_emulator import errors
from qbo_emulator.change import Change

__all__ = ["doc_number"]

FIRST_NUMBER = 1001
_ASK_FOR_ONE = "AUTO_GENERATE"


def doc_number(change: Change) -> None:
    """Number a sales form (reference 6.2, 6.5).

    CustomTxnNumbers off: QuickBooks numbers, whatever was sent. On: the client's number
    or none; AUTO_GENERATE or AutoDocNumber ask for the next one; a number that is taken
    is 6140 while the company warns about duplicates and
    ``include=allowduplicatedocnum`` is not given.
    """
    doc = change.doc
    wanted = doc.get("DocNumber")
    automatic = doc.pop("AutoDocNumber", False)
    if not change.book.preference("SalesFormsPrefs", "CustomTxnNumbers", False):
        before = change.before or {}
        doc["DocNumber"] = before.get("DocNumber") or _next_free(change)
        return
    if automatic or wanted == _ASK_FOR_ONE:
        doc["DocNumber"] = _next_free(change)
    elif wanted and change.changed("DocNumber"):
        _refuse_duplicate(change, wanted)


def _next_free(change: Change) -> str:
    while True:
        number = str(change.book.next_value("DocNumber", FIRST_NUMBER))
        if not change.book.find_by_number(change.entity.name, number):
            return number


def _refuse_duplicate(change: Change, number: str) -> None:
    book = change.book
    if "allowduplicatedocnum" in change.include:
        return
    if not book.switch("duplicate_number_warning", True):
        return
    for other_id in book.find_by_number(change.entity.name, number):
        if other_id != change.id:
            raise errors.DUPLICATE_NUMBER.fault(
                "Duplicate Document Number Error : You must specify a different"
                " number. This"
                f" number has already been used. DocNumber={number} is assigned to"
                f" TxnType={change.entity.name} with TxnId={other_id}"
            )
