"""The bodies of answers: envelopes, faults, and XML for those who do not ask for JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from qbo_emulator.clock import stamp_ms
from qbo_emulator.errors import Fault, GatewayFault
from qbo_emulator.jsontext import Document

__all__ = ["fault_body", "gateway_body", "to_xml"]

_NAMESPACE = "http://schema.intuit.com/finance/v3"


def fault_body(fault: Fault) -> Document:
    """Return ``{"Fault": ...}`` as QuickBooks itself words it."""
    return {
        "Fault": {
            "Error": [{
                "Message": fault.kind.message, "Detail": fault.detail,
                "code": fault.kind.code, "element": fault.element,
            }],
            "type": fault.kind.type,
        },
    }


def gateway_body(fault: GatewayFault, now: datetime) -> Document:
    """Return the gateway's envelope: lower-case keys, time in milliseconds since 1970."""
    error = {
        "message": fault.kind.message, "detail": fault.detail, "code": fault.kind.code,
        "element": None,
    }
    return {
        "warnings": None, "intuitObject": None,
        "fault": {"error": [error], "type": fault.kind.type},
        "report": None, "queryResponse": None, "batchItemResponse": [],
        "attachableResponse": [], "syncErrorResponse": None, "requestId": None,
        "time": int(now.timestamp() * 1000), "status": None, "cdcresponse": [],
    }


def to_xml(body: Document, now: datetime) -> str:
    """Return the same answer as an ``IntuitResponse``."""
    content = "".join(
        _element(name[:1].upper() + name[1:], value)
        for name, value in body.items() if name != "time" and value not in (None, [])
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<IntuitResponse xmlns="{_NAMESPACE}" time="{stamp_ms(now)}">{content}</IntuitResponse>'
    )


#: What the XML schema makes attributes, by the element that bears them.
_ATTRIBUTES = {
    "Fault": ("type",), "Error": ("code", "element"),
    "QueryResponse": ("startPosition", "maxResults", "totalCount"),
}
_GATEWAY_NAMES = {"error": "Error", "message": "Message", "detail": "Detail"}


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if not isinstance(value, dict):
        if isinstance(value, bool):
            value = "true" if value else "false"
        return f"<{name}>{escape(str(value))}</{name}>"
    if "value" in value and set(value) <= {"value", "name", "type"}:
        labels = "".join(
            f" {label}={quoteattr(str(value[label]))}" for label in ("name", "type")
            if label in value
        )
        return f"<{name}{labels}>{escape(str(value['value']))}</{name}>"
    attributes = ("domain", "sparse", "status", *_ATTRIBUTES.get(name, ()))
    labels = "".join(
        f" {label}={quoteattr(_word(value[label]))}" for label in attributes
        if value.get(label) not in (None, "")
    )
    inner = "".join(
        _element(_GATEWAY_NAMES.get(key, key), each) for key, each in value.items()
        if key not in attributes and each is not None
    )
    return f"<{name}{labels}>{inner}</{name}>"


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
