"""The same answers in XML, for clients that do not ask for JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from qbo_emulator.clock import stamp_ms
from qbo_emulator.jsontext import Document

__all__ = ["to_xml"]

_NAMESPACE = "http://schema.intuit.com/finance/v3"
#: What the XML schema makes attributes, by the element that bears them.
_ATTRIBUTES = {
    "Fault": ("type",),
    "Error": ("code", "element"),
    "QueryResponse": ("startPosition", "maxResults", "totalCount"),
}
_OF_EVERY_OBJECT = ("domain", "sparse", "status")
#: The gateway's lower-case members have the ordinary names in XML.
_GATEWAY_NAMES = {"error": "Error", "message": "Message", "detail": "Detail"}


def to_xml(body: Document, now: datetime) -> str:
    """Return an answer as an ``IntuitResponse``."""
    content = "".join(
        _element(name[:1].upper() + name[1:], value)
        for name, value in body.items()
        if name != "time" and value not in (None, [])
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<IntuitResponse xmlns="{_NAMESPACE}"'
        f' time="{stamp_ms(now)}">{content}</IntuitResponse>'
    )


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if not isinstance(value, dict):
        return f"<{name}>{escape(_word(value))}</{name}>"
    if "value" in value and set(value) <= {"value", "name", "type"}:
        labels = _labels(value, ("name", "type"))
        return f"<{name}{labels}>{escape(str(value['value']))}</{name}>"
    attributes = _OF_EVERY_OBJECT + _ATTRIBUTES.get(name, ())
    members: Document = {
        key: each
        for key, each in value.items()
        if key not in attributes and each is not None
    }
    inner = "".join(
        _element(_GATEWAY_NAMES.get(key, key), each) for key, each in members.items()
    )
    return f"<{name}{_labels(value, attributes)}>{inner}</{name}>"


def _labels(value: Document, attributes: tuple[str, ...]) -> str:
    return "".join(
        f" {label}={quoteattr(_word(value[label]))}"
        for label in attributes
        if value.get(label) not in (None, "")
    )


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
