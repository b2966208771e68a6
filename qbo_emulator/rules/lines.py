"""The lines of a sales form: what each must hold, their Ids, and the subtotal line."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from qbo_emulator import errors
from qbo_emulator.change import Change
from qbo_emulator.jsontext import Document
from qbo_emulator.money import ZERO, cents, decimal_of
from qbo_emulator.rules.validate import check_reference

__all__ = ["SHIPPING_ITEM", "sales_items", "sales_lines", "subtotal", "sum_up"]

#: The ItemRef that stands for shipping (reference 6.5).
SHIPPING_ITEM = "SHIPPING_ITEM_ID"
#: Lines of one transaction; a taxed invoice takes fewer (reference 3).
MAX_LINES = 10_000
#: A bundle is of items (PET item.md); a discount stands beside it, not inside.
_IN_GROUPS = ("SalesItemLineDetail", "DescriptionOnly")
_TEXT_MEMBERS = ("Id", "LineNum", "Description")


def sales_lines(change: Change) -> None:
    """Check and complete ``Line``; replaced as a whole, even by a sparse update."""
    sent = change.doc.get("Line")
    if not sent:
        raise errors.REQUIRED.fault(
            "Required parameter Line is missing in the request", "Line"
        )
    if "Line" not in change.sent:
        return  # untouched by a sparse update: as it was checked before
    if len(sent) > MAX_LINES:
        raise errors.BUSINESS.fault(
            f"Business Validation Error: A transaction takes at most {MAX_LINES}"
            f" lines.",
            "Line",
        )
    lines = [
        _checked(change, line)
        for line in sent
        if line.get("DetailType") != "SubTotalLineDetail"
    ]
    if not lines:
        raise errors.REQUIRED.fault(
            "Required parameter Line is missing in the request", "Line"
        )
    _number(change, lines)
    change.doc["Line"] = sum_up(lines)


def sum_up(lines: list[Document]) -> list[Document]:
    """Return the lines with percent discounts computed and the subtotal line at the
    end."""
    lines = [line for line in lines if line["DetailType"] != "SubTotalLineDetail"]
    for line in lines:
        if line["DetailType"] == "GroupLineDetail":
            line["Amount"] = amount_of(line)
    net = sum((amount_of(line) for line in lines if _is_sale(line)), ZERO)
    _discount_amounts(lines, net)
    return [
        *lines,
        {"Amount": net, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}},
    ]


def sales_items(lines: list[Document]) -> Iterator[tuple[Document, Document]]:
    """Yield each sales line with its detail, those inside of groups too."""
    for line in lines:
        if line["DetailType"] == "SalesItemLineDetail":
            yield line, line["SalesItemLineDetail"]
        elif line["DetailType"] == "GroupLineDetail":
            yield from sales_items(line["GroupLineDetail"].get("Line", []))


def subtotal(doc: Document) -> Decimal:
    """Return the sum of the lines less discounts, before tax."""
    total = ZERO
    for line in doc["Line"]:
        if _is_sale(line):
            total += amount_of(line)
        elif line["DetailType"] == "DiscountLineDetail":
            total -= amount_of(line)
    return total


def amount_of(line: Document) -> Decimal:
    """Return a line's amount; a group's is the sum of what it holds."""
    if line["DetailType"] == "GroupLineDetail":
        inner = line.get("GroupLineDetail", {}).get("Line", [])
        return sum((amount_of(each) for each in inner if _is_sale(each)), ZERO)
    return decimal_of(line.get("Amount"))


def _is_sale(line: Document) -> bool:
    return line["DetailType"] in ("SalesItemLineDetail", "GroupLineDetail")


def _checked(change: Change, line: Document) -> Document:
    kind = line.get("DetailType")
    if kind is None:
        raise errors.REQUIRED.fault(
            "Required parameter Line.DetailType is missing in the request", "DetailType"
        )
    line = dict(line)
    if "Amount" in line:
        line["Amount"] = cents(line["Amount"])
    if kind == "SalesItemLineDetail":
        return _sales_item(change, line)
    if kind == "GroupLineDetail":
        group = dict(line.get(kind, {}))
        inner = group.get("Line", [])
        if any(each.get("DetailType") not in _IN_GROUPS for each in inner):
            raise errors.BUSINESS.fault(
                "Business Validation Error: A group holds items and text only.",
                "GroupLineDetail",
            )
        group["Line"] = [_checked(change, each) for each in inner]
        line[kind] = group
    else:
        line.setdefault(
            "DescriptionLineDetail" if kind == "DescriptionOnly" else kind, {}
        )
    return line


def _sales_item(change: Change, line: Document) -> Document:
    detail = dict(line.get("SalesItemLineDetail", {}))
    if "ItemRef" not in detail:
        if change.book.switch("line_without_item_is_text"):
            return _as_text(line)
        detail["ItemRef"] = {"value": "1"}
    if "Amount" not in line:
        raise errors.REQUIRED.fault(
            "Required parameter Line.Amount is missing in the request", "Amount"
        )
    _agree(change, line["Amount"], detail)
    _income_account(change, detail)
    line["SalesItemLineDetail"] = detail
    return line


def _as_text(line: Document) -> Document:
    """Return what is left of a sales line that names no item."""
    text: Document = {"DetailType": "DescriptionOnly", "DescriptionLineDetail": {}}
    text.update({name: line[name] for name in _TEXT_MEMBERS if name in line})
    return text


def _agree(change: Change, amount: Decimal, detail: Document) -> None:
    """6070 unless Amount is Qty x UnitPrice; a zero among them says nothing."""
    quantity, price = detail.get("Qty"), detail.get("UnitPrice")
    if not quantity or not price:
        return
    difference = abs(cents(quantity * price) - amount)
    if difference > decimal_of(change.book.switch("amount_tolerance")):
        raise errors.AMOUNT_MISMATCH.fault(
            "Amount calculation incorrect in the request. Amount is not equal to"
            " UnitPrice *"
            f" Qty. Supplied value:{amount}",
            "Amount",
        )


def _income_account(change: Change, detail: Document) -> None:
    item_id = detail["ItemRef"]["value"]
    if item_id == SHIPPING_ITEM:
        return
    check_reference(change.book, "Item", item_id, "ItemRef")
    item = change.book.view("Item", item_id) or {}
    if item.get("Type") == "Category":
        raise errors.INVALID_REFERENCE.fault(
            f"Invalid Reference Id : Items element id {item_id} is a category",
            "ItemRef",
        )
    if "IncomeAccountRef" in item:
        detail["ItemAccountRef"] = item["IncomeAccountRef"]


def _discount_amounts(lines: list[Document], net: Decimal) -> None:
    for line in lines:
        if line["DetailType"] != "DiscountLineDetail":
            continue
        detail = line["DiscountLineDetail"]
        by_percent = detail.get("PercentBased")
        given = detail.get("DiscountPercent") if by_percent else line.get("Amount")
        if decimal_of(given) < ZERO:
            raise errors.NEGATIVE_AMOUNT.fault(
                "Negative Amount not allowed : a discount lowers the total.",
                "DiscountPercent" if by_percent else "Amount",
            )
        if by_percent:
            line["Amount"] = cents(net * decimal_of(given) / 100)
        elif "Amount" not in line:
            raise errors.REQUIRED.fault(
                "Required parameter Line.Amount is missing in the request", "Amount"
            )


def _number(change: Change, lines: list[Document]) -> None:
    """Lines keep an Id that the document had; new ones get the next; LineNum follows
    order."""
    old = {line["Id"] for line in (change.before or {}).get("Line", []) if "Id" in line}
    highest = max((int(each) for each in old), default=0)
    kept: set[str] = set()
    for position, line in enumerate(lines, start=1):
        if line.get("Id") not in old - kept:
            highest += 1
            line["Id"] = str(highest)
        kept.add(line["Id"])
        line["LineNum"] = position
