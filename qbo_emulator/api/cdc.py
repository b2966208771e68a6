"""``GET cdc``: what changed since a moment, deletions included."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from qbo_emulator import errors
from qbo_emulator.api.call import Call
from qbo_emulator.book import Book
from qbo_emulator.clock import microseconds, moment_of, stamp
from qbo_emulator.entities.entity import Entity
from qbo_emulator.entities.registry import entity_of_path
from qbo_emulator.jsontext import Document, loads
from qbo_emulator.present import present

__all__ = ["LOOK_BACK_DAYS", "MAX_OBJECTS", "change_data_capture"]

LOOK_BACK_DAYS = 30
MAX_OBJECTS = 1000


def change_data_capture(book: Book, call: Call) -> Document:
    """Return ``{"CDCResponse": [...]}`` for ``entities`` and ``changedSince``.

    At most 1000 objects in all, the oldest changes first: who gets so many must ask for
    a shorter time.
    """
    since = microseconds(_since(book, call.args.get("changedSince", "")))
    responses, left = [], MAX_OBJECTS
    for name in call.args.get("entities", "").split(","):
        entity = entity_of_path(name.strip())
        if entity is None or not entity.in_cdc:
            raise errors.UNSUPPORTED_OPERATION.fault(
                f"Operation cdc is not supported for {name.strip()}."
            )
        changes = _changes(book, entity, since, left)
        left -= changes.get("maxResults", 0)
        responses.append(changes)
    return {"CDCResponse": [{"QueryResponse": responses}]}


def _since(book: Book, text: str) -> datetime:
    try:
        moment = moment_of(text)
    except ValueError:
        raise errors.INVALID_DATE.fault(
            f"Invalid Date : {text}", "changedSince"
        ) from None
    if book.now() - moment > timedelta(days=LOOK_BACK_DAYS):
        raise errors.BUSINESS.fault(
            "Business Validation Error: changedSince is more than"
            f" {LOOK_BACK_DAYS} days ago.",
            "changedSince",
        )
    return moment


def _changes(book: Book, entity: Entity, since: int, most: int) -> Document:
    rows = book.connection.execute(
        "SELECT id, deleted, updated_at, body FROM documents WHERE realm_id = ? AND"
        " entity = ?"
        " AND updated_at >= ? ORDER BY updated_at, seq LIMIT ?",
        (book.realm_id, entity.name, since, most),
    ).fetchall()
    if not rows:
        return {}
    documents = []
    for row in rows:
        if row["deleted"]:
            moment = datetime.fromtimestamp(row["updated_at"] / 1_000_000, timezone.utc)
            documents.append(
                {
                    "domain": "QBO",
                    "status": "Deleted",
                    "Id": row["id"],
                    "MetaData": {"LastUpdatedTime": stamp(moment)},
                }
            )
        else:
            documents.append(present(book, entity, loads(row["body"])))
    return {
        entity.name: documents,
        "startPosition": 1,
        "maxResults": len(documents),
        "totalCount": len(documents),
    }
