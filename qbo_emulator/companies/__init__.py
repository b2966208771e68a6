"""The companies that the emulator can found, each with believable lists."""

from __future__ import annotations

from qbo_emulator.book import Book
from qbo_emulator.companies import us
from qbo_emulator.companies.founding import CompanyKind, Founder

__all__ = ["KINDS", "found_company"]

KINDS: dict[str, CompanyKind] = {"us": us.US}


def found_company(book: Book, kind: str) -> None:
    """Fill the books of a new realm."""
    book.seeding = True
    KINDS[kind].found(Founder(book))
    book.seeding = False
