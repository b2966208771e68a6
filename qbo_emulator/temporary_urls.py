"""Addresses of files that need no token, for a quarter of an hour."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from qbo_emulator.clock import microseconds

if TYPE_CHECKING:
    from qbo_emulator.book import Book

__all__ = ["FILES", "is_good", "temporary_url"]

#: Where temporary addresses point to.
FILES = "/_files/"
#: How long one is good for (ABO attachable.md).
LIFE_S = 15 * 60
_KEY = secrets.token_bytes(32)


def temporary_url(book: Book, id_: str) -> str:
    """Return the address of a file, good for a quarter of an hour."""
    expires = microseconds(book.now()) + LIFE_S * 1_000_000
    query = {"expires": expires, "signature": _signature(book.realm_id, id_, expires)}
    return f"{book.base_url}{FILES}{book.realm_id}/{id_}?{urlencode(query)}"


def is_good(book: Book, id_: str, args: Mapping[str, str]) -> bool:
    """True for the query of an address that was given out and has not lapsed."""
    text = args.get("expires", "")
    expires = int(text) if text.isascii() and text.isdigit() else 0
    right = _signature(book.realm_id, id_, expires)
    given = args.get("signature", "")
    return expires >= microseconds(book.now()) and hmac.compare_digest(
        right.encode(), given.encode()
    )


def _signature(realm_id: str, id_: str, expires: int) -> str:
    text = f"{realm_id}/{id_}/{expires}"
    return hmac.new(_KEY, text.encode(), hashlib.sha256).hexdigest()
