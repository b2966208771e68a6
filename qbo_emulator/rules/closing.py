"""Closed books: nothing up to BookCloseDate may change."""

from __future__ import annotations

from qbo_emulator import errors
from qbo_emulator.change import Change

__all__ = ["books_open"]


def books_open(change: Change) -> None:
    """6210 for a transaction dated, before or after the change, in the closed period.

    6200 instead where the company's switch ``closing_password`` says that it closed its
    books with a password.
    """
    closed_until = change.book.preference("AccountingInfoPrefs", "BookCloseDate")
    if not closed_until:
        return
    dates = [change.doc.get("TxnDate"), (change.before or {}).get("TxnDate")]
    if any(day is not None and day <= closed_until for day in dates):
        if change.book.switch("closing_password", False):
            raise errors.BOOKS_CLOSED_PASSWORD.fault(
                "Account Period Closed, Password Needed : The account period has"
                " closed. Enter"
                " the closing date password to make changes.",
                "TxnDate",
            )
        raise errors.BOOKS_CLOSED.fault(
            "Account Period Closed, Cannot Update Through Services API : The account"
            " period has"
            " closed and the account books cannot be updated by through the QBO"
            " Services API."
            " Please use the QBO website to make these changes.",
            "TxnDate",
        )
