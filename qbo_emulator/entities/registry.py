"""All entities by name: :data:`ENTITIES`.

A new entity is one more declaration here (see the README).
"""

from __future__ import annotations

from qbo_emulator.entities import (
    attachments,
    company,
    currencies,
    lists,
    names,
    payments,
    sales,
    taxes,
)
from qbo_emulator.entities.entity import Entity

__all__ = ["ENTITIES", "entity_of_path"]

ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        company.COMPANY_INFO,
        company.PREFERENCES,
        names.CUSTOMER,
        names.VENDOR,
        names.EMPLOYEE,
        lists.ACCOUNT,
        lists.ITEM,
        lists.CLASS,
        lists.DEPARTMENT,
        lists.TERM,
        lists.PAYMENT_METHOD,
        currencies.COMPANY_CURRENCY,
        currencies.EXCHANGE_RATE,
        taxes.TAX_CODE,
        taxes.TAX_RATE,
        taxes.TAX_AGENCY,
        sales.INVOICE,
        sales.CREDIT_MEMO,
        payments.PAYMENT,
        attachments.ATTACHABLE,
    )
}

_BY_PATH = {name.lower(): entity for name, entity in ENTITIES.items()}


def entity_of_path(segment: str) -> Entity | None:
    """Return the entity that a path segment names; case does not count."""
    return _BY_PATH.get(segment.lower())
