"""What QuickBooks has of a document, and how that differs from what we know of it.

Plain functions over Intuit's JSON. Whether somebody changed a document is told by what
a bookkeeper would call a change: a payment raises the SyncToken and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from ..quickbooks import jsonmoney

__all__ = ["DELETED", "Facts", "facts_of", "is_deleted", "is_void", "version_of"]

#: What change data capture says of an object that is gone.
DELETED = "Deleted"
#: A voided document stays, with this in front of its note (Intuit, Invoice).
VOID_NOTE = "Voided"


@dataclass(frozen=True)
class Facts:
    """What must not change without the people in Odoo knowing it."""

    total: Decimal
    tax: Decimal
    number: str
    #: ISO date; empty where it is not known.
    date: str = ""
    #: Id of the customer; empty where it is not known.
    customer: str = ""

    def to_text(self) -> str:
        """Return them as they are kept."""
        return jsonmoney.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "Facts":
        """Return what was kept by :meth:`to_text`."""
        kept = jsonmoney.loads(text)
        return cls(
            **{**kept, "total": Decimal(kept["total"]), "tax": Decimal(kept["tax"])}
        )

    def completed(self, other: "Facts") -> "Facts":
        """Return these facts; what is not known among them is as in the other ones."""
        return replace(
            self,
            date=self.date or other.date,
            customer=self.customer or other.customer,
        )


def facts_of(document: Mapping[str, Any]) -> Facts:
    """Return the facts of a document as QuickBooks wrote it."""
    tax = (document.get("TxnTaxDetail") or {}).get("TotalTax")
    return Facts(
        Decimal(document.get("TotalAmt") or 0),
        Decimal(tax or 0),
        document.get("DocNumber") or "",
        document.get("TxnDate") or "",
        (document.get("CustomerRef") or {}).get("value") or "",
    )


def is_deleted(document: Mapping[str, Any]) -> bool:
    """Whether change data capture says that it is gone."""
    return document.get("status") == DELETED


def is_void(document: Mapping[str, Any]) -> bool:
    """Whether it was voided: nothing in it any more, and its note says so."""
    note = (document.get("PrivateNote") or "").strip()
    return not Decimal(document.get("TotalAmt") or 0) and note.startswith(VOID_NOTE)


def version_of(entity: Mapping[str, Any]) -> int:
    """Return the number of its SyncToken; -1 where there is none."""
    token = str(entity.get("SyncToken") or "")
    return int(token) if token.isdigit() else -1
