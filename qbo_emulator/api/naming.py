"""Which operation a write means."""

from __future__ import annotations

from qbo_emulator import errors
from qbo_emulator.entities.entity import Entity, Operation

__all__ = ["operation_of"]


def operation_of(
    entity: Entity, named: str, include: frozenset[str], *, changes: bool | None
) -> Operation:
    """Return the operation: by its name, else by whether the body ``changes`` a
    document (None: it must be named).

    ``update`` with ``include=void`` voids (PHP CoreConstants, python-quickbooks).
    Raises 500 for a name that there is not, or that does not void this entity.
    """
    named = named.lower()
    if named in ("", "update") and "void" in include:
        return Operation.VOID
    if not named and changes is not None:
        return Operation.UPDATE if changes else Operation.CREATE
    known = {operation.value: operation for operation in Operation}
    operation = known.get(named)
    if operation is None or (operation is Operation.VOID and entity.void_by_include):
        raise errors.UNSUPPORTED_OPERATION.fault(
            f"Operation {named or 'without a name'} is not supported for {entity.name}."
        )
    return operation
