"""``requestid``: the same id gives the same answer, without executing again.

Unique in a realm; for a batch the id and each bId together (reference 4). What Intuit
leaves open is a switch: how long an id is remembered (``requestid_memory_s``: for
ever), whether refusals are (``replay_faults``: no), and what a known id with another
body does (``requestid_other_body``: the first answer again, so that the new body is
lost without a word).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from qbo_emulator import errors
from qbo_emulator.book import Book
from qbo_emulator.clock import microseconds
from qbo_emulator.jsontext import Document, dumps, loads

__all__ = ["MAX_LENGTH", "Key", "check_b_id", "check_length", "recall", "remember"]

MAX_LENGTH = 50
MAX_LENGTH_BATCH = 36


@dataclass(frozen=True)
class Key:
    """What a call is known by, and the body that came with it."""

    text: str
    sent: bytes

    @property
    def digest(self) -> str:
        """A fingerprint of what was sent."""
        return hashlib.sha256(self.sent).hexdigest()


def check_length(request_id: str, *, batch: bool) -> None:
    """Raise 2130 for an id that is too long."""
    if len(request_id) > (MAX_LENGTH_BATCH if batch else MAX_LENGTH):
        raise errors.INVALID_REQUEST_ID.fault(
            f"Invalid Request Id : {request_id} is longer than allowed.", "requestid"
        )


def check_b_id(b_id: str, longest: int) -> None:
    """Raise 2130 for a bId that is too long beside a requestid."""
    if len(b_id) > longest:
        raise errors.INVALID_REQUEST_ID.fault(
            f"Invalid Request Id : bId {b_id} is longer than {longest}.", "bId"
        )


def recall(book: Book, key: Key) -> Document | None:
    """Return the answer that was given to this key, or None.

    Raises 600 where the switch refuses a known id with another body.
    """
    row = book.connection.execute(
        "SELECT at, digest, body FROM replays WHERE realm_id = ? AND request_id = ?",
        (book.realm_id, key.text),
    ).fetchone()
    if row is None or _is_forgotten(book, row["at"]):
        return None
    how = book.switch("requestid_other_body")
    if how != "replay" and row["digest"] != key.digest:
        if how == "execute":
            return None
        raise errors.DUPLICATE_REQUEST_ID.fault(
            "Duplicate Request ID : another request was made with it.", "requestid"
        )
    answer: Document = loads(row["body"])
    return answer


def _is_forgotten(book: Book, at: int) -> bool:
    seconds = book.switch("requestid_memory_s")
    return seconds is not None and microseconds(book.now()) - at >= seconds * 1_000_000


def remember(book: Book, key: Key, answer: Document) -> None:
    """Keep the answer in the transaction that executed the call."""
    book.connection.execute(
        "INSERT OR REPLACE INTO replays (realm_id, request_id, at, digest, body)"
        " VALUES (?, ?, ?, ?, ?)",
        (
            book.realm_id,
            key.text,
            microseconds(book.now()),
            key.digest,
            dumps(answer),
        ),
    )
