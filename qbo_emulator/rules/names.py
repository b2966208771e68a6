"""Names: how they are made, that they are unique, what happens when one is made
inactive."""

from __future__ import annotations

from qbo_emulator import errors
from qbo_emulator.book import DELETED_SUFFIX
from qbo_emulator.change import Change
from qbo_emulator.entities.entity import Rule

__all__ = ["inactive_suffix", "levels", "person_names", "unique_name"]

#: Customers, classes, departments and accounts nest this deep (reference 6.3, 6.8).
MAX_LEVELS = 5
_NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")


def person_names(change: Change) -> None:
    """DisplayName from the parts of the name (6080 without any), then what follows from
    it."""
    doc = change.doc
    if not doc.get("DisplayName"):
        parts = [str(doc[part]) for part in _NAME_PARTS if doc.get(part)]
        if not parts:
            raise errors.NAME_MISSING.fault(
                "Name required : DisplayName or one of Title, GivenName, MiddleName,"
                " FamilyName or Suffix must be given.",
                "DisplayName",
            )
        doc["DisplayName"] = " ".join(parts)
    doc["DisplayName"] = doc["DisplayName"].strip()
    doc.setdefault("PrintOnCheckName", doc.get("CompanyName") or doc["DisplayName"])
    doc["PrintOnCheckName"] = doc["PrintOnCheckName"][:110]


def unique_name(change: Change) -> None:
    """6240 when the name is taken, by an inactive element too (reference 6.3)."""
    entity = change.entity
    name = str(change.doc.get(entity.display, "")).strip()
    if not name:
        raise errors.REQUIRED.fault(
            f"Required parameter {entity.display} is missing in the request",
            entity.display,
        )
    name = name.removesuffix(DELETED_SUFFIX)
    parent = change.doc.get("ParentRef", {}).get("value")
    for other, other_id in change.book.find_by_name(
        entity.name_space or (entity.name,), name
    ):
        if other == entity.name:
            if other_id == change.id or not _same_level(change, other_id, parent):
                continue
            ending = f"Id={other_id}"
        else:
            ending = (
                "Another customer, vendor or employee is already using this name."
                " Please use a different name."
            )
        raise errors.DUPLICATE_NAME.fault(
            f"The name supplied already exists. : {ending}"
        )


def _same_level(change: Change, other_id: str, parent: str | None) -> bool:
    """Lists without a shared space of names may repeat a name under another parent."""
    if change.entity.name_space:
        return True
    other = change.book.view(change.entity.name, other_id) or {}
    return bool(other.get("ParentRef", {}).get("value") == parent)


def levels(sub_member: str | None = None) -> Rule:
    """Return the rule that fills FullyQualifiedName and Level from ParentRef.

    ``sub_member`` is the flag that says "has a parent" (SubItem, SubClass, Job, ...).
    """

    def rule(change: Change) -> None:
        doc, entity = change.doc, change.entity
        parent_id = doc.get("ParentRef", {}).get("value")
        parent = change.book.view(entity.name, parent_id) if parent_id else None
        level = int(parent.get("Level", 0)) + 1 if parent else 0
        if level >= MAX_LEVELS:
            raise errors.BUSINESS.fault(
                "Business Validation Error: You can only have five levels of"
                f" {entity.name.lower()}s.",
                "ParentRef",
            )
        _refuse_circle(change, parent_id)
        name = str(doc[entity.display])
        doc["FullyQualifiedName"] = (
            f"{parent['FullyQualifiedName']}:{name}" if parent else name
        )
        if parent:
            doc["Level"] = level
        else:
            doc.pop("Level", None)
        if sub_member is not None:
            doc[sub_member] = parent is not None

    return rule


def _refuse_circle(change: Change, parent_id: str | None) -> None:
    """900 for an element below itself."""
    while parent_id and not change.is_new:
        if parent_id == change.id:
            raise errors.PARENT_IS_CHILD.fault(
                "Parent cannot be child : An element cannot be its own parent.",
                "ParentRef",
            )
        above = change.book.view(change.entity.name, parent_id) or {}
        parent_id = above.get("ParentRef", {}).get("value")


def inactive_suffix(change: Change) -> None:
    """ " (deleted)" is added when an element is made inactive, taken off when it comes
    back."""
    doc, member = change.doc, change.entity.display
    name = str(doc[member]).removesuffix(DELETED_SUFFIX)
    doc[member] = name if doc.get("Active", True) else name + DELETED_SUFFIX
