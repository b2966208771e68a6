"""JSON in which every number is a Decimal: money never passes through a float."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

import simplejson

__all__ = ["dumps", "loads"]

# QuickBooks holds amounts below 100,000,000,000 ("Item" page: UnitPrice). More digits
# than these are a mistake of the caller, and writing out an exponent of millions would
# fill the memory.
_MAX_MAGNITUDE = 40


def dumps(value: object) -> str:
    """Write JSON, the same text for the same payload: members in order, no spaces.

    Amounts keep the decimals that they carry: ``Decimal("108.20")`` is written as
    108.20.

    :raises TypeError: for a float anywhere (pass a Decimal) and for what JSON cannot
        hold.
    :raises ValueError: for a Decimal that is not finite or beyond any amount.
    """
    _refuse_floats(value, "$")
    return simplejson.dumps(
        value,
        use_decimal=False,
        default=_write_decimal,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        encoding=None,
    )


def loads(text: str | bytes) -> Any:
    """Read JSON; every number becomes a Decimal, whole ones too ("Balance": 85).

    :raises ValueError: when the text is not JSON (cut off, not UTF-8, NaN, nested too
        deeply).
    """
    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_refuse_constant,
        )
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error


def _refuse_floats(value: object, place: str) -> None:
    if isinstance(value, float):
        raise TypeError(f"{place} is a float; give numbers as Decimal or int")
    if isinstance(value, dict):
        for key, member in value.items():
            _refuse_floats(member, f"{place}.{key}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _refuse_floats(item, f"{place}[{index}]")


def _write_decimal(value: object) -> simplejson.RawJSON:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} cannot be written as JSON")
    if not value.is_finite() or abs(value.adjusted()) > _MAX_MAGNITUDE:
        raise ValueError(f"{value} is not an amount")
    # "-0.00" is legal JSON, but an amount has no negative zero.
    return simplejson.RawJSON(format(value if value else value.copy_abs(), "f"))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
