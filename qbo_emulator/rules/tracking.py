"""Classes and locations: only where the company tracks them (reference 6.5, SCRAPE).

What the real service does with one that is not tracked is not documented: here it is
refused, or dropped without a word where the switch ``refuse_untracked`` is off.
"""

from __future__ import annotations

from qbo_emulator import errors
from qbo_emulator.change import Change
from qbo_emulator.jsontext import Document
from qbo_emulator.rules.lines import sales_items

__all__ = ["tracked"]


def tracked(change: Change) -> None:
    """ClassRef of form and lines, and DepartmentRef, by the company's preferences."""
    _only_if(change, change.doc, "ClassRef", "ClassTrackingPerTxn")
    _only_if(change, change.doc, "DepartmentRef", "TrackDepartments")
    if "Line" in change.sent:
        for _line, detail in sales_items(change.doc["Line"]):
            _only_if(change, detail, "ClassRef", "ClassTrackingPerTxnLine")


def _only_if(change: Change, holder: Document, member: str, preference: str) -> None:
    if member not in holder or (holder is change.doc and not change.changed(member)):
        return
    if change.book.preference("AccountingInfoPrefs", preference, False):
        return
    if change.book.switch("refuse_untracked"):
        raise errors.FEATURE_UNSUPPORTED.fault(
            f"Feature Not Supported Error : {member} needs the preference"
            f" {preference}.",
            member,
        )
    del holder[member]
