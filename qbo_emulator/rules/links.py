"""Links between payments and what they settle, and what follows when either changes.

A transaction that a payment is applied to, or released from, changes: its SyncToken
rises (reference 5), its LinkedTxn lists the payment, its Balance is what is left.
"""

from __future__ import annotations

from decimal import Decimal

from qbo_emulator import errors, operations
from qbo_emulator.book import Book
from qbo_emulator.change import Change
from qbo_emulator.jsontext import Document, loads
from qbo_emulator.ledger import posting
from qbo_emulator.money import ZERO, decimal_of
from qbo_emulator.rules import closing
from qbo_emulator.rules.currencies import home_amounts
from qbo_emulator.rules.payments import Key, applied, left_over

__all__ = [
    "auto_apply",
    "keep_links",
    "not_linked",
    "release",
    "repost_payments",
    "settle",
    "settled_balance",
]

#: The note of the zero payment that links credits (field evidence, reference 12).
CREDIT_NOTE = "Created by QB Online to link credits to charges."


def keep_links(change: Change) -> None:
    """Links to payments are QuickBooks' own; a linked form keeps its customer."""
    doc, before = change.doc, change.before or {}
    kept = [each for each in before.get("LinkedTxn", []) if _is_payment(each)]
    own = [each for each in doc.get("LinkedTxn", []) if not _is_payment(each)]
    doc["LinkedTxn"] = own + kept
    if kept and change.changed("CustomerRef"):
        _refuse_linked()


def not_linked(change: Change) -> None:
    """Linked transactions must be unlinked before a delete (reference 5)."""
    if any(_is_payment(each) for each in change.doc.get("LinkedTxn", [])):
        _refuse_linked()


def settled_balance(change: Change) -> None:
    """Balance is the total less what is applied, which is never more than the total
    (the rest is released after saving)."""
    doc, before = change.doc, change.before or {}
    settled = decimal_of(before.get("TotalAmt")) - decimal_of(before.get("Balance"))
    doc["Balance"] = doc["TotalAmt"] - min(settled, doc["TotalAmt"])
    home_amounts(doc)


def settle(change: Change) -> None:
    """After a payment: move the balances of what it links, or no longer links."""
    now = {} if change.doc.get("status") == "Deleted" else applied(change.doc)
    _move(change.book, str(change.doc["Id"]), applied(change.before), now)


def release(change: Change) -> None:
    """After a form shrank or was voided: payments get back what exceeds its total."""
    before = change.before
    if before is None or change.doc.get("status") == "Deleted":
        return
    excess = (decimal_of(before["TotalAmt"]) - decimal_of(before["Balance"])) - (
        change.amount("TotalAmt") - change.amount("Balance")
    )
    key = (change.entity.name, change.id)
    links = [each for each in before.get("LinkedTxn", []) if _is_payment(each)]
    for link in reversed(links):
        if excess <= ZERO:
            return
        payment = change.book.find("Payment", link["TxnId"])
        if payment is not None:
            excess -= _take_back(change, payment, key, excess)


def repost_payments(change: Change) -> None:
    """After a form's rate changed: what was paid of it is settled at the new one."""
    if change.before is None or not change.changed("ExchangeRate"):
        return
    book = change.book
    for link in filter(_is_payment, change.doc.get("LinkedTxn", [])):
        payment = book.find("Payment", link["TxnId"])
        if payment is not None:
            posting.record(book, book.entities["Payment"], payment)


def auto_apply(change: Change) -> None:
    """After a new form: link open credits, and money, where the company wants it.

    AutoApplyCredit links credit memos and invoices by a payment of nothing,
    AutoApplyPayments adds a line to payments that are not applied; oldest first.
    """
    book = change.book
    if not change.is_new:
        return
    if book.preference("SalesFormsPrefs", "AutoApplyCredit", False):
        _link_credits(change)
    is_invoice = change.entity.name == "Invoice"
    if is_invoice and book.preference("SalesFormsPrefs", "AutoApplyPayments", False):
        _use_payments(change)


def _link_credits(change: Change) -> None:
    kind = change.entity.name
    others = "CreditMemo" if kind == "Invoice" else "Invoice"
    lines, left = [], change.amount("Balance")
    for other in _open(change, others):
        amount = min(left, decimal_of(other["Balance"]))
        if amount > ZERO:
            lines.append(_line(others, other["Id"], amount))
            left -= amount
    if not lines:
        return
    lines.insert(0, _line(kind, change.id, change.amount("Balance") - left))
    operations.create(
        change.book,
        change.book.entities["Payment"],
        {
            "CustomerRef": change.doc["CustomerRef"],
            "CurrencyRef": change.doc["CurrencyRef"],
            "TxnDate": change.doc["TxnDate"],
            "TotalAmt": ZERO,
            "PrivateNote": CREDIT_NOTE,
            "Line": lines,
        },
    )
    _refresh(change)


