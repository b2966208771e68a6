"""``GET cdc``: what changed since a moment, deletions included."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from qbo_emulator import errors
from qbo_emulator.api.call import Call
from qbo_emulator.book import Book
from qbo_emulator.clock import PACIFIC, microseconds, stamp
from qbo_emulator.entities.entity import Entity
from qbo_emulator.entities.registry import entity_of_path
from qbo_emulator.jsontext import Document, loads
from qbo_emulator.present import present

__all__ = ["LOOK_BACK_DAYS", "MAX_OBJECTS", "change_data_capture"]

LOOK_BACK_DAYS = 30
MAX_OBJECTS = 1000


def change_data_capture(book: Book, call: Call) -> Document:
    """Return ``{"CDCResponse": [...]}`` for ``entities`` and ``changedSince``."""
    since = microseconds(_since(book, call.args.get("changedSince", "")))
    responses = []
    for name in call.args.get("entities", "").split(","):
        entity = entity_of_path(name.strip())
        if entity is None or not entity.in_cdc:
            raise errors.UNSUPPORTED_OPERATION.fault(
                f"Operation cdc is not supported for {name.strip()}."
            )
        responses.append(_changes(book, entity, since))
    return {"CDCResponse": [{"QueryResponse": responses}]}


def _since(book: Book, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise errors.INVALID_DATE.fault(
            f"Invalid Date : {text}", "changedSince"
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=PACIFIC)
    if book.now() - moment > timedelta(days=LOOK_BACK_DAYS):
        raise errors.BUSINESS.fault(
            "Business Validation Error: changedSince is more than"
            f" {LOOK_BACK_DAYS} days ago.",
            "changedSince",
        )
    return moment


def _changes(book: Book, entity: Entity, since: int) -> Document:
    rows = book.connection.execute(
        "SELECT id, deleted, updated_at, body FROM documents WHERE realm_id = ? AND"
        " entity = ?"
        " AND updated_at >= ? ORDER BY updated_at, seq LIMIT ?",
        (book.realm_id, entity.name, since, MAX_OBJECTS),
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
