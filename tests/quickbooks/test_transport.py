"""What happened to a request: the question on which exactly-once rests."""

from __future__ import annotations

import gzip
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from service_billing_qbo.quickbooks import (
    AnswerLost,
    Exchange,
    InsecureAddress,
    NotSent,
    Request,
    Transport,
)
from service_billing_qbo.quickbooks.transport import MAX_ANSWER_BYTES, is_secure
from tests.quickbooks.raw_server import (
    TOKEN,
    RawServer,
    a_write,
    close,
    free_port,
    hang_up,
    hold,
    keep,
    reset,
)

# -- an answer --


def test_whole_answer_comes_back_with_status_headers_and_tid(
    raw_server: RawServer,
) -> None:
    raw_server.will_answer(400, b"{}", intuit_tid="1-abc")

    answer = Transport().send(a_write(raw_server.url))

    assert (answer.status, answer.body, answer.intuit_tid) == (400, b"{}", "1-abc")
    assert answer.content_type == "application/json"
    assert answer.headers["CONTENT-TYPE"] == "application/json"
    assert 0 < answer.elapsed_s < 5


def test_gzip_answer_is_unpacked(raw_server: RawServer) -> None:
    body = gzip.compress(b'{"time":"now"}')
    raw_server.will_answer(200, body, Content__Encoding="gzip")

    assert Transport().send(a_write(raw_server.url)).body == b'{"time":"now"}'


def test_redirect_is_an_answer_and_not_followed(raw_server: RawServer) -> None:
    raw_server.will_answer(302, Location=f"{raw_server.url}/elsewhere")

    assert Transport().send(a_write(raw_server.url)).status == 302
    assert len(raw_server.requests) == 1


def test_cookies_are_not_kept(raw_server: RawServer) -> None:
    raw_server.will_answer(200, b"{}", Set__Cookie="who=me; Path=/")
    raw_server.will_answer(200, b"{}")
    transport = Transport()

    transport.send(a_write(raw_server.url))
    transport.send(a_write(raw_server.url))

    assert b"cookie" not in raw_server.requests[1].lower()


def test_connection_closed_while_idle_is_replaced(raw_server: RawServer) -> None:
    """A keep-alive connection that the server has dropped must not cost a write."""
    raw_server.will_answer(200, b"1", ending=hang_up)
    raw_server.will_answer(200, b"2")
    transport = Transport()

    transport.send(a_write(raw_server.url))
    raw_server.hung_up.wait()

    assert transport.send(a_write(raw_server.url)).body == b"2"


def test_connection_is_used_again(raw_server: RawServer) -> None:
    raw_server.will_answer(200, b"1", ending=keep)
    raw_server.will_answer(200, b"2")
    transport = Transport()

    assert transport.send(a_write(raw_server.url)).body == b"1"
    assert transport.send(a_write(raw_server.url)).body == b"2"


def test_closed_transport_can_be_used_again(raw_server: RawServer) -> None:
    raw_server.will_answer(200, b"1", ending=keep)
    raw_server.will_answer(200, b"2")
    transport = Transport()
    transport.send(a_write(raw_server.url))

    transport.close()

    assert raw_server.hung_up.wait(5), "the server sees that nobody is there"
    assert transport.send(a_write(raw_server.url)).body == b"2"


# -- certainly not sent --


def test_refused_connection_is_not_sent() -> None:
    with pytest.raises(NotSent) as caught:
        Transport().send(a_write(f"http://127.0.0.1:{free_port()}"))

    assert str(caught.value) == (
        "127.0.0.1 could not be reached: [Errno 111] Connection refused."
    )


def test_unknown_host_is_not_sent() -> None:
    with pytest.raises(NotSent) as caught:
        Transport().send(a_write("https://quickbooks.invalid"))
    assert caught.value.is_write


def test_connection_that_is_not_accepted_in_time_is_not_sent() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        with socket.create_connection(listener.getsockname()):
            # The queue of the listener is full now: further ones wait for ever.
            with pytest.raises(NotSent):
                Transport().send(
                    a_write(f"http://127.0.0.1:{listener.getsockname()[1]}", 0.3)
                )


def test_plain_http_on_a_tls_address_is_not_sent(raw_server: RawServer) -> None:
    """The handshake fails, so no token has left."""
    raw_server.will_answer(200)

    with pytest.raises(NotSent):
        Transport().send(a_write(raw_server.url.replace("http://", "https://"), 0.5))

    assert TOKEN.encode() not in b"".join(raw_server.requests)


def test_foreign_certificate_is_not_sent(tls_server: RawServer) -> None:
    tls_server.will_answer(200)

    with pytest.raises(NotSent, match="certificate"):
        Transport().send(a_write(tls_server.url))

    assert tls_server.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://quickbooks.api.intuit.com",
        "http://localhost@quickbooks.invalid",
        "http://127.0.0.1.quickbooks.invalid",
        "http://10.0.0.1",
        "ftp://localhost",
        "https://",
        "https://[::1",
        "http://[::1",
        "localhost",
        "",
    ],
)
def test_address_where_secrets_would_travel_in_clear_is_refused(url: str) -> None:
    assert not is_secure(url)
    with pytest.raises(InsecureAddress):
        Transport().send(a_write(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://quickbooks.api.intuit.com",
        "http://localhost:8069",
        "http://127.0.0.1:9000",
        "http://127.8.8.8",
        "http://[::1]:9000",
    ],
)
def test_https_and_this_machine_are_secure(url: str) -> None:
    assert is_secure(url)


