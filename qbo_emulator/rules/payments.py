"""Payments: what they must hold, what they may be applied to, what stays unapplied.

Sources: reference 6.7 and 12 (PET payment.md, SCRAPE, ERR). How far a payment may be
applied is not documented; here never beyond what is open, which no client may rely on.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from qbo_emulator import errors
from qbo_emulator.book import Book
from qbo_emulator.change import Change
from qbo_emulator.jsontext import Document
from qbo_emulator.ledger.accounts import UNDEPOSITED, account_for
from qbo_emulator.money import ZERO, cents, decimal_of
from qbo_emulator.rules.sales import voided_note

__all__ = [
    "LINKABLE",
    "Key",
    "amount",
    "applied",
    "checked_lines",
    "deposit_account",
    "left_over",
    "not_deposited",
    "unapplied",
    "void",
]

#: What a payment links: (TxnType, TxnId).
Key = tuple[str, str]

#: The transactions that this emulator has and a payment can be applied to.
LINKABLE = ("Invoice", "CreditMemo")
_VALUE = "{http://schema.intuit.com/finance/v3}NameValue"


def amount(change: Change) -> None:
    """A payment has an amount, which may be zero (it then links credits)."""
    if change.doc.get("TotalAmt") is None:
        raise errors.BUSINESS.fault(
            "Business Validation Error: You must set a transaction amount.", "TotalAmt"
        )
    if change.doc["TotalAmt"] < ZERO:
        raise errors.NEGATIVE_AMOUNT.fault(
            "Negative Amount not allowed : TotalAmt", "TotalAmt"
        )
    change.doc["TotalAmt"] = cents(change.doc["TotalAmt"])


def deposit_account(change: Change) -> None:
    """The money goes to Undeposited Funds unless a bank or other current asset account
    in the payment's or the home currency is named."""
    book, doc = change.book, change.doc
    if "DepositToAccountRef" not in doc:
        doc["DepositToAccountRef"] = {"value": account_for(book, UNDEPOSITED)}
        return
    account = book.view("Account", doc["DepositToAccountRef"]["value"]) or {}
    if account["AccountType"] not in ("Bank", "Other Current Asset"):
        raise errors.BUSINESS.fault(
            "Business Validation Error: You need to select a bank or other current"
            " asset account.",
            "DepositToAccountRef",
        )
    currency = account["CurrencyRef"]["value"]
    if currency not in (book.home_currency, doc["CurrencyRef"]["value"]):
        raise errors.BUSINESS.fault(
            "Business Validation Error: The currency of the transaction is invalid for"
            " customer/vendor/account.",
            "DepositToAccountRef",
        )


def checked_lines(change: Change) -> None:
    """Each line links one transaction of the customer, within what is open of it."""
    if "Line" not in change.sent and not change.changed("CustomerRef"):
        return
    open_amounts: dict[Key, Decimal] = defaultdict(Decimal, applied(change.before))
    lines = []
    for line in change.doc.get("Line", []):
        key = _link(line)
        amount = cents(line.get("Amount", ZERO))
        target = _target(change, key)
        was_open = open_amounts[key] + decimal_of(target["Balance"])
        lines.append(
            {
                "Amount": amount,
                "LinkedTxn": [{"TxnId": key[1], "TxnType": key[0]}],
                "LineEx": _line_extras(target, was_open),
            }
        )
        _within(key, amount, was_open)
        open_amounts[key] -= amount
    change.doc["Line"] = lines


def unapplied(change: Change) -> None:
    """UnappliedAmt is what the lines leave of the payment, never less than zero."""
    left, credits_left = left_over(change.doc)
    if left < ZERO or credits_left > ZERO:
        raise errors.BUSINESS.fault(
            "Business Validation Error: The amounts applied must not be more than the"
            " payment and the credits together, nor the credits more than the charges.",
            "Line",
        )
    change.doc["UnappliedAmt"] = left


def left_over(doc: Document) -> tuple[Decimal, Decimal]:
    """Return what a payment leaves unapplied, and by how much credits exceed
    charges."""
    by_type = dict.fromkeys(LINKABLE, ZERO)
    for (kind, _id), each in applied(doc).items():
        by_type[kind] += each
    surplus = by_type["CreditMemo"] - by_type["Invoice"]
    return decimal_of(doc["TotalAmt"]) + surplus, surplus


def applied(doc: Document | None) -> dict[Key, Decimal]:
    """Return how much of each transaction a payment settles."""
    result: dict[Key, Decimal] = defaultdict(Decimal)
    for line in (doc or {}).get("Line", []):
        result[_link(line)] += decimal_of(line["Amount"])
    return dict(result)


def not_deposited(change: Change) -> None:
    """6540 for a payment in a bank deposit: those that the company's switch
    ``deposited`` lists, since deposits are no entity here."""
    if change.id in change.book.switch("deposited", []):
        raise errors.DEPOSITED.fault(
            "Deposited Transaction cannot be changed : This transaction has been"
            " deposited. If you want to change or delete it, you must first edit the"
            " deposit it appears on and remove it."
        )


def void(change: Change) -> None:
    """The amount becomes 0 and everything is released; the payment stays."""
    change.doc.update(
        TotalAmt=ZERO,
        UnappliedAmt=ZERO,
        Line=[],
        PrivateNote=voided_note(change.doc),
    )


def _link(line: Document) -> Key:
    links = line.get("LinkedTxn", [])
    if len(links) != 1 or not links[0].get("TxnId") or not links[0].get("TxnType"):
        raise errors.REQUIRED.fault(
            "Required parameter Line.LinkedTxn is missing in the request", "LinkedTxn"
        )
    return str(links[0]["TxnType"]), str(links[0]["TxnId"])


def _target(change: Change, key: Key) -> Document:
    kind, id_ = key
    target = change.book.view(kind, id_) if kind in LINKABLE else None
    if target is None or not _pays_for(change.book, change.doc, target):
        raise errors.CANNOT_LINK.fault(
            f"Transaction cannot be linked : {kind} {id_} is not a transaction that"
            " this payment can be applied to.",
            "LinkedTxn",
        )
    return target


def _pays_for(book: Book, doc: Document, target: Document) -> bool:
    """A customer pays for itself and for its sub-customers."""
    payer = doc["CustomerRef"]["value"]
    id_ = target["CustomerRef"]["value"]
    while id_ is not None and id_ != payer:
        customer = book.view("Customer", id_) or {}
        id_ = customer.get("ParentRef", {}).get("value")
    same_currency: bool = target["CurrencyRef"] == doc["CurrencyRef"]
    return id_ is not None and same_currency


def _within(key: Key, amount: Decimal, was_open: Decimal) -> None:
    if amount < ZERO:
        raise errors.NEGATIVE_AMOUNT.fault(
            "Negative Amount not allowed : Line.Amount", "Amount"
        )
    if amount > was_open:
        raise errors.BUSINESS.fault(
            f"Business Validation Error: The amount applied to {key[0]} {key[1]} is"
            f" more than its open balance of {was_open}.",
            "Amount",
        )


def _line_extras(target: Document, was_open: Decimal) -> Document:
    """Return the name and value pairs that QuickBooks adds to a line (PET)."""
    pairs = {
        "txnId": target["Id"],
        "txnOpenBalance": str(was_open),
        "txnReferenceNumber": target.get("DocNumber"),
    }
    return {
        "any": [
            {"name": _VALUE, "nil": False, "value": {"Name": name, "Value": value}}
            for name, value in pairs.items()
            if value is not None
        ]
    }
