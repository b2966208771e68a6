"""Finding again what may already be in QuickBooks.

A create whose answer was lost is looked up before anything else happens:
documents by number, many in one query, customers by name. Whether what is
found is ours is decided here, by facts only.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from ..mappers.outcome import LookUp
from ..quickbooks import jsonmoney
from ..quickbooks.query import quote, select

__all__ = [
    "dump_look_up",
    "find_ours",
    "has_name",
    "is_ours",
    "load_look_up",
    "questions",
]

#: Values in one query: Intuit names no limit; this keeps the address short.
_VALUES_A_QUERY = 30
#: How far Intuit's clock and ours may differ.
_CLOCK_SKEW = timedelta(minutes=5)
#: Name lists hide their inactive entries unless asked for both.
_ALL_ENTRIES = "Active IN (true, false)"


def dump_look_up(look_up: LookUp | None) -> str:
    """Return the text in which a look-up is saved beside its payload."""
    return jsonmoney.dumps(asdict(look_up)) if look_up else ""


def load_look_up(text: str) -> LookUp | None:
    """Return the look-up that :func:`dump_look_up` saved."""
    if not text:
        return None
    values = jsonmoney.loads(text.encode())
    if values["total"] is not None:
        values["total"] = Decimal(values["total"])
    return LookUp(**values)


def questions(look_ups: Iterable[LookUp]) -> Iterator[tuple[str, str]]:
    """Yield (entity, statement): the queries that find all candidates."""
    by_value: dict[tuple[str, str], list[str]] = {}
    for look_up in look_ups:
        if look_up.display_name:
            key, value = (look_up.entity, _name_of(look_up)), look_up.display_name
        elif look_up.doc_number:
            key, value = (look_up.entity, "DocNumber"), look_up.doc_number
        else:
            # QuickBooks gives the numbers: the customer's documents of that day.
            yield look_up.entity, _by_customer(look_up)
            continue
        by_value.setdefault(key, []).append(value)
    for (entity, name), values in by_value.items():
        for chunk in _chunks(sorted(set(values)), _VALUES_A_QUERY):
            where = f"{name} IN ({', '.join(quote(value) for value in chunk)})"
            if name != "DocNumber":
                where += f" AND {_ALL_ENTRIES}"
            yield entity, select(entity, where=where)


def _name_of(look_up: LookUp) -> str:
    """The property that holds the name; people have another than things."""
    return "DisplayName" if look_up.entity == "Customer" else "Name"


def _by_customer(look_up: LookUp) -> str:
    where = f"CustomerRef = {quote(look_up.customer_id)}"
    if look_up.txn_date:
        where += f" AND TxnDate = {quote(look_up.txn_date)}"
    return select(look_up.entity, where=where)


def _chunks(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def find_ours(
    look_up: LookUp, candidates: Iterable[Mapping[str, Any]], sent_at: datetime
) -> Mapping[str, Any] | None:
    """Return the candidate that our call made, or None.

    :param sent_at: when the call was made for the first time, UTC
    """
    return next(
        (found for found in candidates if is_ours(look_up, found, sent_at)), None
    )


def is_ours(look_up: LookUp, found: Mapping[str, Any], sent_at: datetime) -> bool:
    """Whether ``found`` in QuickBooks is what ``look_up`` describes.

    The marker that we write into the note decides. Where there is no note, a document
    has been typed by a person: it is ours if number, customer and total agree. Without
    a number nothing proves that. A name alone proves nothing either, so a customer
    must then have been made since the call.
    """
    if look_up.display_name:
        return _is_our_name(look_up, found, sent_at)
    if look_up.doc_number and found.get("DocNumber") != look_up.doc_number:
        return False
    customer_id = (found.get("CustomerRef") or {}).get("value")
    if look_up.customer_id and customer_id != look_up.customer_id:
        return False
    note = found.get("PrivateNote") or ""
    if look_up.private_note and (note or not look_up.doc_number):
        return _holds_marker(note, look_up.private_note)
    if look_up.total is None:
        return False
    return Decimal(str(found.get("TotalAmt"))) == look_up.total


def has_name(look_up: LookUp, found: Mapping[str, Any]) -> bool:
    """Whether ``found`` has the name; QuickBooks compares without regard to case."""
    name = str(found.get(_name_of(look_up)) or "")
    return name.casefold() == look_up.display_name.casefold()


def _is_our_name(look_up: LookUp, found: Mapping[str, Any], sent_at: datetime) -> bool:
    if not has_name(look_up, found):
        return False
    if look_up.private_note and found.get("Notes"):
        return _holds_marker(found["Notes"], look_up.private_note)
    return _created_at(found) >= sent_at - _CLOCK_SKEW


def _holds_marker(note: str, marker: str) -> bool:
    # The marker ends with a number: 12 must not be found in 123.
    return re.search(re.escape(marker) + r"(?!\d)", note) is not None


def _created_at(found: Mapping[str, Any]) -> datetime:
    text = (found.get("MetaData") or {}).get("CreateTime")
    if not text:
        return datetime.min.replace(tzinfo=timezone.utc)
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
