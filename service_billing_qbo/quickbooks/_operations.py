"""How each entity is voided: Intuit has two ways, and some entities have none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["void_form"]

# "Invoice" page: operation=void. "Payment" page and VOID_QUERYPARAMETER_PAYMENT of
# Intuit's PHP SDK: an update with include=void. A credit memo cannot be voided by the
# API ("CreditMemo" page: delete only).
_VOID_BY_OPERATION = frozenset({"Invoice"})
_VOID_BY_UPDATE = frozenset({"Payment", "SalesReceipt", "BillPayment"})


def void_form(
    entity: str, payload: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, Any]]:
    """Options and body that void a transaction.

    :param payload: at least Id and SyncToken.
    :return: the options, named as in a batch item ("operation", "optionsData"), and the
        body.
    :raises ValueError: the API cannot void this entity.
    """
    body: dict[str, Any] = {"Id": payload["Id"], "SyncToken": payload["SyncToken"]}
    if entity in _VOID_BY_OPERATION:
        return {"operation": "void"}, body
    if entity in _VOID_BY_UPDATE:
        return {"operation": "update", "optionsData": "void"}, {**body, "sparse": True}
    raise ValueError(f"QuickBooks cannot void a {entity} by its API")
