"""Up to 30 operations in one call; each has its own answer.

Source: developer.intuit.com, "Batch" (items are independent, the order of the answers
is free, faults sit inside an answer 200), "Limits and throttles" (30 payloads), "Learn
basic field definitions" (request id up to 36 characters and bId up to 10 when they are
used together).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ._fault_shapes import Fault, faults_in
from ._operations import void_form

__all__ = ["MAX_ITEMS", "BatchAnswer", "BatchItem", "answers_in", "payload_of"]

MAX_ITEMS = 30
_MAX_B_ID = 10
_MAX_REQUEST_ID = 36
_OPERATIONS = ("create", "update", "void", "delete", "query")


@dataclass(frozen=True)
class BatchItem:
    """One operation of a batch.

    :param b_id: 1 to 10 characters, unique in the batch; together with the request id
        it makes a repeat recognisable.
    :param operation: "create", "update", "void", "delete" or "query".
    :param entity: such as "Invoice"; for a query the entity asked for.
    :param payload: the entity; void and delete need Id and SyncToken only; {"Query":
        statement} for a query.
    :raises ValueError: for what QuickBooks would refuse.
    """

    b_id: str
    operation: str
    entity: str
    payload: Mapping[str, Any] = field(repr=False)

    def __post_init__(self) -> None:
        if not 1 <= len(self.b_id) <= _MAX_B_ID:
            raise ValueError(f"b_id must have 1 to {_MAX_B_ID} characters")
        if self.operation not in _OPERATIONS:
            raise ValueError(f"operation must be one of {', '.join(_OPERATIONS)}")

    @classmethod
    def query(cls, b_id: str, entity: str, statement: str) -> BatchItem:
        """An item that asks instead of changing."""
        return cls(b_id, "query", entity, {"Query": statement})

    @property
    def is_write(self) -> bool:
        """Whether it changes something in QuickBooks."""
        return self.operation != "query"

    def as_json(self) -> dict[str, Any]:
        """The item as QuickBooks wants it."""
        if self.operation == "query":
            return {"bId": self.b_id, "Query": self.payload["Query"]}
        if self.operation == "void":
            options, payload = void_form(self.entity, self.payload)
            return {"bId": self.b_id, **options, self.entity: payload}
        return {
            "bId": self.b_id,
            "operation": self.operation,
            self.entity: dict(self.payload),
        }


@dataclass(frozen=True)
class BatchAnswer:
    """What became of one item: an entity, rows, or faults.

    :param entity: the entity as QuickBooks now has it; None when refused, and for a
        query.
    :param faults: why it was refused; a single fault "NO-ANSWER" when the answer leaves
        the item out.
    :param rows: what a query found.
    """

    b_id: str
    entity: dict[str, Any] | None = field(default=None, repr=False)
    faults: tuple[Fault, ...] = ()
    rows: tuple[dict[str, Any], ...] = field(default=(), repr=False)

    @property
    def is_ok(self) -> bool:
        """Whether QuickBooks did what was asked."""
        return not self.faults


def payload_of(items: Sequence[BatchItem], request_id: str) -> dict[str, Any]:
    """Body of the batch call.

    :raises ValueError: no item, more than 30, a b_id twice, a request id that is empty
        or too long.
    """
    if not 1 <= len(items) <= MAX_ITEMS:
        raise ValueError(f"a batch has 1 to {MAX_ITEMS} items, not {len(items)}")
    if len({item.b_id for item in items}) != len(items):
        raise ValueError("each item of a batch needs its own b_id")
    if not 1 <= len(request_id) <= _MAX_REQUEST_ID:
        raise ValueError(
            f"the request id of a batch has 1 to {_MAX_REQUEST_ID} characters"
        )
    return {"BatchItemRequest": [item.as_json() for item in items]}


def answers_in(
    content: Mapping[str, Any], items: Sequence[BatchItem]
) -> list[BatchAnswer]:
    """One answer for each item, in the order of the items."""
    listed = content.get("BatchItemResponse")
    by_id = {
        str(answer.get("bId")): answer
        for answer in (listed if isinstance(listed, list) else [])
        if isinstance(answer, dict)
    }
    return [_answer_of(item, by_id.get(item.b_id)) for item in items]


def _answer_of(item: BatchItem, answer: Mapping[str, Any] | None) -> BatchAnswer:
    if answer is None:
        return _no_answer(item)
    faults = faults_in(answer)
    if faults:
        return BatchAnswer(item.b_id, faults=tuple(faults))
    if item.operation == "query":
        found = answer.get("QueryResponse")
        rows = found.get(item.entity, []) if isinstance(found, dict) else []
        return BatchAnswer(item.b_id, rows=tuple(rows))
    entity = answer.get(item.entity)
    return (
        BatchAnswer(item.b_id, entity=entity)
        if isinstance(entity, dict)
        else _no_answer(item)
    )


def _no_answer(item: BatchItem) -> BatchAnswer:
    fault = Fault("NO-ANSWER", "QuickBooks answered the batch, but not this item")
    return BatchAnswer(item.b_id, faults=(fault,))
