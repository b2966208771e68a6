"""Is every Odoo document in QuickBooks once, with an equal total?

Judged on plain values. Odoo's side comes from Odoo, QuickBooks' side from QuickBooks'
own books: what Odoo believes about QuickBooks is compared too, never trusted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

QBO_ENTITY = {"out_invoice": "Invoice", "out_refund": "CreditMemo"}


@dataclass(frozen=True)
class OdooDocument:
    """A posted invoice or credit note as Odoo shows it to the clerk."""

    number: str
    move_type: str
    customer: str
    total: Decimal
    tax: Decimal
    currency: str
    qbo_id: str
    status: str
    status_label: str
    message: str = ""


@dataclass(frozen=True)
class Row:
    """One document on both sides, and what is wrong with it, if anything."""

    odoo: OdooDocument
    qbo_id: str
    qbo_total: Decimal | None
    qbo_tax: Decimal | None
    faults: tuple[str, ...]

    @property
    def is_credit_note(self) -> bool:
        """Whether the document gives money back."""
        return self.odoo.move_type == "out_refund"


def money(value: Decimal | float | int | str) -> Decimal:
    """An amount to the cent; JSON numbers become exact through their shortest text."""
    return Decimal(str(value)).quantize(Decimal("0.01"))


def compare(
    documents: Iterable[OdooDocument], books: dict[str, list[dict]]
) -> list[Row]:
    """Match Odoo's documents with QuickBooks' ``books`` (by entity) by number."""
    by_number: dict[tuple[str, str], list[dict]] = {}
    for entity in QBO_ENTITY.values():
        for found in books.get(entity, []):
            by_number.setdefault((entity, found.get("DocNumber", "")), []).append(found)
    return [
        _row(
            document,
            by_number.get((QBO_ENTITY[document.move_type], document.number), []),
        )
        for document in documents
    ]


def _row(document: OdooDocument, found: list[dict]) -> Row:
    """One document compared with the QuickBooks objects that bear its number."""
    if not found:
        where = f"Odoo shows it as {document.status_label}"
        return Row(document, "", None, None, ("not in QuickBooks", where))
    first = found[0]
    total = money(first["TotalAmt"])
    tax = money((first.get("TxnTaxDetail") or {}).get("TotalTax", 0))
    faults = []
    if len(found) > 1:
        faults.append(f"{len(found)} times in QuickBooks")
    if total != document.total:
        faults.append(f"the totals differ by {total - document.total}")
    if tax != document.tax:
        faults.append(f"the taxes differ by {tax - document.tax}")
    if document.qbo_id != first["Id"]:
        faults.append(f"Odoo believes that its Id is {document.qbo_id or 'unknown'}")
    if document.status != "exported":
        faults.append(f"Odoo shows it as {document.status_label}")
    return Row(document, first["Id"], total, tax, tuple(faults))


def strangers(
    documents: Iterable[OdooDocument], books: dict[str, list[dict]]
) -> list[str]:
    """QuickBooks documents without a number of ours: sent wrongly, or not by us."""
    ours = {(QBO_ENTITY[document.move_type], document.number) for document in documents}
    return [
        f"{entity} {found.get('DocNumber') or '(no number)'}, Id {found['Id']}"
        for entity in QBO_ENTITY.values()
        for found in books.get(entity, [])
        if (entity, found.get("DocNumber", "")) not in ours
    ]


def doubled_customers(books: dict[str, list[dict]]) -> list[str]:
    """Customer names that QuickBooks has more than once, whatever their case."""
    seen: dict[str, int] = {}
    for customer in books.get("Customer", []):
        name = customer["DisplayName"].casefold()
        seen[name] = seen.get(name, 0) + 1
    return [name for name, times in seen.items() if times > 1]
