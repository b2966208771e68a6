"""Statements of the QuickBooks query language; no value breaks out of its quotes.

Source: developer.intuit.com, "Data queries": single quotes, an apostrophe escaped by a
backslash, only AND, at most 1000 rows a page, positions from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

__all__ = ["MAX_RESULTS", "count", "quote", "select", "where_in"]

MAX_RESULTS = 1000
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def quote(value: str | int | Decimal | bool | date) -> str:
    """Write a value for a condition: texts, numbers and dates in quotes, booleans bare.

    :raises ValueError: for a naive datetime and for a text with control characters,
        which no record of QuickBooks can hold.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment needs its offset from UTC")
        text = value.isoformat(timespec="seconds")
    elif isinstance(value, date):
        text = value.isoformat()
    elif isinstance(value, (int, Decimal)):
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
    else:
        text = value
    if _CONTROL.search(text):
        raise ValueError("a value in a query cannot hold control characters")
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def where_in(name: str, values: Iterable[str | int | Decimal | bool | date]) -> str:
    """Condition that ``name`` is one of ``values``.

    :raises ValueError: no value at all: QuickBooks cannot parse an empty list.
    """
    written = ", ".join(quote(value) for value in values)
    if not written:
        raise ValueError("IN needs at least one value")
    return f"{_checked(name)} IN ({written})"


def select(
    entity: str,
    where: str | None = None,
    start: int = 1,
    max_results: int = MAX_RESULTS,
    order_by: str | None = None,
) -> str:
    """One page of an entity.

    :param where: conditions joined by AND, values written by ``quote``.
    :param start: position of the first row, from 1.
    :param max_results: 1 to 1000.
    :raises ValueError: for what QuickBooks would refuse.
    """
    if start < 1:
        raise ValueError("positions start at 1")
    if not 1 <= max_results <= MAX_RESULTS:
        raise ValueError(f"a page has 1 to {MAX_RESULTS} rows")
    order = f" ORDERBY {_checked(order_by)}" if order_by else ""
    return (
        f"SELECT * FROM {_checked(entity)}{_where(where)}{order}"
        f" STARTPOSITION {start} MAXRESULTS {max_results}"
    )


def count(entity: str, where: str | None = None) -> str:
    """Statement that counts the rows of an entity."""
    return f"SELECT COUNT(*) FROM {_checked(entity)}{_where(where)}"


def _where(where: str | None) -> str:
    return f" WHERE {where}" if where else ""


def _checked(name: str) -> str:
    if not _NAME.match(name):
        raise ValueError(f"{name!r} is not the name of an entity or member")
    return name
