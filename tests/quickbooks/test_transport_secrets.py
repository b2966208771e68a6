"""Where a request may pass and what is told of it: nowhere else, and no secret."""

from __future__ import annotations

import logging

import pytest
from service_billing_qbo.quickbooks import (
    AnswerLost,
    Exchange,
    NotSent,
    Transport,
)
from tests.quickbooks.raw_server import TOKEN, RawServer, a_write, free_port, reset


def test_proxy_of_the_environment_is_not_used(
    raw_server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    raw_server.will_answer(200, b"{}")

    assert Transport().send(a_write(raw_server.url)).status == 200


def test_given_proxy_is_used(raw_server: RawServer) -> None:
    raw_server.will_answer(200, b"{}")
    transport = Transport(proxies={"http": raw_server.url})

    transport.send(a_write("http://localhost:1"))

    assert raw_server.requests[0].startswith(b"POST http://localhost:1/v3/")


def test_proxy_that_breaks_after_the_request_is_answer_lost(
    raw_server: RawServer,
) -> None:
    raw_server.will_send(b"", ending=reset)

    with pytest.raises(AnswerLost):
        Transport(proxies={"http": raw_server.url}).send(a_write("http://localhost:1"))


def test_proxy_that_refuses_the_tunnel_is_not_sent(raw_server: RawServer) -> None:
    """The proxy sees CONNECT only: of the request itself nothing has left."""
    raw_server.will_send(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
    transport = Transport(proxies={"https": raw_server.url})

    with pytest.raises(NotSent):
        transport.send(a_write("https://quickbooks.invalid"))

    assert raw_server.requests[0].startswith(b"CONNECT quickbooks.invalid:443")


def test_netrc_does_not_replace_the_token(
    raw_server: RawServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    netrc = tmp_path_factory.mktemp("home") / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    raw_server.will_answer(200, b"{}")

    Transport().send(a_write(raw_server.url))

    assert f"Authorization: Bearer {TOKEN}".encode() in raw_server.requests[0]


def test_log_names_path_status_and_tid_and_no_secret(
    raw_server: RawServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    raw_server.will_answer(200, b"{}", intuit_tid="1-abc")

    Transport().send(a_write(raw_server.url))

    assert "POST /v3/company/123/invoice 200 intuit_tid=1-abc" in caplog.text
    assert TOKEN not in caplog.text


def test_error_and_its_causes_hold_no_token(raw_server: RawServer) -> None:
    """requests hangs the request, and with it the token, on its exceptions."""
    raw_server.will_send(ending=reset)

    with pytest.raises(AnswerLost) as caught:
        Transport().send(a_write(raw_server.url))

    error: BaseException | None = caught.value
    while error is not None:
        assert TOKEN not in f"{error!r} {error} {vars(error)}"
        assert getattr(error, "request", None) is None
        error = error.__cause__ or error.__context__


def test_request_does_not_show_its_secrets(raw_server: RawServer) -> None:
    assert TOKEN not in repr(a_write(raw_server.url))


def test_exchange_is_told_without_secrets(raw_server: RawServer) -> None:
    told: list[Exchange] = []
    body = f'{{"access_token":"{TOKEN}"}}'.encode()
    raw_server.will_answer(200, body, intuit_tid="1-abc")

    Transport(on_exchange=told.append).send(a_write(raw_server.url))

    exchange = told[0]
    assert exchange.path == "/v3/company/123/invoice"
    assert (exchange.request_id, exchange.status) == ("r1", 200)
    assert (exchange.is_write, exchange.metered) == (True, False)
    assert exchange.request_text == '{"DocNumber":"INV/1"}'
    assert exchange.answer_text == '{"access_token":"[hidden]"}'
    assert TOKEN not in repr(exchange)


def test_exchange_without_an_answer_names_the_error() -> None:
    told: list[Exchange] = []

    with pytest.raises(NotSent):
        Transport(on_exchange=told.append).send(
            a_write(f"http://127.0.0.1:{free_port()}")
        )

    assert (told[0].status, told[0].error) == (None, "NotSent")
    assert (told[0].request_text, told[0].answer_text) == ('{"DocNumber":"INV/1"}', "")


def test_broken_log_does_not_lose_the_answer(
    raw_server: RawServer, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(exchange: Exchange) -> None:
        raise RuntimeError("disk full")

    raw_server.will_answer(200, b"{}")

    assert Transport(on_exchange=broken).send(a_write(raw_server.url)).status == 200
    assert "disk full" in caplog.text
