"""What customers owe, kept beside their documents."""

from __future__ import annotations

from decimal import Decimal

from qbo_emulator.change import Change
from qbo_emulator.entities.entity import Rule
from qbo_emulator.jsontext import Document
from qbo_emulator.money import ZERO, decimal_of

__all__ = ["customer_owes"]


def customer_owes(sign: int, member: str) -> Rule:
    """Return the rule that moves Customer.Balance by ``sign`` x the change of
    ``member``."""

    def rule(change: Change) -> None:
        _move(change, change.before, -sign, member)
        _move(change, change.doc, sign, member)

    return rule


def _move(change: Change, doc: Document | None, sign: int, member: str) -> None:
    if doc is None or doc.get("status") == "Deleted":
        return
    amount: Decimal = sign * decimal_of(doc.get(member))
    customer = change.book.find("Customer", doc["CustomerRef"]["value"])
    if customer is None or amount == ZERO:
        return
    for name in ("Balance", "BalanceWithJobs"):
        customer[name] = decimal_of(customer.get(name)) + amount
    change.book.adjust(change.book.entities["Customer"], customer)
