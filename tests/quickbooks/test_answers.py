"""From status and body to one typed error, for every answer that a call can meet."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from service_billing_qbo.quickbooks import (
    AnswerLost,
    AuthenticationFailed,
    ClientRefused,
    GrantRefused,
    Limiter,
    NotAuthorized,
    Outcome,
    QuickBooksError,
    Refused,
    Throttled,
    Unavailable,
    classify_error,
)
from tests.quickbooks.company import client_at
from tests.quickbooks.raw_server import RawServer


def fault(code: str, fault_type: str = "ValidationFault") -> bytes:
    error = {"Message": "M", "Detail": "D", "code": code, "element": ""}
    return json.dumps({"Fault": {"Error": [error], "type": fault_type}}).encode()


def error_of_a_write(server: RawServer) -> QuickBooksError:
    with pytest.raises(QuickBooksError) as caught:
        client_at(server.url).create("Invoice", {}, "r1")
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "kind", "outcome"),
    [
        (400, fault("6140"), Refused, Outcome.LOOK_UP),
        (400, fault("5010"), Refused, Outcome.STALE),
        (400, fault("6190"), Refused, Outcome.PAUSE),
        (400, fault("2010"), Refused, Outcome.BUG),
        (400, fault("4242"), Refused, Outcome.PERSON),
        (400, b"", Refused, Outcome.PERSON),
        (404, b"<html>", Refused, Outcome.BUG),
        (418, b"", Refused, Outcome.PERSON),
        (401, fault("3200"), AuthenticationFailed, Outcome.REFRESH),
        (401, fault("100"), AuthenticationFailed, Outcome.REFRESH),
        (400, fault("003202"), AuthenticationFailed, Outcome.REFRESH),
        (401, b"", AuthenticationFailed, Outcome.REFRESH),
        (401, fault("4242"), AuthenticationFailed, Outcome.REFRESH),
        (401, b'{"error":"invalid_token"}', AuthenticationFailed, Outcome.REFRESH),
        (403, fault("3100"), NotAuthorized, Outcome.RECONNECT),
        (401, fault("120"), NotAuthorized, Outcome.RECONNECT),
        (403, b"<title>Access Denied</title>", Refused, Outcome.PAUSE),
        (403, b"", Refused, Outcome.PAUSE),
        (403, fault("4242"), NotAuthorized, Outcome.RECONNECT),
        (401, fault("130"), Refused, Outcome.PAUSE),
        (403, fault("150"), Refused, Outcome.PAUSE),
        (403, fault("5020"), Refused, Outcome.PERSON),
        (429, b"", Throttled, Outcome.TRANSIENT),
        (429, fault("003001", "SERVICE"), Throttled, Outcome.TRANSIENT),
        (403, fault("3001", "SERVICE"), Throttled, Outcome.TRANSIENT),
        (400, b'{"error":"invalid_grant"}', GrantRefused, Outcome.RECONNECT),
        (401, b'{"error":"invalid_client"}', ClientRefused, Outcome.PERSON),
        (500, fault("10000", "SystemFault"), Unavailable, Outcome.UNCERTAIN),
        (500, b"", Unavailable, Outcome.UNCERTAIN),
        (500, fault("4242"), Unavailable, Outcome.UNCERTAIN),
        (500, fault("6000"), Refused, Outcome.PERSON),
        (502, b"<title>502 Bad Gateway</title>", Unavailable, Outcome.UNCERTAIN),
        (503, b"", Unavailable, Outcome.UNCERTAIN),
        (504, b"", Unavailable, Outcome.UNCERTAIN),
        (522, b"", Unavailable, Outcome.UNCERTAIN),
        (408, b"", Unavailable, Outcome.UNCERTAIN),
        (302, b"", Unavailable, Outcome.UNCERTAIN),
        (200, fault("6000"), Refused, Outcome.PERSON),
        (200, b"", AnswerLost, Outcome.UNCERTAIN),
        (200, b'{"Invoice":{"Id":"1"', AnswerLost, Outcome.UNCERTAIN),
        (200, b"<html>Welcome to our Wi-Fi</html>", AnswerLost, Outcome.UNCERTAIN),
        (200, b"[]", AnswerLost, Outcome.UNCERTAIN),
        (200, b"{}", AnswerLost, Outcome.UNCERTAIN),
        (200, b'{"Invoice":null}', AnswerLost, Outcome.UNCERTAIN),
        (200, b'{"Customer":{"Id":"1"}}', AnswerLost, Outcome.UNCERTAIN),
    ],
)  # fmt: skip
def test_answer_to_a_write_becomes_one_error(
    raw_server: RawServer,
    status: int,
    body: bytes,
    kind: type[QuickBooksError],
    outcome: Outcome,
) -> None:
    raw_server.will_answer(status, body, intuit_tid="1-abc")

    error = error_of_a_write(raw_server)

    assert type(error) is kind
    assert classify_error(error).outcome is outcome
    assert error.status == status
    assert error.is_write
    assert len(raw_server.requests) == 1, "the client repeats nothing"


def test_headers_cut_off_are_no_success(raw_server: RawServer) -> None:
    """http.client takes them for an answer without a body."""
    raw_server.will_send(b"HTTP/1.1 200 OK\r\nContent-Ty")

    assert type(error_of_a_write(raw_server)) is AnswerLost


@pytest.mark.parametrize(("status", "body"), [(500, b""), (200, b"{")])
def test_what_is_uncertain_for_a_write_is_transient_for_a_read(
    raw_server: RawServer, status: int, body: bytes
) -> None:
    raw_server.will_answer(status, body)

    with pytest.raises(QuickBooksError) as caught:
        client_at(raw_server.url).read("Invoice", "1")

    assert classify_error(caught.value).outcome is Outcome.TRANSIENT


def test_error_says_what_a_person_and_intuit_s_support_need(
    raw_server: RawServer,
) -> None:
    raw_server.will_answer(400, fault("6000"), intuit_tid="1-abc")

    error = error_of_a_write(raw_server)

    assert str(error) == "QuickBooks refused: M: D (code 6000)"
    assert error.intuit_tid == "1-abc"
    assert [each.code for each in error.faults] == ["6000"]


def test_error_of_a_gateway_says_so(raw_server: RawServer) -> None:
    raw_server.will_answer(502, b"<title>502 Bad Gateway</title>", "text/html")

    assert str(error_of_a_write(raw_server)) == (
        "QuickBooks is not available: 502 Bad Gateway (code HTTP-502)"
    )


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("30", 30.0),
        ("0", 1.0),
        ("999999", 3600.0),
        ("soon", 60.0),
        ("-5", 60.0),
        ("", 60.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1.0),
    ],
)
def test_throttle_says_how_long_to_stay_away(
    raw_server: RawServer, retry_after: str, seconds: float
) -> None:
    raw_server.will_answer(429, Retry__After=retry_after)

    assert error_of_a_write(raw_server).retry_after_s == seconds


def test_retry_after_may_be_a_date(raw_server: RawServer) -> None:
    at = datetime.now(timezone.utc) + timedelta(seconds=100)
    raw_server.will_answer(503, Retry__After=format_datetime(at, usegmt=True))

    retry_after_s = error_of_a_write(raw_server).retry_after_s

    assert retry_after_s is not None
    assert 90 < retry_after_s <= 100


def test_unavailable_service_that_names_no_time(raw_server: RawServer) -> None:
    raw_server.will_answer(503)

    assert error_of_a_write(raw_server).retry_after_s is None


def test_throttle_closes_the_limiter_for_everybody(raw_server: RawServer) -> None:
    limiter = Limiter()
    raw_server.will_answer(429)

    with pytest.raises(Throttled):
        client_at(raw_server.url, limiter=limiter).create("Invoice", {}, "r1")

    assert 59 < limiter.delay() <= 60


def test_other_errors_do_not_close_the_limiter(raw_server: RawServer) -> None:
    limiter = Limiter()
    raw_server.will_answer(503)

    with pytest.raises(Unavailable):
        client_at(raw_server.url, limiter=limiter).create("Invoice", {}, "r1")

    assert limiter.delay() == 0
