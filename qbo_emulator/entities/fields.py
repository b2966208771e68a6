"""The words in which an entity's members are declared.

A declaration says what QuickBooks checks by itself, whatever the entity: type, length,
forbidden characters, allowed values, the list that a reference points into. What needs
more than one member at a time is a rule (``qbo_emulator.rules``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

__all__ = [
    "Field",
    "FieldKind",
    "amount",
    "choice",
    "day",
    "email",
    "flag",
    "known",
    "many",
    "masked",
    "obj",
    "read_only",
    "ref",
    "text",
    "whole",
]


class FieldKind(str, Enum):
    """How a member's value is checked and kept."""

    TEXT = "text"
    EMAIL = "email"
    FLAG = "flag"
    WHOLE = "whole"
    AMOUNT = "amount"
    DAY = "day"
    CHOICE = "choice"
    REF = "ref"
    OBJECT = "object"
    ANY = "any"


@dataclass(frozen=True)
class Field:
    """One member of an entity.

    ``target`` is the entity that a reference points to; ``checked`` is off where a rule
    looks at the reference instead. ``read_only`` members are dropped from what a client
    sends, without a word, as QuickBooks does. ``filterable`` members may stand in a
    query's WHERE and ORDERBY. ``masked`` text shows its last characters alone.
    """

    name: str
    kind: FieldKind
    max_length: int | None = None
    forbidden: str = ""
    choices: tuple[str, ...] = ()
    target: str = ""
    checked: bool = True
    members: tuple[Field, ...] = ()
    is_list: bool = False
    read_only: bool = False
    filterable: bool = False
    masked: bool = False

    def where(self) -> Field:
        """Return the same field, allowed in queries."""
        return replace(self, filterable=True)


#: What a name may not hold: ":" separates levels, tab and newline break reports.
NAME_BREAKERS = ":\t\n"


def text(name: str, max_length: int | None = None, forbidden: str = "") -> Field:
    """Text of at most ``max_length`` characters, none of them ``forbidden``."""
    return Field(name, FieldKind.TEXT, max_length=max_length, forbidden=forbidden)


def email(name: str, max_length: int = 100) -> Field:
    """An e-mail address; it must hold "@" and "." (2210)."""
    return Field(name, FieldKind.EMAIL, max_length=max_length)


def flag(name: str) -> Field:
    """true or false; the words and an empty text are tolerated."""
    return Field(name, FieldKind.FLAG)


def whole(name: str) -> Field:
    """A whole number."""
    return Field(name, FieldKind.WHOLE)


def amount(name: str) -> Field:
    """A decimal number, also as text."""
    return Field(name, FieldKind.AMOUNT)


def day(name: str) -> Field:
    """A date, YYYY-MM-DD."""
    return Field(name, FieldKind.DAY)


def choice(name: str, *choices: str) -> Field:
    """One of a closed set of words (2170)."""
    return Field(name, FieldKind.CHOICE, choices=choices)


def ref(name: str, target: str, *, checked: bool = True) -> Field:
    """``{"value": Id, "name": filled by QuickBooks}`` (2500 when there is none)."""
    return Field(name, FieldKind.REF, target=target, checked=checked)


def obj(name: str, *members: Field) -> Field:
    """A nested object."""
    return Field(name, FieldKind.OBJECT, members=members)


def many(name: str, *members: Field) -> Field:
    """A list of objects."""
    return Field(name, FieldKind.OBJECT, members=members, is_list=True)


def known(names: str) -> tuple[Field, ...]:
    """Members of Intuit's schema that are kept and given back, and mean nothing
    here."""
    return tuple(Field(name, FieldKind.ANY) for name in names.split())


def masked(field: Field) -> Field:
    """The same field, shown as XXXXXX56789 (ABO customer.md)."""
    return replace(field, masked=True)


def read_only(*fields: Field) -> tuple[Field, ...]:
    """The fields as QuickBooks' own: a client's values for them are ignored."""
    return tuple(replace(field, read_only=True) for field in fields)
