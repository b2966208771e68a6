"""What a call names: entries of QuickBooks' name lists, by their Ids."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..quickbooks import jsonmoney

__all__ = ["NOTHING_THERE", "named_references"]

#: Codes with which QuickBooks refuses what names something inactive or deleted, without
#: saying what (Intuit, error codes).
NOTHING_THERE = ("610", "2500", "6250")

#: Members that name an entry, by Intuit's entity of its list. No tax codes: what is
#: wrong with those has codes of its own.
_LISTS = {
    "ClassRef": "Class",
    "CustomerRef": "Customer",
    "DepartmentRef": "Department",
    "ExpenseAccountRef": "Account",
    "IncomeAccountRef": "Account",
    "ItemRef": "Item",
    "SalesTermRef": "Term",
}


def named_references(payload_texts: Iterable[str | None]) -> dict[str, list[str]]:
    """Return the Ids that these calls name, by Intuit's entity, each once.

    :param payload_texts: JSON as it was sent
    """
    found: dict[str, dict[str, None]] = {}
    for text in payload_texts:
        for entity, qbo_id in _names_in(jsonmoney.loads(text or "{}")):
            found.setdefault(entity, {})[qbo_id] = None
    return {entity: list(qbo_ids) for entity, qbo_ids in found.items()}


def _names_in(value: Any) -> Iterable[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, member in value.items():
            if name in _LISTS and isinstance(member, Mapping):
                qbo_id = str(member.get("value", ""))
                if qbo_id.isdecimal():
                    yield _LISTS[name], qbo_id
            else:
                yield from _names_in(member)
    elif isinstance(value, list):
        for member in value:
            yield from _names_in(member)
