"""Connecting, refreshing and disconnecting, against the emulator over HTTP."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
from service_billing_qbo.quickbooks import (
    AnswerLost,
    AuthenticationFailed,
    ClientRefused,
    Endpoints,
    GrantRefused,
    NotSent,
    OAuthClient,
    Throttled,
    Transport,
    Unavailable,
    authorization_url,
)
from tests.quickbooks.company import REDIRECT_URI, Company
from tests.quickbooks.raw_server import RawServer, hold

from qbo_emulator.testing import EmulatorProcess

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
TOKENS = (
    b'{"token_type":"bearer","access_token":"eyJ.a.b","refresh_token":"AB11",'
    b'"expires_in":3600,"x_refresh_token_expires_in":8726400%s}'
)


def oauth_at(url: str, timeout_s: float = 5.0) -> OAuthClient:
    endpoints = Endpoints(*[url] * 6)
    return OAuthClient(
        endpoints, "id", "s:ecret/%", Transport(timeout_s), now=lambda: NOW
    )


# -- authorize --


def test_browser_is_sent_with_all_that_intuit_asks_for() -> None:
    endpoints = Endpoints.for_environment("production")

    url = authorization_url(endpoints, "id", REDIRECT_URI, "a b&c")

    assert url.startswith("https://appcenter.intuit.com/connect/oauth2?client_id=id&")
    assert parse_qs(urlsplit(url).query) == {
        "client_id": ["id"],
        "response_type": ["code"],
        "scope": ["com.intuit.quickbooks.accounting"],
        "redirect_uri": [REDIRECT_URI],
        "state": ["a b&c"],
    }


def test_consent_brings_code_realm_and_the_same_state(company: Company) -> None:
    answer = company.consent(state="a b&c")

    assert answer["state"] == "a b&c"
    assert answer["realmId"] == company.realm_id
    assert answer["code"]


def test_cancelled_consent_brings_no_code(company: Company) -> None:
    answer = company.consent("cancel")

    assert answer == {"error": "access_denied", "state": "s1"}


# -- exchange --


def test_tokens_open_the_company(company: Company) -> None:
    assert company.client.company_info()["CompanyName"] == company.name


def test_tokens_say_how_long_they_live(company: Company) -> None:
    tokens = company.tokens
    now = datetime.now(timezone.utc)

    def away(moment: datetime | None) -> timedelta:
        assert moment is not None
        assert moment.utcoffset() == timedelta(0)
        return abs(moment - now)

    assert away(tokens.received_at) < timedelta(minutes=1)
    assert timedelta(minutes=58) < away(tokens.access_expires_at) <= timedelta(hours=1)
    assert timedelta(99) < away(tokens.refresh_expires_at) < timedelta(102)
    assert timedelta(4 * 365) < away(tokens.hard_expires_at) < timedelta(5 * 366)


def test_tokens_do_not_show_in_their_text(company: Company) -> None:
    assert company.tokens.access_token not in repr(company.tokens)
    assert company.tokens.refresh_token not in repr(company.tokens)
    assert company.client_secret not in repr(company.oauth)


def test_code_works_once(company: Company) -> None:
    code = company.consent()["code"]
    company.oauth.exchange_code(code, REDIRECT_URI)

    with pytest.raises(GrantRefused) as caught:
        company.oauth.exchange_code(code, REDIRECT_URI)

    assert caught.value.status == 400
    assert caught.value.faults[0].code == "invalid_grant"


def test_code_is_bound_to_its_redirect_address(company: Company) -> None:
    code = company.consent()["code"]

    with pytest.raises(GrantRefused):
        company.oauth.exchange_code(code, f"{REDIRECT_URI}/other")


def test_wrong_secret_is_told_apart_from_a_wrong_code(company: Company) -> None:
    with pytest.raises(ClientRefused) as caught:
        company.app("wrong").exchange_code(company.consent()["code"], REDIRECT_URI)

    assert caught.value.status == 401


# -- refresh --


def test_refreshed_token_opens_the_company_again(
    company: Company, emulator: EmulatorProcess
) -> None:
    emulator.expire_tokens("access")
    with pytest.raises(AuthenticationFailed):
        company.client.company_info()

    company.tokens = company.oauth.refresh(company.tokens.refresh_token)

    assert company.client.company_info()["CompanyName"] == company.name


def test_refresh_token_may_be_used_again_within_its_day(company: Company) -> None:
    """After a lost answer the old value is all that we have."""
    company.oauth.refresh(company.tokens.refresh_token)

    company.tokens = company.oauth.refresh(company.tokens.refresh_token)

    assert company.client.company_info()


def test_refresh_token_changes_after_a_day(
    company: Company, emulator: EmulatorProcess
) -> None:
    emulator.advance_clock(25 * 3600)

    tokens = company.oauth.refresh(company.tokens.refresh_token)

    assert tokens.refresh_token != company.tokens.refresh_token


def test_expired_refresh_token_is_refused_for_good(
    company: Company, emulator: EmulatorProcess
) -> None:
    emulator.expire_tokens("all")

    with pytest.raises(GrantRefused):
        company.oauth.refresh(company.tokens.refresh_token)


def test_emulator_that_is_down_is_not_sent(
    company: Company, emulator: EmulatorProcess
) -> None:
    emulator.stop()
    try:
        with pytest.raises(NotSent):
            company.oauth.refresh(company.tokens.refresh_token)
    finally:
        emulator.start()


# -- revoke --


def test_revoked_authorization_opens_nothing(company: Company) -> None:
    company.oauth.revoke(company.tokens.refresh_token)

    with pytest.raises(AuthenticationFailed):
        company.client.company_info()
    with pytest.raises(GrantRefused):
        company.oauth.refresh(company.tokens.refresh_token)


def test_authorization_that_is_gone_cannot_be_revoked(raw_server: RawServer) -> None:
    raw_server.will_answer(400, b'{"error":"invalid_grant"}')

    with pytest.raises(GrantRefused):
        oauth_at(raw_server.url).revoke("AB11")


# -- what travels --


def test_keys_travel_in_the_header_only(raw_server: RawServer) -> None:
    """A client id in the form as well has made Intuit answer invalid_client."""
    raw_server.will_answer(200, TOKENS % b"")

    oauth_at(raw_server.url).exchange_code("c/de", REDIRECT_URI)

    head, _separator, form = raw_server.requests[0].partition(b"\r\n\r\n")
    assert parse_qs(form.decode()) == {
        "grant_type": ["authorization_code"],
        "code": ["c/de"],
        "redirect_uri": [REDIRECT_URI],
    }
    assert b"Authorization: Basic aWQ6czplY3JldC8l\r\n" in head + b"\r\n"
    assert b"Content-Type: application/x-www-form-urlencoded" in head
    assert b"Accept: application/json" in head
    assert b"x-include-refresh-token-hard-expires-in: true" in head


def test_form_of_a_refresh(raw_server: RawServer) -> None:
    raw_server.will_answer(200, TOKENS % b"")

    oauth_at(raw_server.url).refresh("AB11+/=")

    form = raw_server.requests[0].partition(b"\r\n\r\n")[2].decode()
    assert parse_qs(form) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["AB11+/="],
    }


def test_revocation_is_json(raw_server: RawServer) -> None:
    raw_server.will_answer(200)

    oauth_at(raw_server.url).revoke("AB11")

    head, _separator, body = raw_server.requests[0].partition(b"\r\n\r\n")
    assert body == b'{"token":"AB11"}'
    assert b"Content-Type: application/json" in head


# -- what comes back --


def test_hard_expiry_is_read_and_may_be_absent(raw_server: RawServer) -> None:
    raw_server.will_answer(
        200, TOKENS % b',"x_refresh_token_hard_expires_in":157494248'
    )
    raw_server.will_answer(200, TOKENS % b"")
    oauth = oauth_at(raw_server.url)

    told, untold = oauth.refresh("AB11"), oauth.refresh("AB11")

    assert told.hard_expires_at is not None
    five_years = timedelta(seconds=157494248)
    assert NOW + five_years - timedelta(seconds=5) < told.hard_expires_at
    assert told.hard_expires_at < NOW + five_years, "Intuit's clock started earlier"
    assert untold.hard_expires_at is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"<html>Welcome</html>",
        b"{}",
        b'{"access_token":"AB11secret"}',
        TOKENS.replace(b'"AB11"', b'""') % b"",
        TOKENS.replace(b'"AB11"', b"7") % b"",
        TOKENS.replace(b"3600", b'"soon"') % b"",
        TOKENS.replace(b"8726400", b"1e99") % b"",
        b'{"error":"invalid_grant"}',
        b"\xff",
    ],
)
def test_unreadable_answer_is_lost_and_quotes_nothing(
    raw_server: RawServer, body: bytes
) -> None:
    """The refresh token may have changed: the old one is tried again, not given up."""
    raw_server.will_answer(200, body)

    with pytest.raises(AnswerLost) as caught:
        oauth_at(raw_server.url).refresh("AB11")

    assert caught.value.is_write
    assert str(caught.value) == (
        "The answer of Intuit's token endpoint could not be read."
    )
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, b'{"error":"invalid_grant"}', GrantRefused),
        (400, b'{"error_description":"x","error":"invalid_grant"}', GrantRefused),
        (401, b'{"error":"invalid_client"}', ClientRefused),
        (401, b"", ClientRefused),
        (401, b'{"error":"invalid_token"}', ClientRefused),
        (429, b"", Throttled),
        (500, b"", Unavailable),
        (502, b"<html><title>502 Bad Gateway</title>", Unavailable),
        (503, b'{"error":"server_error"}', Unavailable),
        (302, b"", Unavailable),
    ],
)
def test_refusal_of_the_token_endpoint(
    raw_server: RawServer, status: int, body: bytes, kind: type[Exception]
) -> None:
    raw_server.will_answer(status, body)

    with pytest.raises(kind) as caught:
        oauth_at(raw_server.url).refresh("AB11")

    assert type(caught.value) is kind


def test_lost_answer_of_a_refresh_is_told(raw_server: RawServer) -> None:
    raw_server.will_send(ending=hold)

    with pytest.raises(AnswerLost):
        oauth_at(raw_server.url, 0.3).refresh("AB11")


def test_no_secret_is_logged_on_the_whole_way(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    """Every logger at its loudest, the libraries' included."""
    caplog.set_level(logging.DEBUG)

    code = company.consent()["code"]
    tokens = company.oauth.exchange_code(code, REDIRECT_URI)
    refreshed = company.oauth.refresh(tokens.refresh_token)
    company.oauth.revoke(refreshed.refresh_token)
    with pytest.raises(GrantRefused):
        company.oauth.refresh(refreshed.refresh_token)

    told = "".join(f"{e!r}{e.request_text}{e.answer_text}" for e in company.exchanges)
    for secret in (
        tokens.access_token,
        tokens.refresh_token,
        refreshed.access_token,
        company.client_secret,
    ):
        assert secret not in caplog.text
        assert secret not in told
    assert f"code={code}" not in told
