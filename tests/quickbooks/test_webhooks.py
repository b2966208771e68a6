"""Notifications: who signed them, and what they say."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timezone
from typing import Any

import pytest
from service_billing_qbo.quickbooks.webhooks import is_signed, parse_events

TOKEN = "f1b2c3d4-verifier"
BODY = b'[{"specversion":"1.0"}]'
# Made once with: printf '%s' BODY | openssl dgst -sha256 -hmac TOKEN -binary | base64
SIGNATURE = "LnikscSZYWeF8UK5x+XNM7EuGZH7PkRjmP2hcE7Uzsg="


def event(**members: Any) -> dict[str, Any]:
    """An event as Intuit's blog of 2025-11-12 shows it."""
    return {
        "specversion": "1.0",
        "id": "d1a3aedd-9670-41bf-a4f9-c148a1cc4e03",
        "source": "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=",
        "type": "qbo.invoice.updated.v1",
        "datacontenttype": "application/json",
        "time": "2025-10-07T19:59:07.034359333Z",
        "intuitentityid": "1234",
        "intuitaccountid": "310687",
        "data": {},
        **members,
    }


def parsed(*events: Any) -> list[Any]:
    return parse_events(json.dumps(events).encode())


def test_signature_of_openssl() -> None:
    assert is_signed(BODY, SIGNATURE, TOKEN)


@pytest.mark.parametrize(
    ("body", "signature", "token"),
    [
        (BODY + b" ", SIGNATURE, TOKEN),
        (BODY, SIGNATURE, TOKEN + "x"),
        (BODY, SIGNATURE.lower(), TOKEN),
        (BODY, SIGNATURE[:-1], TOKEN),
        (BODY, "", TOKEN),
        (BODY, "\u00e9", TOKEN),
        (BODY, SIGNATURE, ""),
        (BODY, base64.b64encode(hmac.digest(b"", BODY, hashlib.sha256)).decode(), ""),
    ],
)
def test_what_is_not_signed(body: bytes, signature: str, token: str) -> None:
    """Without a token nobody can have signed: an empty key is no key."""
    assert not is_signed(body, signature, token)


def test_event_of_intuits_blog() -> None:
    (found,) = parsed(event())
    assert (found.realm_id, found.entity, found.qbo_id) == ("310687", "invoice", "1234")
    assert found.operation == "updated"
    assert found.at == datetime(2025, 10, 7, 19, 59, 7, tzinfo=timezone.utc)


def test_times_with_offset_and_order() -> None:
    """They come in no order; the newest is to be the last."""
    later = event(time="2025-10-07T23:00:00+02:00", intuitentityid="2")
    earlier = event(time="2025-10-07T20:59:59Z", intuitentityid="1")
    assert [found.qbo_id for found in parsed(later, earlier)] == ["1", "2"]


@pytest.mark.parametrize(
    "strange",
    [
        event(type="qbo.invoice.updated"),
        event(type="other.invoice.updated.v1"),
        event(type=None),
        event(time="2025-10-07"),
        event(time="2025-13-07T20:59:59Z"),
        event(time="0001-01-01T00:00:00+14:00"),
        event(intuitentityid=""),
        event(intuitentityid="1'; drop"),
        event(intuitaccountid=None) | {"intuitaccountid": ["310687"]},
        None,
        7,
        [],
    ],
)
def test_what_is_no_event_is_left_out(strange: Any) -> None:
    """Intuit may add kinds at any time: the others of the array still count."""
    assert [found.qbo_id for found in parsed(strange, event())] == ["1234"]


def test_members_and_kinds_that_came_later() -> None:
    (found,) = parsed(event(type="qbo.projectbudget.archived.v2", extra=1))
    assert (found.entity, found.operation) == ("projectbudget", "archived")


@pytest.mark.parametrize("body", [b"", b"{}", b"7", b"[", b"\xff", b'"[]"'])
def test_body_that_is_no_array(body: bytes) -> None:
    with pytest.raises(ValueError, match="a notification is"):
        parse_events(body)


def test_array_without_end() -> None:
    """Nested so deep that a parser gives up: refused like any other nonsense."""
    with pytest.raises(ValueError, match="a notification is"):
        parse_events(b"[" * 200_000)
