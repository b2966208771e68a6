"""How a document is shown: references get their names, members their order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qbo_emulator.book import Book
from qbo_emulator.currencies import CURRENCIES
from qbo_emulator.entities.entity import Entity
from qbo_emulator.entities.fields import Field, FieldKind
from qbo_emulator.jsontext import Document
from qbo_emulator.temporary_urls import temporary_url

__all__ = ["present"]

#: How much of a tax identifier is shown (ABO customer.md: XXXXXX56789).
_SHOWN_OF_MASKED = 5
#: Members that a list element without them does not show: the pseudo codes TAX and NON.
_SYSTEM = ("SyncToken", "MetaData")


def present(book: Book, entity: Entity, doc: Document) -> Document:
    """Return the document as a client reads it."""
    if doc.get("status") == "Deleted":
        return doc
    shown: Document = {}
    if entity.balances is not None:
        balances = book.balances(entity.name, doc["Id"])
        doc = {**doc, **dict(zip(entity.balances, balances, strict=True))}
    _members(book, entity.fields, doc, shown)
    if "FileAccessUri" in shown:
        shown["TempDownloadUri"] = temporary_url(book, doc["Id"])
    shown.update(domain="QBO", sparse=False)
    if entity.shows_id:
        shown["Id"] = doc["Id"]
    shown.update({name: doc[name] for name in _SYSTEM if name in doc})
    return shown


def _members(
    book: Book, fields: Iterable[Field], doc: Document, shown: Document
) -> None:
    for field in fields:
        if field.name in doc:
            shown[field.name] = _shown(book, field, doc[field.name])


def _shown(book: Book, field: Field, value: Any) -> Any:
    if field.masked:
        hidden = max(len(value) - _SHOWN_OF_MASKED, 0)
        return "X" * hidden + value[hidden:]
    if field.kind is FieldKind.REF:
        return _reference(book, field, value)
    if field.kind is not FieldKind.OBJECT:
        return value
    if field.is_list:
        return [_nested(book, field, each) for each in value]
    return _nested(book, field, value)


def _nested(book: Book, field: Field, value: Document) -> Document:
    shown: Document = {}
    _members(book, field.members, value, shown)
    return shown


def _reference(book: Book, field: Field, value: Document) -> Document:
    id_ = value["value"]
    if field.target == "CompanyCurrency":
        name = CURRENCIES[id_].name if id_ in CURRENCIES else ""
    elif field.target in ("TaxCode", "TaxRate"):
        name = ""  # as Intuit's own answers have it
    else:
        element = book.element(field.target, id_)
        name = element.display if element else ""
    return {"value": id_, "name": name} if name else {"value": id_}
