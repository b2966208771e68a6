"""Runs a query against the store: conditions become SQL, indexed where it matters."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from qbo_emulator import errors
from qbo_emulator.book import DELETED_SUFFIX, Book, fold
from qbo_emulator.clock import microseconds, moment_of
from qbo_emulator.entities.entity import Entity
from qbo_emulator.entities.fields import Field, FieldKind
from qbo_emulator.jsontext import Document, loads
from qbo_emulator.present import present
from qbo_emulator.query.grammar import Condition, OrderKey, Query, parse

__all__ = ["DEFAULT_ROWS", "MAX_ROWS", "run"]

DEFAULT_ROWS = 100
MAX_ROWS = 1000
#: No company has so many rows; Intuit names no limit.
MAX_START = 2**31 - 1
#: Lists hide what is inactive unless a query asks for it; the pseudo tax codes have no
#: state.
_IMPLIED_ACTIVE = "(active IS NULL OR active = 1)"
_TODAY = "CURRENT_DATE"
_META_COLUMNS = {
    "MetaData.CreateTime": "created_at",
    "MetaData.LastUpdatedTime": "updated_at",
}


def run(book: Book, statement: str) -> Document:
    """Return the value of ``QueryResponse``. Raises Fault 4000, 4001."""
    query = parse(statement)
    entity = _entity(book, query.entity)
    start, limit = _window(query)
    where, values = _where(book, entity, query)
    if query.count:
        row = book.connection.execute(
            f"SELECT COUNT(*) AS total FROM documents WHERE {where}", values
        ).fetchone()
        return {"totalCount": row["total"]}
    order = _order(entity, query.order)
    rows = book.connection.execute(
        f"SELECT body FROM documents WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
        (*values, limit, start - 1),
    ).fetchall()
    if not rows:
        return {}
    documents = [present(book, entity, loads(row["body"])) for row in rows]
    return {
        entity.name: documents,
        "startPosition": start,
        "maxResults": len(documents),
    }


def _entity(book: Book, name: str) -> Entity:
    for entity in book.entities.values():
        if entity.name.lower() == name.lower():
            return entity
    raise errors.QUERY_VALIDATION.fault(
        f"QueryValidationError: Invalid context declaration: {name}"
    )


def _window(query: Query) -> tuple[int, int]:
    start = 1 if query.start is None else query.start
    if start < 1:
        raise errors.QUERY_VALIDATION.fault(
            f"QueryValidationError: value {start} is too small. Min allowed value is 1"
        )
    if start > MAX_START:
        raise errors.QUERY_VALIDATION.fault(
            f"QueryValidationError: value {start} is too large. Max allowed value is"
            f" {MAX_START}"
        )
    limit = DEFAULT_ROWS if query.limit is None else query.limit
    if limit > MAX_ROWS:
        raise errors.QUERY_VALIDATION.fault(
            f"QueryValidationError: value {limit} is too large. Max allowed value is"
            f" {MAX_ROWS}"
        )
    if limit < 1:
        raise errors.QUERY_VALIDATION.fault(
            f"QueryValidationError: value {limit} is too small. Min allowed value is 1"
        )
    return start, limit


def _where(book: Book, entity: Entity, query: Query) -> tuple[str, list[Any]]:
    parts = ["realm_id = ?", "entity = ?", "deleted = 0"]
    values: list[Any] = [book.realm_id, entity.name]
    if entity.has_active and not any(
        c.name.lower() == "active" for c in query.conditions
    ):
        parts.append(_IMPLIED_ACTIVE)
    for condition in query.conditions:
        sql, more = _condition(book, entity, condition)
        parts.append(sql)
        values += more
    return " AND ".join(parts), values


def _order(entity: Entity, keys: tuple[OrderKey, ...]) -> str:
    parts = []
    for key in keys:
        column, field = _column(entity, key.name)
        fold_case = field is not None and field.kind is FieldKind.TEXT
        collate = " COLLATE NOCASE" if fold_case else ""
        parts.append(f"{column}{collate}{' DESC' if key.descending else ''}")
    return ", ".join([*parts, "seq"])


def _column(entity: Entity, name: str) -> tuple[str, Field | None]:
    """Return the SQL of a property. Raises 4001 unless it is filterable."""
    for meta, column in _META_COLUMNS.items():
        if meta.lower() == name.lower():
            return column, None
    if name.lower() == "id":
        return "id", None
    for path, sql in entity.columns.items():
        if "." in path and path.lower() == name.lower():
            return sql, None
    for field in entity.fields:
        if field.filterable and field.name.lower() == name.lower():
            column = entity.columns.get(field.name, "")
            if column:
                return column, field
            path = f"$.{field.name}" + (".value" if field.kind is FieldKind.REF else "")
            return f"json_extract(body, '{path}')", field
    raise errors.QUERY_VALIDATION.fault(
        f"QueryValidationError: Property {name} not found for Entity {entity.name}"
    )


def _condition(
    book: Book, entity: Entity, condition: Condition
) -> tuple[str, list[Any]]:
    column, field = _column(entity, condition.name)
    if column == "id" and condition.operator not in ("=", "IN"):
        raise errors.QUERY_VALIDATION.fault(
            f"QueryValidationError: Operator {condition.operator} is not supported for"
            f" Id"
        )
    if column == "display" and condition.operator in ("=", "IN"):
        return _named(condition.values)
    if condition.operator == "LIKE":
        # % is the only wildcard; to SQLite _ would be another
        pattern = re.sub(r"([_!])", r"!\1", condition.values[0])
        return f"{column} LIKE ? ESCAPE '!'", [pattern]
    values = [_operand(book, column, field, value) for value in condition.values]
    if condition.operator == "IN":
        marks = ",".join("?" * len(values))
        return f"{column}{_collation(field)} IN ({marks})", values
    if values[0] == "" and condition.operator == "=":
        return f"({column} IS NULL OR {column} = '')", []
    return f"{column} {condition.operator} ?{_collation(field)}", values


def _named(names: tuple[str, ...]) -> tuple[str, list[Any]]:
    """Return the condition on the name of a list's elements, by its index: the index
    leaves out the " (deleted)" that stands at the end of inactive ones."""
    parts, values = [], []
    for name in names:
        is_deleted = name.lower().endswith(DELETED_SUFFIX)
        kept = name[: -len(DELETED_SUFFIX)] if is_deleted else name
        sign = "LIKE" if is_deleted else "NOT LIKE"
        parts.append(f"(name_key = ? AND display {sign} '%{DELETED_SUFFIX}')")
        values.append(fold(kept))
    return f"({' OR '.join(parts)})", values


def _collation(field: Field | None) -> str:
    return (
        " COLLATE NOCASE" if field is not None and field.kind is FieldKind.TEXT else ""
    )


def _operand(book: Book, column: str, field: Field | None, value: str) -> Any:
    if column in _META_COLUMNS.values():
        return _moment(book, value)
    if column == "doc_number":
        return fold(value)
    if field is not None and field.kind is FieldKind.FLAG:
        return int(value.lower() == "true")
    if field is not None and field.kind in (FieldKind.AMOUNT, FieldKind.WHOLE):
        return _number(value)
    if field is not None and field.kind is FieldKind.DAY and value.upper() == _TODAY:
        return book.today().isoformat()
    if field is not None and field.kind is FieldKind.DAY and value:
        _check_day(value)
    return value


def _check_day(value: str) -> None:
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        raise errors.QUERY_VALIDATION.fault(
            f"QueryValidationError: {value} is not a date"
        ) from None


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise errors.QUERY_VALIDATION.fault(
            f"QueryValidationError: {value} is not a number"
        ) from None


def _moment(book: Book, value: str) -> int:
    """Return microseconds of a date and time."""
    if value.upper() == _TODAY:
        value = book.today().isoformat()
    try:
        return microseconds(moment_of(value))
    except ValueError:
        raise errors.QUERY_VALIDATION.fault(
            f"QueryValidationError: {value} is not a date and time"
        ) from None
