"""Items and terms: what their type asks for and forbids."""

from __future__ import annotations

from qbo_emulator import errors
from qbo_emulator.change import Change

__all__ = ["by_type", "term_type"]

_STOCK_MEMBERS = ("QtyOnHand", "InvStartDate", "AssetAccountRef", "ReorderPoint")
_NEEDED = {
    "Service": ("IncomeAccountRef",),
    "NonInventory": ("IncomeAccountRef",),
    "Inventory": (
        "IncomeAccountRef",
        "ExpenseAccountRef",
        "AssetAccountRef",
        "QtyOnHand",
        "InvStartDate",
    ),
    "Category": (),
    "Group": (),
}


def by_type(change: Change) -> None:
    """Accounts that the type needs (2020), stock members that only stock has (2010)."""
    doc = change.doc
    kind = doc.setdefault("Type", "Service")
    needed = _NEEDED[kind]
    if kind in ("Service", "NonInventory") and not change.book.is_us:
        needed += ("ExpenseAccountRef",)  # asked for outside the US (PET item.md)
    for name in needed:
        if name not in doc:
            raise errors.REQUIRED.fault(
                f"Required parameter {name} is missing in the request", name
            )
    if kind != "Inventory":
        for name in _STOCK_MEMBERS:
            if change.sent.get(name) is not None:
                raise errors.UNSUPPORTED_PROPERTY.fault(
                    f"Property Name:{name} specified is unsupported or invalid", name
                )
    if change.before and change.before["Type"] == "Inventory" != kind:
        raise errors.BUSINESS.fault(
            "Business Validation Error: The type of an inventory item cannot be"
            " changed.",
            "Type",
        )
    doc["TrackQtyOnHand"] = kind == "Inventory"
    if kind not in ("Category", "Group"):
        doc.setdefault("UnitPrice", 0)
        if change.book.is_us:
            doc.setdefault("Taxable", False)


def term_type(change: Change) -> None:
    """A term is due after DueDays (0 to 999) or on DayOfMonthDue (1 to 31)."""
    doc = change.doc
    if "DayOfMonthDue" in doc:
        doc["Type"] = "DATE_DRIVEN"
        fits = 1 <= doc["DayOfMonthDue"] <= 31
    else:
        doc["Type"] = "STANDARD"
        fits = 0 <= doc.setdefault("DueDays", 0) <= 999
        doc.setdefault("DiscountPercent", 0)
        doc.setdefault("DiscountDays", 0)
    if not fits:
        raise errors.INVALID_NUMBER.fault(
            "Invalid Number : DueDays is 0 to 999, DayOfMonthDue 1 to 31.", "DueDays"
        )
