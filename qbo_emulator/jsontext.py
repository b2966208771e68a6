"""JSON text with exact amounts: numbers are ``Decimal`` on the way in and out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import simplejson

__all__ = ["Document", "JsonError", "dumps", "loads"]

#: A JSON object as QuickBooks writes it. Amounts inside are ``Decimal`` or ``int``.
Document = dict[str, Any]

JsonError = simplejson.JSONDecodeError

_encoder = simplejson.JSONEncoder(
    use_decimal=True, ensure_ascii=False, separators=(",", ":")
)
_decoder = simplejson.JSONDecoder(parse_float=Decimal)


def dumps(value: Any) -> str:
    """Return compact JSON text; ``Decimal`` is written digit by digit."""
    return str(_encoder.encode(value))


def loads(text: str | bytes) -> Any:
    """Return the value of JSON text. Raises :data:`JsonError`,
    ``UnicodeDecodeError``."""
    if isinstance(text, bytes):
        text = text.decode("utf-8")
    return _decoder.decode(text)
