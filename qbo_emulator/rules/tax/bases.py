"""What tax is computed on: amounts less their share of the discounts."""

from __future__ import annotations

from decimal import Decimal

from qbo_emulator.jsontext import Document
from qbo_emulator.money import ZERO
from qbo_emulator.rules.lines import amount_of

__all__ = ["discount_share"]


def discount_share(doc: Document) -> Decimal:
    """Return which part of each amount is discounted before tax; 0 where the discount
    comes after it (ApplyTaxAfterDiscount)."""
    if not doc.get("ApplyTaxAfterDiscount"):
        return ZERO
    discount = net = ZERO
    for line in doc["Line"]:
        if line["DetailType"] == "DiscountLineDetail":
            discount += amount_of(line)
        elif line["DetailType"] in ("SalesItemLineDetail", "GroupLineDetail"):
            net += amount_of(line)
    return discount / net if net else ZERO
