"""Killed with -9 while it writes, the emulator has lost nothing that it answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from qbo_emulator.testing import EmulatorProcess

from .conftest import App, Books, invoice_of

CLIENTS = 4


@dataclass
class Work:
    """What clients were answered, until the process dies."""

    kill_after: int
    kill: Callable[[], None]
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, request_id: str, invoice: dict[str, Any]) -> None:
        """Note an answer; the one that fills the measure pulls the plug, while the
        other clients' calls are under way."""
        with self.lock:
            self.answered[request_id] = invoice
            full = len(self.answered) == self.kill_after
        if full:
            self.kill()


def write(books: Books, customer_id: str, client: str, work: Work) -> None:
    """Create invoices one after the other until nobody answers."""
    own = Books(books.base_url, books.realm_id, books.tokens)
    for n in range(10_000):
        request_id = f"{client}-{n}"
        try:
            answer = own.post(
                "Invoice",
                invoice_of(customer_id, "12.50", "7.25", DocNumber=request_id),
                requestid=request_id,
            )
        except requests.RequestException:
            return
        if len(answer.content) < int(answer.headers["Content-Length"]):
            return  # torn off in the middle: no answer
        assert answer.status_code == 200, answer.text
        work.keep(request_id, answer.json()["Invoice"])


def test_what_was_answered_is_there_after_kill_9(
    start: Callable[..., EmulatorProcess], tmp_path: Path
) -> None:
    emulator = start(state=tmp_path / "books.sqlite")
    books = App(emulator).connect()
    customer_id = books.customer()["Id"]
    answered: dict[str, dict[str, Any]] = {}
    for round_, kill_after in enumerate((5, 23, 60)):
        work = Work(kill_after, emulator.kill)
        with ThreadPoolExecutor(CLIENTS) as clients:
            names = [f"{round_}.{n}" for n in range(CLIENTS)]
            ends = [
                clients.submit(write, books, customer_id, name, work) for name in names
            ]
        for end in ends:
            end.result()
        assert len(work.answered) >= kill_after
        answered |= work.answered
        emulator.start()
        check(books, emulator, customer_id, answered)


def check(
    books: Books,
    emulator: EmulatorProcess,
    customer_id: str,
    answered: dict[str, dict[str, Any]],
) -> None:
    kept = emulator.books()
    invoices = {invoice["Id"]: invoice for invoice in kept["Invoice"]}
    for invoice in answered.values():
        assert invoices[invoice["Id"]] == invoice
    numbers = [invoice["DocNumber"] for invoice in invoices.values()]
    assert len(set(numbers)) == len(numbers), "a call was executed in halves"
    # What nobody was answered is whole or not there at all: books and balances agree.
    assert sum(Decimal(entry["home"]) for entry in emulator.ledger()) == 0
    customer = books.read("Customer", customer_id)
    assert Decimal(str(customer["Balance"])) == Decimal("19.75") * len(invoices)
    request_id, first = next(iter(answered.items()))
    again = books.post(
        "Invoice",
        invoice_of(customer_id, "12.50", "7.25", DocNumber=request_id),
        requestid=request_id,
    )
    assert again.json()["Invoice"] == first


def test_calls_are_logged_as_often_as_they_were_answered(
    start: Callable[..., EmulatorProcess], tmp_path: Path
) -> None:
    """The log is kept in the transaction of its call: it survives with it."""
    emulator = start(state=tmp_path / "books.sqlite")
    books = App(emulator).connect()
    customer_id = books.customer()["Id"]
    made = [books.invoice(customer_id)["Id"] for _ in range(5)]
    emulator.kill()
    emulator.start()
    posts = [
        call["answer"]
        for call in emulator.requests()
        if call["method"] == "POST" and call["path"].endswith("/invoice")
    ]
    assert [any(f'"Id":"{id_}"' in text for text in posts) for id_ in made] == (
        [True] * 5
    )


@pytest.mark.parametrize("way", ["stop", "kill"])
def test_connection_outlives_the_process(
    start: Callable[..., EmulatorProcess], tmp_path: Path, way: str
) -> None:
    emulator = start(state=tmp_path / "books.sqlite")
    app = App(emulator)
    books = app.connect()
    getattr(emulator, way)()
    emulator.start()
    assert books.call("GET", "preferences").status_code == 200
    refreshed = app.token(
        grant_type="refresh_token", refresh_token=books.tokens["refresh_token"]
    )
    assert refreshed.status_code == 200
