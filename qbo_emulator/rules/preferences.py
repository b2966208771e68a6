"""Preferences that exclude each other, or that cannot be taken back."""

from __future__ import annotations

from qbo_emulator import errors
from qbo_emulator.change import Change
from qbo_emulator.jsontext import Document

__all__ = ["currency_stays", "one_class_tracking"]


def one_class_tracking(change: Change) -> None:
    """Classes are tracked per transaction or per line, never both (reference 6.2)."""
    group = change.doc.get("AccountingInfoPrefs", {})
    if group.get("ClassTrackingPerTxn") and group.get("ClassTrackingPerTxnLine"):
        raise errors.BUSINESS.fault(
            "Business Validation Error: Classes can be tracked per transaction or per"
            " line, not"
            " both.",
            "ClassTrackingPerTxn",
        )


def currency_stays(change: Change) -> None:
    """The home currency is fixed; many currencies cannot be switched off again
    (MCUR)."""
    before: Document = (change.before or {}).get("CurrencyPrefs", {})
    after: Document = change.doc.setdefault("CurrencyPrefs", before)
    if before.get("MultiCurrencyEnabled") and not after.get("MultiCurrencyEnabled"):
        raise errors.BUSINESS.fault(
            "Business Validation Error: Multicurrency cannot be turned off.",
            "CurrencyPrefs",
        )
    if before:
        after["HomeCurrency"] = before["HomeCurrency"]
