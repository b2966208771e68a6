"""Notifications of QuickBooks: who may have sent one, and what it says.

Source: developer.intuit.com, "Webhooks" (signature) and the blog of 2025-11-12 on the
payload: an array of CloudEvents, perhaps of several companies, in no order, some of
them more than once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone

from . import jsonmoney

__all__ = ["MAX_BYTES", "SIGNATURE_HEADER", "Event", "is_signed", "parse_events"]

SIGNATURE_HEADER = "intuit-signature"
MAX_BYTES = 1_000_000
"""Of a notification. Intuit names no size; its events are some 400 bytes each."""

_TYPE = re.compile(r"qbo\.(?P<entity>[a-z0-9]{1,60})\.(?P<operation>[a-z]{1,20})\.v\d+")
_MOMENT = re.compile(
    r"(?P<whole>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?P<offset>Z|[+-]\d\d:\d\d)"
)
_ID = re.compile(r"[\w-]{1,40}", re.ASCII)


@dataclass(frozen=True)
class Event:
    """Something happened to one entity of one company.

    :ivar entity: in lower case, as the event's type has it ("creditmemo")
    :ivar operation: created, updated, deleted, merged, void, emailed
    :ivar at: when, UTC, in whole seconds (Intuit writes nanoseconds)
    """

    realm_id: str
    entity: str
    qbo_id: str
    operation: str
    at: datetime


def is_signed(body: bytes, signature: str, verifier_token: str) -> bool:
    """Whether whoever sent this body knows the app's verifier token.

    The signature is base64 of HMAC-SHA256 over the raw body; it is compared in constant
    time. Without a token nothing is signed.
    """
    if not verifier_token or not signature:
        return False
    digest = hmac.new(verifier_token.encode(), body, hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(digest), signature.strip().encode())


def parse_events(body: bytes) -> list[Event]:
    """Return the events of a notification; what is none is left out.

    Intuit may add members, entities and operations at any time. Later events of the
    same entity come last.

    :raises ValueError: the body is no JSON array
    """
    try:
        content = jsonmoney.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError("a notification is JSON in UTF-8") from error
    if not isinstance(content, list):
        raise ValueError("a notification is an array of events")
    return sorted(_events(content), key=lambda event: event.at)


def _events(content: Iterable[object]) -> Iterable[Event]:
    for item in content:
        if not isinstance(item, dict):
            continue
        named = _TYPE.fullmatch(str(item.get("type")))
        at = _moment(str(item.get("time")))
        realm_id = str(item.get("intuitaccountid"))
        qbo_id = str(item.get("intuitentityid"))
        if named and at and _ID.fullmatch(realm_id) and _ID.fullmatch(qbo_id):
            yield Event(realm_id, named["entity"], qbo_id, named["operation"], at)


def _moment(text: str) -> datetime | None:
    match = _MOMENT.fullmatch(text)
    if not match:
        return None
    offset = match["offset"].replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(match["whole"] + offset)
        return moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
