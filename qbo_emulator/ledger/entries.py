"""What each kind of transaction posts. Debit is positive, credit negative."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from qbo_emulator.book import Book
from qbo_emulator.jsontext import Document
from qbo_emulator.ledger.accounts import (
    DISCOUNTS,
    EXCHANGE,
    GLOBAL_TAX,
    RECEIVABLE,
    SALES_TAX,
    SHIPPING,
    UNDEPOSITED,
    account_for,
)
from qbo_emulator.money import CENT, ZERO, cents, decimal_of
from qbo_emulator.rules.lines import amount_of, sales_items

__all__ = ["Entry", "entries_of"]


@dataclass(frozen=True)
class Entry:
    """One line of a posting.

    ``amount`` is in the account's currency, ``home`` in the company's own;
    ``customer_id`` is set on receivables.
    """

    account_id: str
    amount: Decimal
    home: Decimal
    customer_id: str = ""


def entries_of(book: Book, entity: str, doc: Document) -> list[Entry]:
    """Return what a document posts; nothing for one that was deleted or voided."""
    if doc.get("status") == "Deleted":
        return []
    entries = _POSTINGS[entity](book, doc)
    return [entry for entry in entries if entry.amount or entry.home]


def _invoice(book: Book, doc: Document) -> list[Entry]:
    """Receivable against income, discounts and tax."""
    rate = _rate(doc)
    total = decimal_of(doc["TotalAmt"])
    entries = [_at_home(*each, rate) for each in _income(book, doc)]
    tax = decimal_of(doc.get("TxnTaxDetail", {}).get("TotalTax"))
    if tax:
        role = SALES_TAX if book.is_us else GLOBAL_TAX
        entries.append(_at_home(account_for(book, role), -tax, rate))
    receivable = Entry(
        _receivable(book, doc), total, cents(total * rate), _customer(doc)
    )
    return _level([receivable, *entries], rate)


def _credit_memo(book: Book, doc: Document) -> list[Entry]:
    """An invoice the other way round."""
    return [
        replace(entry, amount=-entry.amount, home=-entry.home)
        for entry in _invoice(book, doc)
    ]


def _payment(book: Book, doc: Document) -> list[Entry]:
    """Money against receivable; what rates moved since is exchange gain or loss."""
    rate, total = _rate(doc), decimal_of(doc["TotalAmt"])
    deposit = doc.get("DepositToAccountRef", {}).get("value") or account_for(
        book, UNDEPOSITED
    )
    receivable = Entry(
        _receivable(book, doc), -total, -_settled(book, doc, rate), _customer(doc)
    )
    money = _at_home(deposit, total, rate)
    if _currency_of(book, deposit) != book.home_currency:
        money = replace(money, amount=total)
    entries = [money, receivable]
    difference = -sum((entry.home for entry in entries), ZERO)
    if difference:
        entries.append(Entry(account_for(book, EXCHANGE), difference, difference))
    return entries


_POSTINGS: dict[str, Callable[[Book, Document], list[Entry]]] = {
    "Invoice": _invoice,
    "CreditMemo": _credit_memo,
    "Payment": _payment,
}


def _income(book: Book, doc: Document) -> Iterator[tuple[str, Decimal]]:
    """Yield account and amount of each sales line and discount."""
    for line, detail in sales_items(doc["Line"]):
        account = detail.get("ItemAccountRef", {}).get("value")
        yield (
            account or account_for(book, SHIPPING),
            -decimal_of(line.get("Amount")),
        )
    for line in doc["Line"]:
        if line["DetailType"] == "DiscountLineDetail":
            detail = line["DiscountLineDetail"]
            account = detail.get("DiscountAccountRef", {}).get("value")
            yield account or account_for(book, DISCOUNTS), amount_of(line)


def _level(entries: list[Entry], rate: Decimal) -> list[Entry]:
    """Give the cents that rounding to home currency leaves to the last entry.

    Without a rate nothing is rounded, and more than half a cent an entry is no
    rounding: it stays, and is refused as unbalanced.
    """
    left = sum((entry.home for entry in entries), ZERO)
    if rate != 1 and left and abs(left) <= CENT * len(entries) / 2:
        last = entries[-1].home - left
        entries[-1] = replace(entries[-1], amount=last, home=last)
    return entries


def _settled(book: Book, doc: Document, rate: Decimal) -> Decimal:
    """Return what a payment settles in home currency: each linked transaction at its
    own rate, the rest at the payment's."""
    if "ExchangeRate" not in doc:
        return decimal_of(doc["TotalAmt"])
    home = cents(decimal_of(doc.get("UnappliedAmt")) * rate)
    for line in doc.get("Line", []):
        (link,) = line["LinkedTxn"]
        linked = book.view(link["TxnType"], link["TxnId"]) or {}
        amount = cents(decimal_of(line["Amount"]) * _rate(linked))
        home += amount if link["TxnType"] == "Invoice" else -amount
    return home


def _at_home(account_id: str, amount: Decimal, rate: Decimal) -> Entry:
    """Return the entry on an account that is kept in home currency."""
    home = cents(amount * rate)
    return Entry(account_id, home, home)


def _currency_of(book: Book, account_id: str) -> str:
    account = book.view("Account", account_id) or {}
    return str(account.get("CurrencyRef", {}).get("value", book.home_currency))


def _rate(doc: Document) -> Decimal:
    return decimal_of(doc.get("ExchangeRate", 1))


def _customer(doc: Document) -> str:
    return str(doc["CustomerRef"]["value"])


def _receivable(book: Book, doc: Document) -> str:
    return account_for(book, RECEIVABLE, doc["CurrencyRef"]["value"])
