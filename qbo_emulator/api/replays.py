"""``requestid``: the same id gives the same answer, without executing again.

Unique in a realm; for a batch the id and each bId together (reference 4). How long ids
are remembered is not documented: here for ever, unless a fault makes the emulator
forget. Refusals are not remembered unless the switch ``replay_faults`` is on.
"""

from __future__ import annotations

from qbo_emulator import errors
from qbo_emulator.book import Book
from qbo_emulator.clock import microseconds
from qbo_emulator.jsontext import Document, dumps, loads

__all__ = ["MAX_LENGTH", "MAX_LENGTH_BATCH", "check_length", "recall", "remember"]

MAX_LENGTH = 50
MAX_LENGTH_BATCH = 36


def check_length(request_id: str, *, batch: bool) -> None:
    """Raise 2130 for an id that is too long."""
    if len(request_id) > (MAX_LENGTH_BATCH if batch else MAX_LENGTH):
        raise errors.INVALID_REQUEST_ID.fault(
            f"Invalid Request Id : {request_id} is longer than allowed.", "requestid"
        )


def recall(book: Book, key: str) -> Document | None:
    """Return the answer that was given to this key, or None."""
    row = book.connection.execute(
        "SELECT body FROM replays WHERE realm_id = ? AND request_id = ?",
        (book.realm_id, key),
    ).fetchone()
    return None if row is None else loads(row["body"])


def remember(book: Book, key: str, answer: Document) -> None:
    """Keep the answer in the transaction that executed the call."""
    book.connection.execute(
        "INSERT INTO replays (realm_id, request_id, at, status, body) VALUES (?, ?, ?,"
        " 200, ?)",
        (book.realm_id, key, microseconds(book.now()), dumps(answer)),
    )
