"""Checks each member that a client sends against its declaration."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from qbo_emulator import errors
from qbo_emulator.book import Book
from qbo_emulator.entities.fields import Field, FieldKind
from qbo_emulator.jsontext import Document

__all__ = ["SYSTEM_MEMBERS", "check_reference", "clean"]

#: Members that every document shows and that QuickBooks alone writes.
SYSTEM_MEMBERS = frozenset(
    {"Id", "SyncToken", "MetaData", "domain", "sparse", "status"}
)

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(T.*|[+-]\d{2}:\d{2}|Z)?")
#: The largest amount that QuickBooks takes (SCRAPE Item.UnitPrice).
_LARGEST = Decimal(99_999_999_999)
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def clean(
    book: Book, fields: Iterable[Field], sent: Document, *, top: bool = True
) -> Document:
    """Return the checked members of ``sent``; None stands for one that was emptied.

    Read-only members are left out without a word (Intuit: basic field definitions).
    Raises :class:`~qbo_emulator.errors.Fault`: 2010 for a member that the entity does
    not have, 2040 to 2500 for values that its declaration refuses.
    """
    by_name = {field.name: field for field in fields}
    result: Document = {}
    for name, value in sent.items():
        field = by_name.get(name)
        if field is None:
            if top and name in SYSTEM_MEMBERS:
                continue
            raise errors.UNSUPPORTED_PROPERTY.fault(
                f"Property Name:{name} specified is unsupported or invalid", name
            )
        if not field.read_only:
            result[name] = _value(book, field, value)
    return result


def _value(book: Book, field: Field, value: Any) -> Any:
    if value is None or value == "":
        # the real service takes empty texts even for dates, amounts and flags
        return None
    if field.is_list:
        if isinstance(value, dict):
            value = [value]
        if not isinstance(value, list):
            raise _unreadable(field)
        return [_object(book, field, each) for each in value]
    return _CHECKS[field.kind](book, field, value)


def _unreadable(field: Field) -> errors.Fault:
    return errors.UNSUPPORTED_PROPERTY.fault(
        f"Property Name:failed to parse json object; a property specified is"
        f" unsupported"
        f" or invalid ({field.name})",
        field.name,
    )


def _text(book: Book, field: Field, value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise _unreadable(field)
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    if field.max_length is not None and len(text) > field.max_length:
        raise errors.STRING_LENGTH.fault(
            "String length specified does not match the supported length."
            f" Min:0 Max:{field.max_length} supported. Supplied length:{len(text)}",
            field.name,
        )
    if not text.isascii():
        _check_latin1(book, field, text)
    if any(character in text for character in field.forbidden):
        raise errors.INVALID_STRING.fault(
            f"Invalid String : {field.name} holds a character that is not allowed"
            f" there."
            " Please correct it and try again.",
            field.name,
        )
    return text


def _check_latin1(book: Book, field: Field, text: str) -> None:
    """US companies keep Latin-1 (BASIC); what happens beyond it is not documented, so
    the switch ``latin1_only`` refuses it with 2040."""
    if book.seeding or not book.is_us or not book.switch("latin1_only"):
        return
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        raise errors.INVALID_STRING.fault(
            f"Invalid String : {field.name} holds a character that is not allowed"
            " there. Please correct it and try again.",
            field.name,
        ) from None


def _email(book: Book, field: Field, value: Any) -> str:
    text = _text(book, field, value)
    local, at, domain = text.strip().rpartition("@")
    if not (local and at and "." in domain.strip(".")):
        raise errors.INVALID_EMAIL.fault(
            f"Invalid Email Address format : {field.name} must hold @ and a dot.",
            field.name,
        )
    return text


def _flag(book: Book, field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    truth = _TRUTH.get(str(value).lower())
    if truth is None:
        raise errors.INVALID_BOOLEAN.fault(
            f"Invalid Boolean : {field.name}", field.name
        )
    return truth


def _whole(book: Book, field: Field, value: Any) -> int:
    number = _decimal(field, value, errors.INVALID_NUMBER)
    if number != number.to_integral_value():
        raise errors.INVALID_NUMBER.fault(f"Invalid Number : {value}", field.name)
    return int(number)


def _amount(book: Book, field: Field, value: Any) -> Decimal:
    return _decimal(field, value, errors.INVALID_DECIMAL)


def _decimal(field: Field, value: Any, kind: errors.ErrorKind) -> Decimal:
    if isinstance(value, (dict, list, bool)):
        raise _unreadable(field)
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise kind.fault(f"{kind.message} : {value}", field.name) from None
    if not number.is_finite() or abs(number) > _LARGEST:
        raise kind.fault(f"{kind.message} : {value}", field.name)
    return number


def _day(book: Book, field: Field, value: Any) -> str:
    match = _DATE.fullmatch(str(value))
    try:
        if match is None:
            raise ValueError(value)
        return date.fromisoformat(match.group(1)).isoformat()
    except ValueError:
        raise errors.INVALID_DATE.fault(
            f"Invalid Date : {value}. Supported format YYYY-MM-DD.", field.name
        ) from None


def _choice(book: Book, field: Field, value: Any) -> str:
    for allowed in field.choices:
        if str(value).lower() == allowed.lower():
            return allowed
    raise errors.INVALID_ENUM.fault(
        f"Invalid Enumeration : {value} is none of {', '.join(field.choices)}",
        field.name,
    )


def _ref(book: Book, field: Field, value: Any) -> Document | None:
    if not isinstance(value, dict):
        raise _unreadable(field)
    for name in value:
        if name not in ("value", "name", "type"):
            raise errors.UNSUPPORTED_PROPERTY.fault(
                f"Property Name:{name} specified is unsupported or invalid", field.name
            )
    target_id = value.get("value")
    if target_id is None or target_id == "":
        return None
    if field.checked:
        check_reference(book, field.target, str(target_id), field.name)
    return {"value": str(target_id)}


def check_reference(book: Book, target: str, id_: str, element: str) -> None:
    """Raise 2500 for an Id that the list does not have, 610 for an inactive element."""
    found = book.element(target, id_)
    if found is None:
        raise errors.INVALID_REFERENCE.fault(
            f"Invalid Reference Id : {book.entities[target].label} element id {id_}"
            f" not found",
            element,
        )
    if not found.active:
        raise errors.NOT_FOUND.fault(
            "Object Not Found : Something you're trying to use has been made inactive."
            " Check"
            " the fields with accounts, customers, items, vendors or employees.",
            element,
        )


def _object(book: Book, field: Field, value: Any) -> Document:
    if not isinstance(value, dict):
        raise _unreadable(field)
    members = clean(book, field.members, value, top=False)
    return {name: each for name, each in members.items() if each is not None}


def _any(book: Book, field: Field, value: Any) -> Any:
    return value


_CHECKS = {
    FieldKind.TEXT: _text,
    FieldKind.EMAIL: _email,
    FieldKind.FLAG: _flag,
    FieldKind.WHOLE: _whole,
    FieldKind.AMOUNT: _amount,
    FieldKind.DAY: _day,
    FieldKind.CHOICE: _choice,
    FieldKind.REF: _ref,
    FieldKind.OBJECT: _object,
    FieldKind.ANY: _any,
}
