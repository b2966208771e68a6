"""JSON text with exact amounts: numbers are ``Decimal`` on the way in and out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import simplejson

__all__ = ["Document", "JsonError", "dumps", "loads"]

#: A JSON object as QuickBooks writes it. Amounts inside are ``Decimal`` or ``int``.
Document = dict[str, Any]

JsonError = simplejson.JSONDecodeError

_options: Document = {"use_decimal": True, "separators": (",", ":")}
_encoder = simplejson.JSONEncoder(ensure_ascii=True, **_options)
_utf8_encoder = simplejson.JSONEncoder(ensure_ascii=False, **_options)
_decoder = simplejson.JSONDecoder(parse_float=Decimal)


def dumps(value: Any) -> str:
    """Return compact JSON text; ``Decimal`` is written digit by digit."""
    text = str(_encoder.encode(value))
    # Characters are written as such, as QuickBooks does; but simplejson has C code for
    # ASCII only, and most documents are nothing else.
    return str(_utf8_encoder.encode(value)) if "\\u" in text else text


def loads(text: str | bytes) -> Any:
    """Return the value of JSON text. Raises :data:`JsonError`,
    ``UnicodeDecodeError``."""
    if isinstance(text, bytes):
        text = text.decode("utf-8")
    try:
        return _decoder.decode(text)
    except JsonError:
        raise
    except (RecursionError, ValueError) as problem:
        # nested too deep, or a number of thousands of digits
        raise JsonError(f"cannot be read: {problem}", text[:20], 0) from None
