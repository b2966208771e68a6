"""How a company's first lists are planted: by the same rules as everything later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qbo_emulator import operations
from qbo_emulator.book import Book
from qbo_emulator.jsontext import Document

__all__ = ["CompanyKind", "Founder"]


class Founder:
    """Plants documents in the books of a new company."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def plant(self, entity: str, **members: Any) -> str:
        """Create one document and return its Id; ``Id`` may be given."""
        doc = operations.create(self.book, self.book.entities[entity], members)
        return str(doc["Id"])

    def plant_bare(self, entity: str, **members: Any) -> None:
        """Keep a document that shows just these members, as TAX and NON do."""
        doc: Document = dict(members)
        self.book.insert_as_is(self.book.entities[entity], doc)


@dataclass(frozen=True)
class CompanyKind:
    """A kind of company: its name, and what fills its books."""

    company_name: str
    found: Callable[[Founder], None]
