"""One write on its way through the rules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from qbo_emulator.entities.entity import Entity, Operation
from qbo_emulator.jsontext import Document
from qbo_emulator.money import decimal_of

if TYPE_CHECKING:
    from qbo_emulator.book import Book

__all__ = ["Change"]


@dataclass
class Change:
    """A document as it will be (``doc``), was (``before``), and what the client sent.

    ``sent`` holds checked values only; None in it means that the client emptied a
    member. ``include`` are the words of the call's ``include`` parameter.
    """

    book: Book
    entity: Entity
    operation: Operation
    doc: Document
    before: Document | None
    sent: Document
    include: frozenset[str] = frozenset()

    @property
    def is_new(self) -> bool:
        """True while the document is being created."""
        return self.before is None

    @property
    def id(self) -> str:
        """The document's Id ("" before a new one is saved)."""
        return str(self.doc.get("Id", ""))

    @cached_property
    def customer(self) -> Document:
        """The customer of a transaction; empty where there is none."""
        customer_id = self.doc.get("CustomerRef", {}).get("value", "")
        return self.book.view("Customer", customer_id) or {}

    def amount(self, name: str) -> Decimal:
        """Return an amount of the document; zero when missing."""
        return decimal_of(self.doc.get(name))

    def changed(self, name: str) -> bool:
        """True when the member's value differs from before."""
        return self.before is None or self.before.get(name) != self.doc.get(name)
