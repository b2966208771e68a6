"""Closed books: nothing up to BookCloseDate may change."""

from __future__ import annotations

from qbo_emulator import errors
from qbo_emulator.book import Book
from qbo_emulator.change import Change

__all__ = ["books_open", "refuse_closed"]


def books_open(change: Change) -> None:
    """6210 for a transaction dated, before or after the change, in the closed period.

    6200 instead where the company's switch ``closing_password`` says that it closed its
    books with a password.
    """
    refuse_closed(
        change.book, change.doc.get("TxnDate"), (change.before or {}).get("TxnDate")
    )


def refuse_closed(book: Book, *dates: str | None) -> None:
    """Raise 6210 or 6200 when one of the dates is in the closed period."""
    closed_until = book.preference("AccountingInfoPrefs", "BookCloseDate")
    if not closed_until:
        return
    if any(day is not None and day <= closed_until for day in dates):
        if book.switch("closing_password", False):
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
