"""What preparing one Odoo record for QuickBooks can come to.

Preparing has exactly three ends, so that the engine needs no other word for
them: a :class:`Prepared` call, :class:`CannotExport` with every cause that
stops it, or :class:`NeedsFirst` with the records that must exist in QuickBooks
before this one. Nothing here knows Odoo or the network.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

__all__ = [
    "CLOSED_BOOKS",
    "CannotExport",
    "Cause",
    "LookUp",
    "NeedsFirst",
    "Prepared",
]

#: Key of the cause that the books are closed: a company closes them once, whether it
#: is known in advance or told by QuickBooks' refusal.
CLOSED_BOOKS = "closed:books"


@dataclass(frozen=True)
class LookUp:
    """How to recognise the object in QuickBooks when an answer was lost.

    A document is ours when number, customer and total agree; a customer when
    its display name does.

    :ivar entity: QuickBooks name of the object, for example ``Invoice``
    :ivar txn_date: ISO date of the document
    :ivar private_note: the marker in its note that names the Odoo record
    :ivar display_name: DisplayName of a customer, Name of an item
    """

    entity: str
    doc_number: str = ""
    customer_id: str = ""
    total: Decimal | None = None
    txn_date: str = ""
    private_note: str = ""
    display_name: str = ""


@dataclass(frozen=True)
class Prepared:
    """One call to QuickBooks, ready to be sent.

    :ivar operation: ``create``, ``update``, ``void``, ``delete``, or
        ``nothing`` when QuickBooks already has the present state
    :ivar payload: the object as QuickBooks expects it, money as Decimal
    :ivar expected_total: the total that QuickBooks must answer, in
        ``currency``; None where the object has no total
    :ivar expected_home_total: the same in the company's own currency, where the
        document is in another one
    :ivar home_tolerance: by how much that may differ for rounding alone
    :ivar look_up: how an uncertain outcome is settled
    """

    entity: str
    operation: str
    payload: dict[str, Any]
    expected_total: Decimal | None = None
    expected_tax: Decimal | None = None
    expected_home_total: Decimal | None = None
    home_tolerance: Decimal | None = None
    currency: str | None = None
    doc_number: str | None = None
    look_up: LookUp | None = None


@dataclass(frozen=True)
class Cause:
    """One reason that stops an export, in words that its reader understands.

    :ivar kind: a kind of ``qbo.problem``
    :ivar key: equal for all exports that the same cause stops
    :ivar turn: who can mend it: ``bookkeeper``, ``administrator``, ``clerk``
    :ivar found_text: the object that is in the way, as QuickBooks has it (JSON)
    """

    kind: str
    key: str
    message: str
    todo: str = ""
    res_model: str = ""
    res_id: int = 0
    turn: str = "bookkeeper"
    found_text: str = ""


class CannotExport(Exception):
    """A person must act before this record can go to QuickBooks."""

    def __init__(self, causes: list[Cause]) -> None:
        super().__init__("; ".join(cause.message for cause in causes))
        self.causes = list(causes)


class NeedsFirst(Exception):
    """Records that must be in QuickBooks before this one.

    :ivar records: an Odoo recordset of one model
    """

    def __init__(self, records: Any) -> None:
        super().__init__(f"needs first: {records!r}")
        self.records = records
