"""Events: recorded with the change that they tell of, written as CloudEvents.

An event is kept in the transaction of its change: what was undone is not told, and what
was answered is told even after a ``kill -9``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import sqlite3
import uuid
from datetime import datetime, timedelta, timezone

from qbo_emulator.book import Book
from qbo_emulator.clock import microseconds
from qbo_emulator.jsontext import Document, dumps

__all__ = ["body", "record", "signature", "source_of"]

#: Entities that webhooks tell of (PET webhooks.md), of those that there are here.
WATCHED = frozenset(
    {
        "Account",
        "Class",
        "CreditMemo",
        "Customer",
        "Department",
        "Employee",
        "Invoice",
        "Item",
        "Payment",
        "PaymentMethod",
        "Preferences",
        "TaxAgency",
        "Term",
        "Vendor",
    }
)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def record(book: Book, entity: str, id_: str, operation: str) -> None:
    """Keep one event; ``operation`` is created, updated, deleted, void or emailed."""
    if entity not in WATCHED:
        return
    book.connection.execute(
        "INSERT INTO events (realm_id, entity, id, operation, event_id, at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            book.realm_id,
            entity,
            id_,
            operation,
            str(uuid.uuid4()),
            microseconds(book.now()),
        ),
    )


def source_of(client_id: str) -> str:
    """Return the ``source`` of an app's events: the same for all of them."""
    digest = hashlib.sha256(client_id.encode()).digest()
    return f"intuit.{base64.b64encode(digest).decode()}"


def body(rows: list[sqlite3.Row], source: str) -> bytes:
    """Return events as Intuit sends them: a JSON array of CloudEvents (BLOG-WH)."""
    return dumps([_cloud_event(row, source) for row in rows]).encode()


def signature(payload: bytes, verifier_token: str) -> str:
    """Return ``intuit-signature``: base64 of HMAC-SHA256 over the raw body."""
    digest = hmac.new(verifier_token.encode(), payload, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _cloud_event(row: sqlite3.Row, source: str) -> Document:
    moment = _EPOCH + timedelta(microseconds=row["at"])
    # Intuit's times have nanoseconds, which many parsers do not expect
    nanoseconds = f"{moment.microsecond:06d}{row['n'] % 1000:03d}"
    return {
        "specversion": "1.0",
        "id": row["event_id"],
        "source": source,
        "type": f"qbo.{row['entity'].lower()}.{row['operation']}.v1",
        "datacontenttype": "application/json",
        "time": f"{moment:%Y-%m-%dT%H:%M:%S}.{nanoseconds}Z",
        "intuitentityid": row["id"],
        "intuitaccountid": row["realm_id"],
        "data": {},
    }
