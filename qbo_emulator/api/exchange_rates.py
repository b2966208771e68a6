"""``exchangerate``: the rate of a day, read and set (PET exchangerate.md)."""

from __future__ import annotations

from datetime import date

from qbo_emulator import errors, operations
from qbo_emulator.api.call import Call
from qbo_emulator.book import Book, fold
from qbo_emulator.entities.entity import Entity
from qbo_emulator.jsontext import Document, loads
from qbo_emulator.present import present
from qbo_emulator.rules.currencies import rate_on

__all__ = ["RESOURCE", "exchange_rate"]

RESOURCE = "exchangerate"


def exchange_rate(book: Book, call: Call) -> Document:
    """GET answers ``sourcecurrencycode`` and ``asofdate``; POST sets a rate.

    Raises 2020 without a currency, 2060 for a day that is none, 2220 for a currency
    that QuickBooks does not know, 6000 for the home currency's rate.
    """
    entity = book.entities["ExchangeRate"]
    doc = _set(book, entity, call) if call.method == "POST" else _get(book, call)
    return {entity.name: present(book, entity, doc)}


def _get(book: Book, call: Call) -> Document:
    code = call.args.get("sourcecurrencycode", "").upper()
    if not code:
        raise errors.REQUIRED.fault(
            "Required parameter sourcecurrencycode is missing in the request",
            "sourcecurrencycode",
        )
    day = _day(call.args.get("asofdate") or book.today().isoformat())
    kept = _kept(book, code, day)
    if kept is not None:
        return kept
    return {
        "Id": "",
        "SyncToken": "0",
        "SourceCurrencyCode": code,
        "TargetCurrencyCode": book.home_currency,
        "Rate": rate_on(book, code, day),
        "AsOfDate": day,
    }


def _set(book: Book, entity: Entity, call: Call) -> Document:
    sent = call.document()
    code = str(sent.get("SourceCurrencyCode", ""))
    kept = _kept(book, code, str(sent.get("AsOfDate") or book.today().isoformat()))
    if kept is None:
        return operations.create(book, entity, sent)
    token = sent.get("SyncToken", kept["SyncToken"])
    return operations.update(
        book, entity, {**sent, "Id": kept["Id"], "SyncToken": token, "sparse": True}
    )


def _kept(book: Book, code: str, day: str) -> Document | None:
    """Return the rate that the company has set for this very day, or None."""
    row = book.connection.execute(
        "SELECT body FROM documents WHERE realm_id = ? AND entity = 'ExchangeRate'"
        " AND name_key = ? AND json_extract(body, '$.AsOfDate') = ?",
        (book.realm_id, fold(code), day),
    ).fetchone()
    return None if row is None else loads(row["body"])


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise errors.INVALID_DATE.fault(f"Invalid Date : {text}", "asofdate") from None
