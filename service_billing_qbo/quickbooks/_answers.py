"""From an answer to its content or a typed error; nobody else looks at statuses."""

from __future__ import annotations

from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from . import jsonmoney
from ._fault_codes import CODES, Outcome, classify
from ._fault_shapes import Fault, faults_in, parse_faults
from .errors import (
    AnswerLost,
    AuthenticationFailed,
    ClientRefused,
    GrantRefused,
    NotAuthorized,
    QuickBooksError,
    Refused,
    Throttled,
    Unavailable,
)
from .transport import Answer, Request

__all__ = ["content_of", "error_of"]

# Intuit's advice after a 429 ("Limits and throttles"); Retry-After is not reliably
# there.
_THROTTLE_PAUSE_S = 60.0
# A gateway that asks for more than this is mistaken; the caller would be stuck for it.
_LONGEST_PAUSE_S = 3600.0
# "0" would mean to hammer a service that has just asked to slow down.
_SHORTEST_PAUSE_S = 1.0


def content_of(answer: Answer, request: Request) -> dict[str, Any]:
    """The JSON object of a successful answer.

    :raises QuickBooksError: for every other answer, in the form of one of its
        subclasses.
    """
    if not 200 <= answer.status < 300:
        raise error_of(answer, request)
    try:
        content = jsonmoney.loads(answer.body)
    except ValueError as error:
        raise _unreadable(answer, request) from error
    if not isinstance(content, dict):
        raise _unreadable(answer, request)
    if faults_in(content):
        raise error_of(answer, request)
    return content


def error_of(answer: Answer, request: Request) -> QuickBooksError:
    """The error that an answer stands for; its first fault decides, then its status."""
    faults = parse_faults(answer.status, answer.content_type, answer.body)
    kind = _kind_of(answer.status, faults)
    return kind(
        _message(kind, faults),
        status=answer.status,
        intuit_tid=answer.intuit_tid,
        faults=faults,
        is_write=request.is_write,
        retry_after_s=_retry_after_s(answer, kind),
    )


def _kind_of(status: int, faults: list[Fault]) -> type[QuickBooksError]:
    code = faults[0].code if faults else ""
    if status == 429 or code == "3001":
        return Throttled
    if code == "invalid_grant":
        return GrantRefused
    if code in ("invalid_client", "unauthorized_client"):
        return ClientRefused
    # Known codes go before statuses: 130 and 150 have come with 401, 3001 with 403.
    outcome = classify(faults[0]).outcome if code in CODES else None
    if outcome is Outcome.REFRESH:
        return AuthenticationFailed
    if outcome is Outcome.RECONNECT:
        return NotAuthorized
    if outcome is Outcome.UNCERTAIN:
        return Unavailable
    return Refused if outcome else _kind_of_status(status)


def _kind_of_status(status: int) -> type[QuickBooksError]:
    """For an answer whose faults are unknown to us."""
    if status in (401, 403):
        return AuthenticationFailed if status == 401 else NotAuthorized
    # Maintenance pages and captive portals answer with redirects.
    return Refused if 400 <= status < 500 else Unavailable


def _message(kind: type[QuickBooksError], faults: list[Fault]) -> str:
    text = "; ".join(str(fault) for fault in faults) or "no reason given"
    opening = {
        Throttled: "QuickBooks asks to slow down",
        Unavailable: "QuickBooks is not available",
        AuthenticationFailed: "QuickBooks does not accept the access token",
        NotAuthorized: "QuickBooks does not give access to this company",
        GrantRefused: "QuickBooks no longer accepts the authorization",
        ClientRefused: "QuickBooks does not accept the client id and secret of the app",
    }.get(kind, "QuickBooks refused")
    return f"{opening}: {text}"


def _retry_after_s(answer: Answer, kind: type[QuickBooksError]) -> float | None:
    """Retry-After in seconds, given as seconds or as a date (RFC 9110 10.2.3)."""
    given = answer.headers.get("Retry-After", "").strip()
    seconds: float | None = None
    if given.isascii() and given.isdigit():
        seconds = float(given[:9])
    elif given:
        try:
            at = parsedate_to_datetime(given)
        except (TypeError, ValueError, IndexError):
            at = None
        if at is not None:
            at = at if at.tzinfo else at.replace(tzinfo=timezone.utc)
            seconds = max(0.0, (at - datetime.now(timezone.utc)).total_seconds())
    if seconds is None:
        return _THROTTLE_PAUSE_S if kind is Throttled else None
    return min(max(seconds, _SHORTEST_PAUSE_S), _LONGEST_PAUSE_S)


def _unreadable(answer: Answer, request: Request) -> AnswerLost:
    return AnswerLost(
        "The answer of QuickBooks could not be read; it is cut off or foreign.",
        status=answer.status,
        intuit_tid=answer.intuit_tid,
        is_write=request.is_write,
    )
