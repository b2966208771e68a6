"""Notifications: CloudEvents, signed, repeated, out of order, lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import queue
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from qbo_emulator.testing import EmulatorProcess

from .conftest import App, Books

_WAIT_S = 15
#: What Intuit waits after each failed attempt, in seconds (WHBP).
RETRY_S = [10, 20, 30, 300, 1200, 7200, 14400, 21600, 21600]


@dataclass
class Endpoint:
    """An app's webhook address: keeps what comes and answers ``status``."""

    url: str = ""
    status: int = 200
    came: queue.Queue[tuple[dict[str, str], bytes]] = field(default_factory=queue.Queue)

    def next(self) -> tuple[dict[str, str], bytes]:
        """Wait for the next notification; return headers and raw body."""
        return self.came.get(timeout=_WAIT_S)

    def events(self) -> list[dict[str, Any]]:
        """Wait for the next notification; return its events."""
        return list(json.loads(self.next()[1]))

    def types(self) -> list[str]:
        """Wait for the next notification; return what its events are about."""
        return [event["type"] for event in self.events()]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A listening app."""
    app = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            app.came.put((headers, body))
            self.send_response(app.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    app.url = f"http://127.0.0.1:{server.server_port}/webhook"
    yield app
    server.shutdown()
    thread.join()
    server.server_close()


def signed(info: dict[str, Any], body: bytes) -> str:
    key = info["verifier_token"].encode()
    return base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()


def test_event_as_intuit_words_it(
    emulator: EmulatorProcess, books: Books, endpoint: Endpoint
) -> None:
    emulator.webhooks(endpoint.url)
    customer = books.customer()
    headers, body = endpoint.next()
    assert headers["content-type"] == "application/cloudevents+json"
    assert headers["intuit-signature"] == signed(emulator.info(), body)
    (event,) = json.loads(body)
    assert event["specversion"] == "1.0"
    assert event["type"] == "qbo.customer.created.v1"
    assert event["intuitentityid"] == customer["Id"]
    assert event["intuitaccountid"] == books.realm_id
    assert event["data"] == {}
    assert re.fullmatch(r"intuit\.[\w+/]{43}=", event["source"])
    nanoseconds = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z"
    assert re.fullmatch(nanoseconds, event["time"])


def test_what_happens_to_an_invoice(
    emulator: EmulatorProcess, books: Books, endpoint: Endpoint
) -> None:
    customer_id = books.customer()["Id"]
    emulator.webhooks(endpoint.url)
    invoice = books.invoice(customer_id)
    assert endpoint.types() == ["qbo.invoice.created.v1"]
    change = {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]}
    invoice = books.update("Invoice", **change, sparse=True, PrivateNote="x")
    assert endpoint.types() == ["qbo.invoice.updated.v1"]
    change = {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]}
    voided = books.post("Invoice", change, operation="void").json()["Invoice"]
    assert endpoint.types() == ["qbo.invoice.void.v1"]
    change = {"Id": invoice["Id"], "SyncToken": voided["SyncToken"]}
    assert books.post("Invoice", change, operation="delete").status_code == 200
    assert endpoint.types() == ["qbo.invoice.deleted.v1"]


def test_what_was_refused_or_repeated_is_not_told(
    emulator: EmulatorProcess, books: Books, endpoint: Endpoint
) -> None:
    emulator.webhooks(endpoint.url)
    for _ in range(2):
        books.post("Customer", {"DisplayName": "A"}, requestid="r")
    books.refused("Customer", DisplayName="A")
    books.customer("B")
    told = endpoint.events()
    while len(told) < 2:
        told += endpoint.events()
    ids = {each["Id"]: each["DisplayName"] for each in emulator.books()["Customer"]}
    assert [ids[event["intuitentityid"]] for event in told] == ["A", "B"]


def test_events_of_several_companies_come_together(
    start: Callable[..., EmulatorProcess], endpoint: Endpoint
) -> None:
    emulator = start("us", "uk")
    app = App(emulator)
    realms = [realm["realm_id"] for realm in app.info["realms"]]
    emulator.webhooks(endpoint.url, delay_s=60)
    for realm_id in realms:
        app.connect(realm_id=realm_id).customer()
    assert emulator.notifications()["waiting"] == 2
    emulator.advance_clock(60)
    assert [each["intuitaccountid"] for each in endpoint.events()] == realms


def test_refused_notifications_come_again_as_intuit_repeats_them(
    emulator: EmulatorProcess, app: App, endpoint: Endpoint
) -> None:
    endpoint.status = 500
    emulator.webhooks(endpoint.url)
    app.connect().customer()
    _, first = endpoint.next()
    for seconds in RETRY_S:
        emulator.advance_clock(seconds - 5)
        assert endpoint.came.empty()
        emulator.advance_clock(5)
        _, again = endpoint.next()
        assert again == first
    endpoint.status = 200
    emulator.advance_clock(RETRY_S[-1])
    endpoint.next()
    emulator.advance_clock(10 * RETRY_S[-1])
    app.connect().customer("The next")  # the first token lapsed long ago
    assert len(endpoint.events()) == 1
    statuses = [each["status"] for each in emulator.notifications()["attempts"]]
    assert statuses[-2:] == [200, 200]


def test_duplicates_and_forgeries(
    emulator: EmulatorProcess, books: Books, endpoint: Endpoint
) -> None:
    """The same event comes twice (told apart by nothing: its id is the same), and what
    is not signed rightly is not Intuit's."""
    emulator.webhooks(endpoint.url)
    emulator.arm("webhook_duplicate")
    books.customer("A")
    assert endpoint.events() == endpoint.events()
    emulator.arm("webhook_forged")
    books.customer("B")
    (forged, body), (right, same) = endpoint.next(), endpoint.next()
    assert body == same
    assert right["intuit-signature"] == signed(emulator.info(), body)
    assert forged["intuit-signature"] != right["intuit-signature"]


