"""Posts transactions, and moves the balances that follow from their entries."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from qbo_emulator.book import Book
from qbo_emulator.change import Change
from qbo_emulator.entities.entity import Entity
from qbo_emulator.jsontext import Document
from qbo_emulator.ledger.entries import Entry, entries_of
from qbo_emulator.money import CENT, ZERO, decimal_of

__all__ = ["Unbalanced", "follow_parent", "post", "record"]

#: Only these accounts show a balance (SCRAPE Account.CurrentBalance).
_BALANCE_SHEET = ("Asset", "Liability", "Equity")


class Unbalanced(RuntimeError):
    """Entries of a transaction that do not add up to nothing: a fault of ours."""


def post(change: Change) -> None:
    """Post a transaction in place of what it posted before."""
    record(change.book, change.entity, change.doc)


def record(book: Book, entity: Entity, doc: Document) -> None:
    """Replace the entries of a transaction and move balances by the difference.

    Raises :class:`Unbalanced` before anything is written.
    """
    entries = entries_of(book, entity.name, doc)
    if sum((entry.home for entry in entries), ZERO) != ZERO:
        raise Unbalanced(f"{entity.name} {doc['Id']}: {entries}")
    before = _kept(book, doc["Id"])
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


#: Entity -> the member that is its own balance, the one that holds its children's too.
_MEMBERS = {
    "Account": ("CurrentBalance", "CurrentBalanceWithSubAccounts"),
    "Customer": ("Balance", "BalanceWithJobs"),
}


def _raise(book: Book, entity: str, id_: str, amount: Decimal) -> None:
    """Raise a balance, and that of everything above it in its tree."""
    own, with_children = _MEMBERS[entity]
    doc = book.find(entity, id_) if amount else None
    if doc is None or (
        entity == "Account" and doc["Classification"] not in _BALANCE_SHEET
    ):
        return
    doc[own] = decimal_of(doc.get(own)) + amount
    _raise_tree(book, book.entities[entity], doc, with_children, amount)


def _raise_tree(
    book: Book, entity: Entity, doc: Document | None, member: str, amount: Decimal
) -> None:
    while doc is not None:
        doc[member] = decimal_of(doc.get(member)) + amount
        book.adjust(entity, doc)
        parent_id = doc.get("ParentRef", {}).get("value")
        doc = book.find(entity.name, parent_id) if parent_id else None


def follow_parent(change: Change) -> None:
    """An element that moves in its tree takes its balances along."""
    if change.before is None or not change.changed("ParentRef"):
        return
    _own, member = _MEMBERS[change.entity.name]
    amount = change.amount(member)
    for doc, sign in ((change.before, -1), (change.doc, 1)):
        parent_id = doc.get("ParentRef", {}).get("value")
        parent = change.book.find(change.entity.name, parent_id) if parent_id else None
        _raise_tree(change.book, change.entity, parent, member, sign * amount)
