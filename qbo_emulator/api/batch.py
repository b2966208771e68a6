"""``POST batch``: up to 30 independent items, each with its own fault or answer."""

from __future__ import annotations

from typing import Any

from qbo_emulator import errors, operations
from qbo_emulator.api import replays
from qbo_emulator.api.answers import fault_body
from qbo_emulator.api.call import Call
from qbo_emulator.book import Book
from qbo_emulator.entities.entity import Entity, Operation
from qbo_emulator.jsontext import Document
from qbo_emulator.present import present
from qbo_emulator.query.run import run
from qbo_emulator.store import savepoint

__all__ = ["MAX_ITEMS", "batch"]

MAX_ITEMS = 30
#: Members of an item that are not its document.
_OWN_MEMBERS = frozenset({"bId", "operation", "optionsData", "Query"})


def batch(book: Book, call: Call) -> Document:
    """Return ``{"BatchItemResponse": [...]}``. Raises 1040 for a batch that is too
    large."""
    items = call.document().get("BatchItemRequest", [])
    if len(items) > MAX_ITEMS:
        raise errors.BATCH_TOO_LARGE.fault(
            f"Batch size exceeded the limit : The maximum is {MAX_ITEMS}, supplied"
            f" {len(items)}."
        )
    return {"BatchItemResponse": [_answer(book, call, item) for item in items]}


def _answer(book: Book, call: Call, item: Document) -> Document:
    """Do one item; a repeat of requestid and bId gives the first answer again."""
    b_id = str(item.get("bId", ""))
    key = f"{call.request_id}/{b_id}" if call.request_id else ""
    if key:
        known = replays.recall(book, key)
        if known is not None:
            return known
    try:
        with savepoint(book.connection):
            answer = {"bId": b_id, **_execute(book, item)}
    except errors.Fault as fault:
        answer = {"bId": b_id, **fault_body(fault)}
        if not book.settings.replay_faults:
            return answer
    if key:
        replays.remember(book, key, answer)
    return answer


def _execute(book: Book, item: Document) -> Document:
    if "Query" in item:
        return {"QueryResponse": run(book, str(item["Query"]))}
    entity, sent = _subject(book, item)
    operation = _operation(item)
    options = frozenset(str(item.get("optionsData", "")).lower().split(","))
    doc = operations.perform(book, entity, operation, sent, options)
    return {entity.name: present(book, entity, doc)}


def _subject(book: Book, item: Document) -> tuple[Entity, Document]:
    for name, value in item.items():
        entity = book.entities.get(name)
        if entity is not None and isinstance(value, dict):
            return entity, value
    names: list[Any] = sorted(set(item) - _OWN_MEMBERS)
    raise errors.UNSUPPORTED_OPERATION.fault(
        f"Operation {', '.join(map(str, names)) or 'without an entity'} is not"
        f" supported."
    )


def _operation(item: Document) -> Operation:
    try:
        return Operation(str(item.get("operation", "")).lower())
    except ValueError:
        raise errors.UNSUPPORTED_OPERATION.fault(
            f"Operation {item.get('operation')} is not supported."
        ) from None
