"""Checks an answer against the names, types and enumerations of Intuit's schemas."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from .convert import TABLE

_TABLE = json.loads(TABLE.read_text(encoding="utf-8"))
_TYPES: dict[str, Any] = _TABLE["types"]
_ENUMS: dict[str, Any] = _TABLE["enums"]

#: What Intuit's JSON has and its schemas do not; the page or sample that shows it.
BEYOND_SCHEMAS = {
    # Intuit's JSON of a payment's line: {"any": [{"name", "value": {...}, ...}]}
    "IntuitAnyType": {"any": "any[]"},
}

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def problems_of(text: str) -> list[str]:
    """Return what of a JSON answer the schemas do not know; empty when all is well."""
    answer = json.loads(text, parse_float=Decimal)
    found: list[str] = []
    if "fault" in answer:
        return _gateway_problems(answer)
    if "TaxCodeId" in answer:  # tax service's answer has nothing around it
        _complex("TaxService", answer, "TaxService", found)
        return found
    for name, value in answer.items():
        if name == "time":
            _simple("xs:dateTime", value, name, found)
        elif name == "BatchItemResponse":
            for n, item in enumerate(value):
                _wrapped(item, f"{name}[{n}]", found)
        elif name == "CDCResponse":
            for n, part in enumerate(value):
                for query in part["QueryResponse"]:
                    _wrapped(query, f"{name}[{n}].QueryResponse", found)
        elif name == "AttachableResponse":
            for n, item in enumerate(value):
                _wrapped(item, f"{name}[{n}]", found)
        else:
            _wrapped({name: value}, "", found)
    return found


def _gateway_problems(answer: dict[str, Any]) -> list[str]:
    """The gateway writes faults with small letters, null for nothing, time in ms."""
    found: list[str] = []
    _simple("xs:long", answer["time"], "time", found)
    members = {name.lower() for kind in ("Fault", "Error") for name in _members(kind)}
    fault = answer["fault"]
    for holder in (fault, *fault["error"]):
        for name, value in holder.items():
            if name != name.lower() or name not in members:
                found.append(f"fault.{name}: not in Fault")
            if name != "error" and value is not None:
                _simple("xs:string", value, f"fault.{name}", found)
    return found


def _wrapped(holder: dict[str, Any], path: str, found: list[str]) -> None:
    """Check what stands around entities: a QueryResponse, a batch's item."""
    for name, value in holder.items():
        where = f"{path}.{name}".lstrip(".")
        if name == "QueryResponse":
            _wrapped(value, where, found)
        elif name in ("startPosition", "maxResults", "totalCount"):
            _simple("xs:int", value, where, found)
        elif name == "bId":
            _simple("xs:string", value, where, found)
        elif name in _TYPES:
            for each in value if isinstance(value, list) else [value]:
                _complex(name, each, where, found)
        else:
            found.append(f"{where}: no such entity")


def _complex(kind: str, value: Any, path: str, found: list[str]) -> None:
    if not isinstance(value, dict):
        found.append(f"{path}: not an object but {value!r}")
        return
    members = _members(kind)
    for name, each in value.items():
        declared = members.get(name)
        where = f"{path}.{name}"
        if declared is None:
            found.append(f"{where}: not in {kind}")
        elif declared.endswith("[]"):
            if not isinstance(each, list):
                found.append(f"{where}: not a list")
                continue
            for one in each:
                _value(declared[:-2], one, where, found)
        else:
            _value(declared, each, where, found)


def _members(kind: str) -> dict[str, str]:
    """Return the members of a type, those of its bases, and the value of a simple
    base."""
    declared = _TYPES[kind]
    base = declared["base"]
    members = dict(BEYOND_SCHEMAS.get(kind, {}))
    if base in _TYPES:
        members |= _members(base)
    elif base:
        members["value"] = base
    return members | declared["members"]


def _value(kind: str, value: Any, path: str, found: list[str]) -> None:
    if kind == "any":
        return
    if kind in _TYPES:
        _complex(kind, value, path, found)
    elif kind in _ENUMS and isinstance(_ENUMS[kind], list):
        if value not in _ENUMS[kind]:
            found.append(f"{path}: {value!r} is not in {kind}")
    else:
        _simple(_ENUMS.get(kind, kind), value, path, found)


def _simple(kind: str, value: Any, path: str, found: list[str]) -> None:
    if not _fits(kind, value):
        found.append(f"{path}: {value!r} is no {kind}")


def _fits(kind: str, value: Any) -> bool:
    if kind == "xs:boolean":
        return isinstance(value, bool)
    if kind == "xs:decimal":
        return isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    if kind in ("xs:int", "xs:long", "xs:positiveInteger"):
        return isinstance(value, int) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if kind == "xs:date":
        return bool(_DAY.fullmatch(value))
    if kind == "xs:dateTime":
        return bool(_MOMENT.fullmatch(value))
    return True
