"""The companies that the emulator can found, each with believable lists."""

from __future__ import annotations

from qbo_emulator.book import Book
from qbo_emulator.companies import us, world
from qbo_emulator.companies.founding import CompanyKind, Founder

__all__ = ["KINDS", "found_company"]

KINDS: dict[str, CompanyKind] = {
    "us": us.US,
    "us-manual-tax": us.US_MANUAL_TAX,
    "us-no-sales-tax": us.US_NO_SALES_TAX,
    "ca": world.CA,
    "uk": world.UK,
    "multicurrency": us.MULTICURRENCY,
    "empty": us.EMPTY,
}


def found_company(book: Book, kind: str) -> None:
    """Fill the books of a new realm."""
    book.seeding = True
    KINDS[kind].found(Founder(book))
    book.seeding = False
