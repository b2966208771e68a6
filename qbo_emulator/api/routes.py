"""Which call does what. One table; what is not in it is 500 "Unsupported Operation"."""

from __future__ import annotations

from qbo_emulator import errors, operations
from qbo_emulator.api import (
    exchange_rates,
    files,
    invoice_link,
    replays,
    tax_service,
)
from qbo_emulator.api.batch import batch
from qbo_emulator.api.call import Call
from qbo_emulator.api.cdc import change_data_capture
from qbo_emulator.api.content import Content
from qbo_emulator.api.naming import operation_of
from qbo_emulator.api.pdf import pdf
from qbo_emulator.api.sending import send
from qbo_emulator.book import Book
from qbo_emulator.entities.entity import Entity, EntityKind
from qbo_emulator.entities.registry import entity_of_path
from qbo_emulator.jsontext import Document
from qbo_emulator.present import present
from qbo_emulator.query.run import run

__all__ = ["BARE", "handle", "is_metered"]

#: Resources whose answers bear no ``time`` (PET taxservice.md).
BARE = frozenset({tax_service.RESOURCE})


def handle(book: Book, call: Call) -> Document | Content:
    """Return the answer's body without ``time``. Raises ``Fault``.

    A write whose ``requestid`` was answered before gets that answer again.
    """
    if call.resource == "batch" and call.method == "POST":
        replays.check_length(call.request_id, batch=True)
        return batch(book, call)
    if call.method != "POST":
        return _read(book, call)
    if not call.request_id or call.resource == "query":
        return _write(book, call)
    replays.check_length(call.request_id, batch=False)
    key = replays.Key(call.request_id, call.body)
    known = replays.recall(book, key)
    if known is not None:
        return known
    answer = _write(book, call)
    replays.remember(book, key, answer)
    return answer


def is_metered(call: Call) -> bool:
    """True for CorePlus: calls that take data out (reference 3)."""
    return call.method == "GET" or call.resource == "query"


def _read(book: Book, call: Call) -> Document | Content:
    if call.method != "GET":
        raise _unsupported(call)
    match call.path:
        case [name, *_] if name.lower() == "query":
            return {"QueryResponse": run(book, call.args.get("query", ""))}
        case [name, *_] if name.lower() == "cdc":
            return change_data_capture(book, call)
        case [name] if name.lower() == exchange_rates.RESOURCE:
            return exchange_rates.exchange_rate(book, call)
        case ["download", id_]:
            return files.download(book, id_)
    entity = _entity(call)
    if entity.kind is EntityKind.SINGLETON:
        return _shown(book, entity, operations.read(book, entity, "1"), call)
    match call.path:
        case [_, id_]:
            return _shown(book, entity, operations.read(book, entity, id_), call)
        case [_, id_, "pdf"] if entity.kind is EntityKind.TRANSACTION:
            doc = operations.read(book, entity, id_)
            return pdf(book, entity, present(book, entity, doc))
    raise _unsupported(call)


def _write(book: Book, call: Call) -> Document:
    match call.path:
        case [name, *_] if name.lower() == "query":
            return {"QueryResponse": run(book, _statement(call))}
        case [name] if name.lower() == exchange_rates.RESOURCE:
            return exchange_rates.exchange_rate(book, call)
        case [name, _] if name.lower() == tax_service.RESOURCE:
            return tax_service.create_tax_code(book, call)
        case ["upload"]:
            return files.upload(book, call)
    entity = _entity(call)
    match call.path:
        case [_]:
            return _shown(book, entity, _changed(book, entity, call), call)
        case [_, id_, "send"] if "EmailStatus" in entity.field_by_name:
            doc = send(book, entity, id_, call.args.get("sendTo", ""))
            return _shown(book, entity, doc, call)
    raise _unsupported(call)


def _entity(call: Call) -> Entity:
    entity = entity_of_path(call.resource)
    if entity is None:
        raise _unsupported(call)
    return entity


def _unsupported(call: Call) -> errors.Fault:
    return errors.UNSUPPORTED_OPERATION.fault(
        f"Operation {call.method} {'/'.join(call.path)} is not supported."
    )


def _statement(call: Call) -> str:
    try:
        return call.body.decode("utf-8")
    except UnicodeDecodeError:
        raise errors.UNSUPPORTED_OPERATION.fault() from None


def _changed(book: Book, entity: Entity, call: Call) -> Document:
    sent = call.document()
    operation = operation_of(
        entity,
        call.args.get("operation", ""),
        call.include,
        changes=bool(sent.get("Id")) or entity.kind is EntityKind.SINGLETON,
    )
    return operations.perform(book, entity, operation, sent, call.include)


def _shown(book: Book, entity: Entity, doc: Document, call: Call) -> Document:
    shown = present(book, entity, doc)
    if entity.name == "Invoice" and "invoicelink" in call.include:
        invoice_link.add(book, shown)
    return {entity.name: shown}
