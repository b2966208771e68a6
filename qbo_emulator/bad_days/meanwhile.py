"""What others do just before the call that a fault strikes."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qbo_emulator.state import Emulator
    from qbo_emulator.wire.exchange import Exchange

__all__ = ["age_refresh_token", "jump", "refresh_first", "someone_edits"]

Options = dict[str, Any]


def someone_edits(
    emulator: Emulator,
    connection: sqlite3.Connection,
    exchange: Exchange,
    _options: Options,
) -> None:
    """Another user saves the documents that the call is about: their SyncToken moves
    on."""
    book = emulator.book(connection, exchange.call.realm_id)
    for name, id_ in exchange.changed:
        doc = book.find(name, id_)
        if doc is not None:
            book.update(book.entities[name], doc)


def jump(
    emulator: Emulator,
    connection: sqlite3.Connection,
    _exchange: Exchange,
    options: Options,
) -> None:
    """The clock goes on, or back, by ``seconds`` (an hour)."""
    emulator.advance_clock(connection, float(options.get("seconds", 3600)))


def age_refresh_token(
    emulator: Emulator,
    connection: sqlite3.Connection,
    exchange: Exchange,
    _options: Options,
) -> None:
    """The refresh token's value has turned a day old: this refresh replaces it."""
    emulator.tokens(connection).age(exchange.form.get("refresh_token", ""))


def refresh_first(
    emulator: Emulator,
    connection: sqlite3.Connection,
    exchange: Exchange,
    _options: Options,
) -> None:
    """Another process of the app refreshes with the same value and gets a new one."""
    tokens = emulator.tokens(connection)
    value = exchange.form.get("refresh_token", "")
    if tokens.age(value):
        tokens.refresh(value)
