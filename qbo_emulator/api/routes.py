"""Which call does what. One table; what is not in it is 500 "Unsupported Operation"."""

from __future__ import annotations

from qbo_emulator import errors, operations
from qbo_emulator.api import exchange_rates, replays, tax_service
from qbo_emulator.api.batch import batch
from qbo_emulator.api.call import Call
from qbo_emulator.api.cdc import change_data_capture
from qbo_emulator.api.naming import operation_of
from qbo_emulator.book import Book
from qbo_emulator.entities.entity import Entity, EntityKind
from qbo_emulator.entities.registry import entity_of_path
from qbo_emulator.jsontext import Document
from qbo_emulator.present import present
from qbo_emulator.query.run import run

__all__ = ["BARE", "handle", "is_metered"]

#: Resources whose answers bear no ``time`` (PET taxservice.md).
BARE = frozenset({tax_service.RESOURCE})


def handle(book: Book, call: Call) -> Document:
    """Return the answer's body without ``time``. Raises ``Fault``.

    A write whose ``requestid`` was answered before gets that answer again.
    """
    if call.resource == "batch" and call.method == "POST":
        replays.check_length(call.request_id, batch=True)
        return batch(book, call)
    if call.method != "POST" or not call.request_id or call.resource == "query":
        return _execute(book, call)
    replays.check_length(call.request_id, batch=False)
    key = replays.Key(call.request_id, call.body)
    known = replays.recall(book, key)
    if known is not None:
        return known
    answer = _execute(book, call)
    replays.remember(book, key, answer)
    return answer


def is_metered(call: Call) -> bool:
    """True for CorePlus: calls that take data out (reference 3)."""
    return call.method == "GET" or call.resource == "query"


def _execute(book: Book, call: Call) -> Document:
    if call.resource == "query":
        return {"QueryResponse": run(book, _statement(call))}
    if call.resource == "cdc" and call.method == "GET":
        return change_data_capture(book, call)
    if call.resource == exchange_rates.RESOURCE and len(call.path) == 1:
        return exchange_rates.exchange_rate(book, call)
    if call.resource == tax_service.RESOURCE and call.method == "POST":
        return tax_service.create_tax_code(book, call)
    entity = entity_of_path(call.resource)
    if entity is not None:
        if call.method == "POST" and len(call.path) == 1:
            return _write(book, entity, call)
        if call.method == "GET":
            return _read(book, entity, call)
    raise errors.UNSUPPORTED_OPERATION.fault(
        f"Operation {call.method} {'/'.join(call.path)} is not supported."
    )


def _statement(call: Call) -> str:
    if call.method == "POST":
        try:
            return call.body.decode("utf-8")
        except UnicodeDecodeError:
            raise errors.UNSUPPORTED_OPERATION.fault() from None
    return call.args.get("query", "")


def _read(book: Book, entity: Entity, call: Call) -> Document:
    if entity.kind is EntityKind.SINGLETON:
        id_ = "1"  # companyinfo/<realmId>; the object's own Id is "1"
    elif len(call.path) == 2:
        id_ = call.path[1]
    else:
        raise errors.UNSUPPORTED_OPERATION.fault(
            f"Operation {'/'.join(call.path)} is not supported."
        )
    return {entity.name: present(book, entity, operations.read(book, entity, id_))}


def _write(book: Book, entity: Entity, call: Call) -> Document:
    sent = call.document()
    operation = operation_of(
        entity,
        call.args.get("operation", ""),
        call.include,
        changes=bool(sent.get("Id")) or entity.kind is EntityKind.SINGLETON,
    )
    doc = operations.perform(book, entity, operation, sent, call.include)
    return {entity.name: present(book, entity, doc)}
