"""Create, update, delete and void: the one way in which a document changes."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from qbo_emulator import errors
from qbo_emulator.book import Book
from qbo_emulator.change import Change
from qbo_emulator.entities.entity import Entity, EntityKind, Operation, Rule
from qbo_emulator.jsontext import Document
from qbo_emulator.rules.validate import clean

__all__ = ["create", "delete", "perform", "read", "update", "void"]

_NO_WORDS: frozenset[str] = frozenset()


def perform(
    book: Book,
    entity: Entity,
    operation: Operation,
    sent: Document,
    include: frozenset[str] = _NO_WORDS,
) -> Document:
    """Do what a client asks; 500 where the entity does not offer it."""
    if operation not in entity.operations:
        raise errors.UNSUPPORTED_OPERATION.fault(
            f"Operation {operation.value} is not supported for {entity.name}."
        )
    return _PERFORM[operation](book, entity, sent, include)


def create(
    book: Book, entity: Entity, sent: Document, include: frozenset[str] = _NO_WORDS
) -> Document:
    """Check, complete and save a new document. Raises ``Fault``."""
    checked = clean(book, entity.fields, sent)
    doc = {name: value for name, value in checked.items() if value is not None}
    _require(entity, doc)
    change = Change(book, entity, Operation.CREATE, doc, None, checked, include)
    _run(entity.rules, change)
    if book.seeding and "Id" in sent:
        doc["Id"] = str(sent["Id"])
    book.insert(entity, doc)
    _run(entity.after, change)
    return change.doc


def update(
    book: Book, entity: Entity, sent: Document, include: frozenset[str] = _NO_WORDS
) -> Document:
    """Change a document, sparse or in full. Raises ``Fault`` (610, 5010 among them)."""
    before = _current(book, entity, sent)
    checked = clean(book, entity.fields, sent)
    sparse = str(sent.get("sparse", "")).lower() == "true"
    doc = deepcopy(before) if sparse else _own_members(entity, before)
    for name, value in checked.items():
        if value is None:
            doc.pop(name, None)
        else:
            doc[name] = value
    _require(entity, doc)
    if not sparse:
        # what a full update leaves out is emptied, and rules must see that it changed
        checked = {
            **{name: None for name in before if name in entity.field_by_name},
            **checked,
        }
    change = Change(book, entity, Operation.UPDATE, doc, before, checked, include)
    _run(entity.rules, change)
    book.update(entity, doc)
    _run(entity.after, change)
    return change.doc


def delete(
    book: Book, entity: Entity, sent: Document, include: frozenset[str] = _NO_WORDS
) -> Document:
    """Delete a transaction; the answer is its Id and ``status``. Raises ``Fault``."""
    before = _current(book, entity, sent)
    change = Change(
        book, entity, Operation.DELETE, deepcopy(before), before, {}, include
    )
    _run(entity.on_delete, change)
    book.remove(entity, before)
    change.doc = {"status": "Deleted", "domain": "QBO", "Id": before["Id"]}
    _run(entity.after, change)
    return change.doc


def void(
    book: Book, entity: Entity, sent: Document, include: frozenset[str] = _NO_WORDS
) -> Document:
    """Void a transaction: it stays, with nothing in it. Raises ``Fault``."""
    before = _current(book, entity, sent)
    change = Change(book, entity, Operation.VOID, deepcopy(before), before, {}, include)
    _run(entity.on_void, change)
    book.update(entity, change.doc, "void")
    _run(entity.after, change)
    return change.doc


def read(book: Book, entity: Entity, id_: str) -> Document:
    """Return one document. Raises 610 where there is none, also after a delete."""
    doc = book.find(entity.name, id_)
    if doc is None:
        raise errors.NOT_FOUND.fault(
            "Object Not Found : Something you're trying to use has been made inactive."
            " Check"
            " the fields with accounts, customers, items, vendors or employees."
        )
    return doc


_PERFORM = {
    Operation.CREATE: create,
    Operation.UPDATE: update,
    Operation.DELETE: delete,
    Operation.VOID: void,
}


def _run(rules: tuple[Rule, ...], change: Change) -> None:
    for rule in rules:
        rule(change)


def _current(book: Book, entity: Entity, sent: Document) -> Document:
    """Return the document that the client means, if it has seen its latest state."""
    id_ = "1" if entity.kind is EntityKind.SINGLETON else str(sent.get("Id") or "")
    if not id_:
        raise errors.REQUIRED.fault(
            "Required parameter Id is missing in the request", "Id"
        )
    token = sent.get("SyncToken")
    if token is None or token == "":
        raise errors.REQUIRED.fault(
            "Required parameter SyncToken is missing in the request", "SyncToken"
        )
    before = read(book, entity, id_)
    if str(token) != before.get("SyncToken"):
        raise errors.STALE.fault(
            "Stale Object Error : You and root were working on this at the same time."
            " root"
            " finished before you did, so your work was not saved."
        )
    return before


def _own_members(entity: Entity, before: Document) -> Document:
    """Return what a full update cannot empty: QuickBooks' own members."""
    fields = entity.field_by_name

    def is_own(name: str) -> bool:
        return name not in fields or fields[name].read_only

    kept: dict[str, Any] = {
        name: value for name, value in before.items() if is_own(name)
    }
    return deepcopy(kept)


def _require(entity: Entity, doc: Document) -> None:
    for name in entity.required:
        if doc.get(name) in (None, [], {}):
            raise errors.REQUIRED.fault(
                f"Required parameter {name} is missing in the request", name
            )
