"""What an Attachable must hold (ABO attachable.md)."""

from __future__ import annotations

from qbo_emulator import errors
from qbo_emulator.change import Change

__all__ = ["linked", "something_to_keep"]


def something_to_keep(change: Change) -> None:
    """A file's name or a note; neither is 2020."""
    if not change.doc.get("FileName") and not change.doc.get("Note"):
        raise errors.REQUIRED.fault(
            "Required parameter Note is missing in the request", "Note"
        )


def linked(change: Change) -> None:
    """Each EntityRef names a document that there is (2500)."""
    entities = {name.lower(): name for name in change.book.entities}
    for link in change.doc.get("AttachableRef", []):
        target = link.get("EntityRef", {})
        if not target:
            continue
        name = entities.get(str(target.get("type", "")).lower(), "")
        id_ = str(target.get("value", ""))
        if not name or change.book.element(name, id_) is None:
            raise errors.INVALID_REFERENCE.fault(
                f"Invalid Reference Id : {name or target.get('type')} element id {id_}"
                " not found",
                "EntityRef",
            )