def test_order_is_not_kept_and_some_are_lost(
    emulator: EmulatorProcess, books: Books, endpoint: Endpoint
) -> None:
    emulator.webhooks(endpoint.url)
    emulator.arm("webhook_disorder", seconds=30)
    first = books.customer("A")
    while emulator.faults():  # the notification is made: the fault is used up
        books.call("GET", "preferences")
    second = books.customer("B")
    assert [each["intuitentityid"] for each in endpoint.events()] == [second["Id"]]
    emulator.advance_clock(30)
    assert [each["intuitentityid"] for each in endpoint.events()] == [first["Id"]]
    emulator.arm("webhook_lost", entity="customer")
    books.customer("C")
    while emulator.faults():
        books.call("GET", "preferences")
    later = books.customer("D")
    assert [each["intuitentityid"] for each in endpoint.events()] == [later["Id"]]


def test_killed_emulator_tells_what_it_has_not_told(
    start: Callable[..., EmulatorProcess], tmp_path: Path, endpoint: Endpoint
) -> None:
    emulator = start(state=tmp_path / "state")
    books = App(emulator).connect()
    emulator.webhooks(endpoint.url, delay_s=60)
    customer = books.customer()
    emulator.kill()
    emulator.start()
    emulator.advance_clock(61)
    assert endpoint.events()[0]["intuitentityid"] == customer["Id"]


def test_only_this_machine_is_told(emulator: EmulatorProcess) -> None:
    answer = requests.post(
        f"{emulator.base_url}/_emulator/webhooks",
        json={"url": "http://192.0.2.1/webhook"},
        timeout=10,
    )
    assert answer.status_code == 400
    assert emulator.notifications()["url"] is None


def test_reset_never_ends_the_deliveries(
    emulator: EmulatorProcess, app: App, endpoint: Endpoint
) -> None:
    """It may come at any moment of a delivery; the next one arrives all the same."""
    for _ in range(15):
        emulator.webhooks(endpoint.url)
        app.connect().customer()
        emulator.reset()
    while not endpoint.came.empty():
        endpoint.next()
    emulator.webhooks(endpoint.url)
    app.connect().customer()
    assert "qbo.customer.created.v1" in endpoint.types()


def test_endpoint_that_speaks_no_http(
    emulator: EmulatorProcess, books: Books, endpoint: Endpoint
) -> None:
    """What comes back is no answer: it is tried again, and others are told."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        emulator.webhooks(f"http://127.0.0.1:{port}/")
        books.customer("A")
        caller, _address = server.accept()
        with caller:
            caller.sendall(b"what?\r\n\r\n")
    emulator.webhooks(endpoint.url)
    emulator.advance_clock(RETRY_S[0])
    assert endpoint.types() == ["qbo.customer.created.v1"]