def _use_payments(change: Change) -> None:
    for payment in _open(change, "Payment"):
        amount = min(change.amount("Balance"), decimal_of(payment["UnappliedAmt"]))
        if amount <= ZERO:
            continue
        operations.update(
            change.book,
            change.book.entities["Payment"],
            {
                "Id": payment["Id"],
                "SyncToken": payment["SyncToken"],
                "sparse": True,
                "Line": [
                    *payment.get("Line", []),
                    _line("Invoice", change.id, amount),
                ],
            },
        )
        _refresh(change)


def _refresh(change: Change) -> None:
    """Show the new form as it is after other documents changed it."""
    change.doc = change.book.find(change.entity.name, change.id) or change.doc


def _open(change: Change, entity: str) -> list[Document]:
    """Return what is open of the customer, oldest first."""
    rows = change.book.connection.execute(
        "SELECT body FROM documents WHERE realm_id = ? AND entity = ?"
        " AND customer_id = ? AND deleted = 0 AND balance > 0 ORDER BY txn_date, seq",
        (change.book.realm_id, entity, change.doc["CustomerRef"]["value"]),
    ).fetchall()
    return [loads(row["body"]) for row in rows]


def _take_back(change: Change, payment: Document, key: Key, limit: Decimal) -> Decimal:
    """Take at most ``limit`` of a form out of a payment; return what was taken.

    Credits that the payment links without a charge then are released as well; a payment
    of nothing that QuickBooks made and that links nothing is removed.
    """
    book, entity = change.book, change.book.entities["Payment"]
    closing.refuse_closed(book, payment.get("TxnDate"))
    before = applied(payment)
    taken = min(limit, before.get(key, ZERO))
    now = {**before, key: before.get(key, ZERO) - taken}
    payment["Line"] = [_line(*each, amount) for each, amount in now.items() if amount]
    _balance_out(payment, now)
    payment["UnappliedAmt"] = left_over(payment)[0]
    _move(book, payment["Id"], before, applied(payment), skip=key)
    if not payment["Line"] and payment.get("PrivateNote") == CREDIT_NOTE:
        book.remove(entity, payment)
        posting.record(book, entity, {"status": "Deleted", "Id": payment["Id"]})
    else:
        book.update(entity, payment)
        posting.record(book, entity, payment)
    if not applied(payment).get(key):
        links = change.doc.get("LinkedTxn", [])
        change.doc["LinkedTxn"] = [
            each for each in links if each.get("TxnId") != payment["Id"]
        ]
        book.adjust(change.entity, change.doc)
    return taken


def _balance_out(payment: Document, now: dict[Key, Decimal]) -> None:
    """Reduce what the payment links too much of: credits without charges, or charges
    without credits and money."""
    left, surplus = left_over(payment)
    for kind, too_much in (("CreditMemo", surplus), ("Invoice", -left)):
        for each in reversed([each for each in now if each[0] == kind]):
            cut = min(max(too_much, ZERO), now[each])
            now[each] -= cut
            too_much -= cut
    payment["Line"] = [_line(*each, amount) for each, amount in now.items() if amount]


def _move(
    book: Book,
    payment_id: str,
    before: dict[Key, Decimal],
    now: dict[Key, Decimal],
    skip: Key | None = None,
) -> None:
    """Give each linked form its new balance and the link, or take the link off."""
    for key in {**before, **now}:
        unchanged = before.get(key) == now.get(key)
        doc = None if unchanged or key == skip else book.find(*key)
        if doc is None:
            continue
        balance = decimal_of(doc["Balance"]) + before.get(key, ZERO)
        doc["Balance"] = balance - now.get(key, ZERO)
        if "RemainingCredit" in doc:
            doc["RemainingCredit"] = doc["Balance"]
        home_amounts(doc)
        links = [each for each in doc["LinkedTxn"] if each.get("TxnId") != payment_id]
        if key in now:
            links.append({"TxnId": payment_id, "TxnType": "Payment"})
        doc["LinkedTxn"] = links
        book.update(book.entities[key[0]], doc)


def _line(kind: str, id_: str, amount: Decimal) -> Document:
    return {"Amount": amount, "LinkedTxn": [{"TxnId": id_, "TxnType": kind}]}


def _is_payment(link: Document) -> bool:
    return link.get("TxnType") == "Payment"


def _refuse_linked() -> None:
    raise errors.BUSINESS.fault(
        "Business Validation Error: You must unlink the linked transactions first.",
        "LinkedTxn",
    )