# -- sent, but no whole answer --


def test_silence_after_the_request_is_answer_lost(raw_server: RawServer) -> None:
    raw_server.will_send(ending=hold)

    with pytest.raises(AnswerLost, match=r"did not answer within 0\.3 seconds"):
        Transport().send(a_write(raw_server.url, 0.3))

    assert len(raw_server.requests) == 1


@pytest.mark.parametrize("ending", [close, reset], ids=["closed", "reset"])
@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 50\r\n\r\n"
        + gzip.compress(b"{}")[:9],
    ],
    ids=["nothing", "half-body", "half-chunk", "no-last-chunk", "gzip"],
)
def test_cut_answer_is_answer_lost(
    raw_server: RawServer, begun: bytes, ending: object
) -> None:
    raw_server.will_send(begun, ending=ending)  # type: ignore[arg-type]

    with pytest.raises(AnswerLost) as caught:
        Transport().send(a_write(raw_server.url))

    assert caught.value.is_write
    assert len(raw_server.requests) == 1, "nothing may be repeated by a library"


def test_error_names_the_innermost_cause(raw_server: RawServer) -> None:
    raw_server.will_send(b"")

    with pytest.raises(AnswerLost) as caught:
        Transport().send(a_write(raw_server.url))

    assert str(caught.value) == (
        "The connection to 127.0.0.1 broke before the answer:"
        " Remote end closed connection without response."
    )


def test_silence_in_the_middle_of_the_answer_is_answer_lost(
    raw_server: RawServer,
) -> None:
    raw_server.will_send(
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", ending=hold
    )

    with pytest.raises(AnswerLost, match="did not answer within"):
        Transport().send(a_write(raw_server.url, 0.3))


def test_answer_that_never_ends_is_given_up(raw_server: RawServer) -> None:
    """Each piece comes in time; only the whole takes too long."""
    pieces = [b"1\r\n.\r\n"] * 50
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    raw_server.will_send(head, *pieces, pause_s=0.05)

    with pytest.raises(AnswerLost, match=r"longer than 0\.3 seconds"):
        Transport().send(a_write(raw_server.url, 0.3))


def test_answer_that_is_not_http_is_answer_lost(raw_server: RawServer) -> None:
    raw_server.will_send(b"SSH-2.0-OpenSSH\r\n\r\n")

    with pytest.raises(AnswerLost):
        Transport().send(a_write(raw_server.url))


def test_tls_connection_that_breaks_after_the_request_is_answer_lost(
    tls_server: RawServer, ca_bundle: str
) -> None:
    """A TLS error proves nothing by itself: this one comes after the request."""
    tls_server.will_send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")

    with pytest.raises(AnswerLost):
        Transport(ca_bundle=ca_bundle).send(a_write(tls_server.url))

    assert len(tls_server.requests) == 1


def test_tls_connection_that_breaks_before_the_answer_is_answer_lost(
    tls_server: RawServer, ca_bundle: str
) -> None:
    tls_server.will_send(b"", ending=reset)

    with pytest.raises(AnswerLost):
        Transport(ca_bundle=ca_bundle).send(a_write(tls_server.url))


def test_answer_over_tls_comes_back(tls_server: RawServer, ca_bundle: str) -> None:
    tls_server.will_answer(200, b"{}")

    answer = Transport(ca_bundle=ca_bundle).send(a_write(tls_server.url))

    assert answer.body == b"{}"


@pytest.mark.parametrize("packed", [False, True])
def test_answer_beyond_all_measure_is_not_read_to_its_end(
    raw_server: RawServer, packed: bool
) -> None:
    body = b" " * (MAX_ANSWER_BYTES + 1)
    if packed:
        raw_server.will_answer(200, gzip.compress(body), Content__Encoding="gzip")
    else:
        raw_server.will_answer(200, body)

    with pytest.raises(AnswerLost, match="larger than 32 MiB"):
        Transport().send(a_write(raw_server.url))


# -- several at once --


def test_threads_do_not_mistake_each_other_s_fate(raw_server: RawServer) -> None:
    """One thread's request is out, another's is refused: each gets its own error."""
    refused = f"http://127.0.0.1:{free_port()}"
    raw_server.will_send(ending=hold)
    transport = Transport()
    both_ready = threading.Barrier(2)

    def fate(url: str) -> type[BaseException]:
        both_ready.wait()
        try:
            transport.send(a_write(url, 0.5))
        except (NotSent, AnswerLost) as error:
            return type(error)
        raise AssertionError("no error")

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(fate, [raw_server.url, refused])) == [AnswerLost, NotSent]


# -- a request that has left --


def test_sent_is_told_after_the_request_left_and_before_its_answer(
    raw_server: RawServer,
) -> None:
    """A fault run kills the process there: QuickBooks has the request by then."""
    told: list[tuple[bool, int]] = []
    exchanges: list[Exchange] = []

    def on_sent(request: Request) -> None:
        told.append((request.is_write, len(exchanges)))

    raw_server.will_answer(200, b"{}")
    transport = Transport(on_sent=on_sent, on_exchange=exchanges.append)
    transport.send(a_write(raw_server.url))

    assert told == [(True, 0)]
    assert len(exchanges) == 1


def test_sent_is_not_told_of_what_never_left() -> None:
    told: list[Request] = []

    with pytest.raises(NotSent):
        Transport(on_sent=told.append).send(a_write("http://127.0.0.1:9"))

    assert told == []
