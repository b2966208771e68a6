"""Posts transactions, and moves the balances that follow from their entries."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from qbo_emulator.book import Book
from qbo_emulator.change import Change
from qbo_emulator.entities.entity import Entity
from qbo_emulator.jsontext import Document
from qbo_emulator.ledger.entries import Entry, entries_of
from qbo_emulator.money import CENT, ZERO

__all__ = ["Unbalanced", "follow_parent", "post", "record"]

#: Only these accounts show a balance (SCRAPE Account.CurrentBalance).
_BALANCE_SHEET = ("Asset", "Liability", "Equity")


class Unbalanced(RuntimeError):
    """Entries of a transaction that do not add up to nothing: a fault of ours."""


def post(change: Change) -> None:
    """Post a transaction in place of what it posted before."""
    record(change.book, change.entity, change.doc, new=change.is_new)


def record(book: Book, entity: Entity, doc: Document, *, new: bool = False) -> None:
    """Replace the entries of a transaction and move balances by the difference.

    Raises :class:`Unbalanced` before anything is written.
    """
    entries = entries_of(book, entity.name, doc)
    if sum((entry.home for entry in entries), ZERO) != ZERO:
        raise Unbalanced(f"{entity.name} {doc['Id']}: {entries}")
    before = [] if new else _kept(book, doc["Id"])
    if before == entries:
        return
    if before:
        book.connection.execute(
            "DELETE FROM ledger WHERE realm_id = ? AND txn_id = ?",
            (book.realm_id, doc["Id"]),
        )
    book.connection.executemany(
        "INSERT INTO ledger (realm_id, txn_id, line, txn_type, account_id, customer_id,"
        " amount, home) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                book.realm_id,
                doc["Id"],
                line,
                entity.name,
                entry.account_id,
                entry.customer_id,
                int(entry.amount / CENT),
                int(entry.home / CENT),
            )
            for line, entry in enumerate(entries)
        ],
    )
    _move_balances(book, before, entries)


def _kept(book: Book, txn_id: str) -> list[Entry]:
    rows = book.connection.execute(
        "SELECT account_id, customer_id, amount, home FROM ledger"
        " WHERE realm_id = ? AND txn_id = ? ORDER BY line",
        (book.realm_id, txn_id),
    )
    return [
        Entry(
            row["account_id"],
            row["amount"] * CENT,
            row["home"] * CENT,
            row["customer_id"],
        )
        for row in rows
    ]


def _move_balances(book: Book, before: list[Entry], after: list[Entry]) -> None:
    accounts: dict[str, Decimal] = defaultdict(Decimal)
    customers: dict[str, Decimal] = defaultdict(Decimal)
    for sign, entries in ((-1, before), (1, after)):
        for entry in entries:
            accounts[entry.account_id] += sign * entry.amount
            if entry.customer_id:
                customers[entry.customer_id] += sign * entry.amount
    for account_id, amount in accounts.items():
        _raise(book, "Account", account_id, amount)
    for customer_id, amount in customers.items():
        _raise(book, "Customer", customer_id, amount)


def _raise(book: Book, entity: str, id_: str, amount: Decimal) -> None:
    """Raise a balance, and that of everything above it in its tree."""
    doc = book.view(entity, id_) if amount else None
    if doc is None or (
        entity == "Account" and doc["Classification"] not in _BALANCE_SHEET
    ):
        return
    book.raise_balance(entity, id_, amount, amount)
    _raise_above(book, entity, doc, amount)


def _raise_above(book: Book, entity: str, doc: Document, amount: Decimal) -> None:
    parent_id = doc.get("ParentRef", {}).get("value")
    while parent_id:
        book.raise_balance(entity, parent_id, ZERO, amount)
        above = book.view(entity, parent_id) or {}
        parent_id = above.get("ParentRef", {}).get("value")


def follow_parent(change: Change) -> None:
    """An element that moves in its tree takes its balances along."""
    if change.before is None or not change.changed("ParentRef"):
        return
    book, entity = change.book, change.entity.name
    _own, tree = book.balances(entity, change.id)
    _raise_above(book, entity, change.before, -tree)
    _raise_above(book, entity, change.doc, tree)
