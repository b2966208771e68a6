"""``POST batch``: up to 30 independent items, each with its own fault or answer."""

from __future__ import annotations

from typing import Any

from qbo_emulator import errors, operations
from qbo_emulator.api import replays
from qbo_emulator.api.answers import fault_body, gateway_body
from qbo_emulator.api.call import Call
from qbo_emulator.api.naming import operation_of
from qbo_emulator.book import Book
from qbo_emulator.entities.entity import Entity, Operation
from qbo_emulator.jsontext import Document, dumps
from qbo_emulator.present import present
from qbo_emulator.query.run import run
from qbo_emulator.store import savepoint

__all__ = ["MAX_ITEMS", "MAX_OBJECTS", "batch"]

MAX_ITEMS = 30
#: Documents that all queries of one batch bring together (ABO batch.md).
MAX_OBJECTS = 1000
#: A bId longer than this goes with no requestid (BASIC, BLOG-REQID).
MAX_B_ID = 10
#: Members of an item that are not its document.
_OWN_MEMBERS = frozenset({"bId", "operation", "optionsData", "Query"})


def batch(book: Book, call: Call) -> Document:
    """Return ``{"BatchItemResponse": [...]}``. Raises 1040 for a batch that is too
    large, 2010 for one that is no list of objects, 2130 for a bId that is too long."""
    items = call.document().get("BatchItemRequest")
    if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
        raise errors.UNSUPPORTED_PROPERTY.fault(
            "Property Name:failed to parse json object; a property specified is"
            " unsupported or invalid",
            "BatchItemRequest",
        )
    if len(items) > MAX_ITEMS:
        raise errors.BATCH_TOO_LARGE.fault(
            f"Batch size exceeded the limit : The maximum is {MAX_ITEMS}, supplied"
            f" {len(items)}."
        )
    if call.request_id:
        for item in items:
            replays.check_b_id(str(item.get("bId", "")), MAX_B_ID)
    work = _Batch(book, call)
    return {"BatchItemResponse": [work.answer(item) for item in items]}


class _Batch:
    """The items of one call: they share its requestid and the number of documents that
    queries may bring."""

    def __init__(self, book: Book, call: Call) -> None:
        self._book = book
        self._call = call
        self._objects = 0

    def answer(self, item: Document) -> Document:
        """Do one item; a repeat of requestid and bId gives the first answer again."""
        b_id = str(item.get("bId", ""))
        blow = self._book.weather.item(*_subject_words(self._book, item))
        if blow is not None and not blow.committed:
            return self._refused(b_id, blow.refusal)
        answer = self._done(b_id, item)
        return answer if blow is None else self._refused(b_id, blow.refusal)

    def _done(self, b_id: str, item: Document) -> Document:
        book, request_id = self._book, self._call.request_id
        key = None
        # both must match (BASIC): an item without a bId is a new request each time
        if request_id and b_id:
            key = replays.Key(f"{request_id}/{b_id}", dumps(item).encode())
        try:
            known = key and replays.recall(book, key)
            if known:
                return known
            with savepoint(book.connection):
                answer = {"bId": b_id, **self._execute(item)}
        except errors.Fault as fault:
            book.forget_all()
            answer = {"bId": b_id, **fault_body(fault)}
            if not book.switch("replay_faults"):
                return answer
        if key:
            replays.remember(book, key, answer)
        return answer

    def _execute(self, item: Document) -> Document:
        book = self._book
        if "Query" in item:
            return {"QueryResponse": self._queried(str(item["Query"]))}
        entity, sent = _subject(book, item)
        options = _options(item)
        operation = operation_of(
            entity, str(item.get("operation", "")), options, changes=None
        )
        doc = operations.perform(book, entity, operation, sent, options)
        return {entity.name: present(book, entity, doc)}

    def _queried(self, statement: str) -> Document:
        found = run(self._book, statement)
        self._objects += found.get("maxResults", 0)
        if self._objects > MAX_OBJECTS:
            raise errors.RESULT_TOO_BIG.fault(
                f"The queries of a batch bring at most {MAX_OBJECTS} objects."
            )
        return found

    def _refused(self, b_id: str, refusal: Exception) -> Document:
        if isinstance(refusal, errors.Fault):
            return {"bId": b_id, **fault_body(refusal)}
        if isinstance(refusal, errors.GatewayFault):
            body = gateway_body(refusal, self._book.now())
            return {"bId": b_id, "Fault": body["fault"]}
        raise refusal


def _options(item: Document) -> frozenset[str]:
    words = str(item.get("optionsData", "")).lower().split(",")
    return frozenset(word.strip() for word in words)


def _subject_words(book: Book, item: Document) -> tuple[str, str]:
    """Return entity and operation of an item in lower case, as faults match them."""
    if "Query" in item:
        return "query", "query"
    entity = next((name.lower() for name in item if name in book.entities), "")
    operation = str(item.get("operation", "")).lower()
    if operation == Operation.UPDATE.value and "void" in _options(item):
        operation = Operation.VOID.value
    return entity, operation


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
