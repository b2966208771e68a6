"""Faults as QuickBooks sends them: every shape is read into one frozen dataclass.

Intuit's application answers ``{"Fault": {"Error": [...]}}``, its gateway the same in
lower case, some gateways XML although JSON was asked for, load balancers HTML, and the
token endpoint the form of RFC 6749 5.2. Sources: developer.intuit.com, "Error codes"
(shape of a Fault) and the public issues named in the tests of this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from http import HTTPStatus
from xml.etree import ElementTree

from . import jsonmoney

__all__ = ["Fault", "faults_in", "parse_faults", "status_code_of"]

# What is kept of a text that a gateway made up; Intuit's own texts are far shorter.
_MAX_TEXT = 2000
# An XML fault has a few hundred bytes; a larger document is not one and is not worth
# parsing.
_MAX_XML_BYTES = 256 * 1024
_MAX_HTML_BYTES = 16 * 1024
_GATEWAY_CODE = re.compile(r"errorCode=0*(\d+)")
# Bounded, so that a hostile page costs no time.
_HTML_TITLE = re.compile(
    r"<(title|h1)\b[^>]{0,200}>(.{0,300}?)</\1", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class Fault:
    """One reason why QuickBooks refused.

    :param code: Intuit's code as text ("6140"), an OAuth error ("invalid_grant"), or
        "HTTP-502" where the answer named none.
    :param message: Intuit's short text.
    :param detail: Intuit's long text; often names the record concerned.
    :param element: the JSON member concerned, "" when not given.
    :param type: Intuit's fault type, such as "ValidationFault"; "" when not given.
    """

    code: str
    message: str = ""
    detail: str = ""
    element: str = ""
    type: str = ""

    @property
    def text(self) -> str:
        """What Intuit says, for people: its code is for support."""
        text = (
            self.detail
            if self.message in self.detail
            else f"{self.message}: {self.detail}"
        )
        return text.strip(": ") or "no text given"

    def __str__(self) -> str:
        return f"{self.text} (code {self.code})"


def status_code_of(status: int) -> str:
    """Code of an answer that holds no fault of Intuit's: "HTTP-502"."""
    return f"HTTP-{status}"


def parse_faults(status: int, content_type: str | None, body: bytes) -> list[Fault]:
    """Read the faults of an answer, whatever its shape. Never raises.

    :param status: HTTP status.
    :param content_type: the answer's Content-Type; only a hint, gateways send the wrong
        one.
    :param body: the answer's body.
    :return: the faults; for a status of 400 or more at least one. An answer with a
        status below 400 yields faults only when its top level is one; those of batch
        items belong to their item (see ``batch``).
    """
    faults = _from_json(body)
    if not faults and b"<" in body[:1024]:
        faults = _from_xml(body)
    if not faults and status >= 400:
        faults = [_from_status(status, content_type, body)]
    return faults


def faults_in(holder: Mapping[str, object]) -> list[Fault]:
    """Faults of a decoded JSON object that has a member ``Fault`` or ``fault``.

    :param holder: a whole answer, or one item of a batch answer.
    """
    return [
        fault
        for fault_object in _objects(_member(holder, "Fault"))
        for fault in _from_fault_object(fault_object)
    ]


def _from_json(body: bytes) -> list[Fault]:
    try:
        answer = jsonmoney.loads(body)
    except ValueError:
        return []
    faults: list[Fault] = []
    for holder in _objects(answer):
        faults += faults_in(holder)
        if not faults and isinstance(holder.get("error"), str):
            faults.append(_from_oauth_error(holder))
    return faults


def _from_fault_object(fault: Mapping[str, object]) -> list[Fault]:
    fault_type = _text(_member(fault, "type"))
    return [
        Fault(
            code=_code(error),
            message=_text(_member(error, "Message")),
            detail=_text(_member(error, "Detail")),
            element=_text(_member(error, "element")),
            type=fault_type,
        )
        for error in _objects(_member(fault, "Error"))
    ]


def _code(error: Mapping[str, object]) -> str:
    """The code without leading zeros; a gateway may have it in its message only."""
    code = _text(_member(error, "code")).strip()
    if not code:
        named = _GATEWAY_CODE.search(_text(_member(error, "Message")))
        code = named.group(1) if named else "unknown"
    return (code.lstrip("0") or code) if code.isdecimal() else code


def _from_oauth_error(answer: Mapping[str, object]) -> Fault:
    """RFC 6749 5.2, as the token endpoint and the gateway's bearer check send it."""
    return Fault(
        code=_text(answer["error"]) or "unknown",
        message=_text(answer["error"]),
        detail=_text(answer.get("error_description")),
        type="OAUTH",
    )


def _from_xml(body: bytes) -> list[Fault]:
    # A document type is the only way to make a small XML document expensive; Intuit
    # sends none.
    if len(body) > _MAX_XML_BYTES or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        return []
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, LookupError):
        return []
    faults: list[Fault] = []
    for fault in root.iter():
        if _local_name(fault) == "fault":
            faults += [
                _from_xml_error(error, fault.get("type", ""))
                for error in fault.iter()
                if _local_name(error) == "error"
            ]
    return faults


def _from_xml_error(error: ElementTree.Element, fault_type: str) -> Fault:
    texts = {_local_name(child): (child.text or "") for child in error}
    return Fault(
        code=_code(
            {"code": error.get("code", ""), "Message": texts.get("message", "")}
        ),
        message=_text(texts.get("message")),
        detail=_text(texts.get("detail")),
        element=error.get("element", ""),
        type=fault_type,
    )


def _from_status(status: int, content_type: str | None, body: bytes) -> Fault:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown status"
    title = _HTML_TITLE.search(body[:_MAX_HTML_BYTES].decode("utf-8", "replace"))
    detail = (
        " ".join(re.sub(r"<[^>]*>", " ", unescape(title.group(2))).split())
        if title
        else ""
    )
    return Fault(
        code=status_code_of(status),
        message=phrase,
        detail=_text(detail),
        type="HTML" if title or "html" in (content_type or "").lower() else "HTTP",
    )


def _member(holder: Mapping[str, object], name: str) -> object:
    """``holder[name]`` in either of the two spellings that Intuit uses."""
    for spelling in (name, name[0].lower() + name[1:], name[0].upper() + name[1:]):
        if holder.get(spelling) is not None:
            return holder[spelling]
    return None


def _objects(value: object) -> Iterable[Mapping[str, object]]:
    """An object, or the objects of an array; anything else is nothing."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def _text(value: object) -> str:
    return "" if value is None else str(value)[:_MAX_TEXT]


def _local_name(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
