"""What passes between client and server: shapes, replays, limits, torn connections."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from qbo_emulator.testing import EmulatorProcess

from .conftest import App, Books, fault_of, invoice_of


def test_without_json_in_accept_the_answer_is_xml(books: Books) -> None:
    found = books.call("GET", "preferences", headers={"Accept": "*/*"})
    assert found.headers["Content-Type"].startswith("application/xml")
    assert "<UsingSalesTax>true</UsingSalesTax>" in found.text
    fault = books.call("GET", "customer/9999", headers={"Accept": "text/xml"})
    assert '<Fault type="ValidationFault"><Error code="610">' in fault.text


def test_answers_carry_a_transaction_id_and_pacific_time(books: Books) -> None:
    answer = books.call("GET", "preferences")
    assert answer.headers["intuit_tid"]
    assert answer.json()["time"][-6:] in ("-08:00", "-07:00")


def test_unknown_query_parameters_do_not_matter(books: Books) -> None:
    assert books.call("GET", "preferences?minorversion=3&x=y").status_code == 200


def test_company_info_is_found_under_the_realm_id(books: Books) -> None:
    company = books.call("GET", f"companyinfo/{books.realm_id}").json()["CompanyInfo"]
    assert company["Country"] == "US"
    assert company["Id"] == "1"


def test_chunked_body_is_read(books: Books) -> None:
    body = iter([b'{"DisplayName":', b'"In pieces"}'])
    answer = books.call("POST", "customer", data=body)
    assert answer.json()["Customer"]["DisplayName"] == "In pieces"


def test_connection_is_kept_open(books: Books) -> None:
    connection = HTTPConnection(urlsplit(books.base_url).netloc, timeout=10)
    connection.connect()
    first = connection.sock
    for _ in range(3):
        connection.request("POST", "/oauth2/v1/tokens/bearer", body=b"grant_type=x")
        connection.getresponse().read()
        assert connection.sock is first
    connection.close()


def test_unknown_operation_says_so(books: Books) -> None:
    assert fault_of(books.call("GET", "spaceship/1"))["code"] == "500"


def test_same_requestid_gives_the_same_answer_once(books: Books) -> None:
    sent = invoice_of(books.customer()["Id"], DocNumber="INV/7")
    first = books.post("Invoice", sent, requestid="r-1")
    again = books.post("Invoice", sent, requestid="r-1")
    assert again.json()["Invoice"] == first.json()["Invoice"]
    assert books.query("select count(*) from Invoice") == {"totalCount": 1}


def test_parallel_repeats_of_one_requestid_make_one_invoice(app: App) -> None:
    books = app.connect()
    sent = invoice_of(books.customer()["Id"])
    ids = []

    def send() -> None:
        own = Books(books.base_url, books.realm_id, books.tokens)
        ids.append(own.post("Invoice", sent, requestid="r-2").json()["Invoice"]["Id"])

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 8
    assert len(set(ids)) == 1


def test_too_long_requestid(books: Books) -> None:
    answer = books.post("Customer", {"DisplayName": "A"}, requestid="x" * 51)
    assert fault_of(answer)["code"] == "2130"


def test_batch_items_stand_alone(books: Books) -> None:
    answer = books.call(
        "POST",
        "batch",
        json={
            "BatchItemRequest": [
                {"bId": "1", "operation": "create", "Customer": {"DisplayName": "A"}},
                {"bId": "2", "operation": "create", "Customer": {"DisplayName": "a"}},
                {"bId": "3", "Query": "select * from Term where Name = 'Net 30'"},
            ]
        },
    )
    assert answer.status_code == 200
    first, second, third = answer.json()["BatchItemResponse"]
    assert first["Customer"]["DisplayName"] == "A"
    assert second["bId"] == "2"
    assert second["Fault"]["Error"][0]["code"] == "6240"
    assert third["QueryResponse"]["Term"][0]["DueDays"] == 30


def test_repeated_batch_executes_only_what_is_new(books: Books) -> None:
    customer = books.customer()

    def batch(*b_ids: str) -> list[str]:
        items = [
            {"bId": b_id, "operation": "create", "Invoice": invoice_of(customer["Id"])}
            for b_id in b_ids
        ]
        answer = books.call(
            "POST", "batch?requestid=b-1", json={"BatchItemRequest": items}
        ).json()
        return [item["Invoice"]["Id"] for item in answer["BatchItemResponse"]]

    first = batch("1", "2")
    assert batch("1", "2", "3")[:2] == first
    assert books.query("select count(*) from Invoice") == {"totalCount": 3}


def test_batch_of_31_is_too_large(books: Books) -> None:
    items = [{"bId": str(n), "Query": "select * from Term"} for n in range(31)]
    answer = books.call("POST", "batch", json={"BatchItemRequest": items})
    assert fault_of(answer)["code"] == "1040"


@pytest.mark.parametrize("kind", ["reset_after", "lost_answer", "cut_answer"])
def test_answer_lost_after_the_commit(
    emulator: EmulatorProcess, books: Books, kind: str
) -> None:
    """The invoice is there although the client never learns of it: the same requestid
    then brings the answer, and no second invoice."""
    sent = invoice_of(books.customer()["Id"])
    emulator.arm(kind, entity="invoice")
    with pytest.raises((requests.RequestException, ValueError)):
        books.post("Invoice", sent, requestid="r-3").json()
    assert len(emulator.books()["Invoice"]) == 1
    assert books.post("Invoice", sent, requestid="r-3").status_code == 200
    assert len(emulator.books()["Invoice"]) == 1


def test_reset_before_executes_nothing(emulator: EmulatorProcess, books: Books) -> None:
    customer = books.customer()
    emulator.arm("reset_before", method="POST")
    with pytest.raises(requests.ConnectionError):
        books.post("Invoice", invoice_of(customer["Id"]))
    assert emulator.books()["Invoice"] == []


@pytest.mark.parametrize(
    ("kind", "status", "text"),
    [
        ("unavailable", 502, "502 Bad Gateway"),
        ("gateway_timeout", 504, "504 Gateway Time-out"),
        ("error_500", 500, '"code":"10000"'),
        ("throttled", 429, "errorCode=003001; statusCode=429"),
        ("expired_401", 401, "Token expired"),
        ("forbidden_403", 403, "errorCode=003100; statusCode=403"),
    ],
)
def test_armed_fault_strikes_once(
    emulator: EmulatorProcess, books: Books, kind: str, status: int, text: str
) -> None:
    emulator.arm(kind)
    answer = books.call("GET", "preferences")
    assert answer.status_code == status
    assert text in answer.text
    assert books.call("GET", "preferences").status_code == 200


def test_fault_strikes_the_nth_call_of_a_batched_entity(
    emulator: EmulatorProcess, books: Books
) -> None:
    emulator.arm("unavailable", entity="Customer", nth=2)
    item = {"bId": "1", "operation": "create", "Customer": {"DisplayName": "A"}}
    statuses = [
        books.call("POST", "batch", json={"BatchItemRequest": [item]}).status_code
        for _ in range(3)
    ]
    assert statuses == [200, 502, 200]


def test_slow_call_does_not_hold_up_others(
    emulator: EmulatorProcess, books: Books
) -> None:
    emulator.arm("slow", entity="invoice", seconds=3)
    own = Books(books.base_url, books.realm_id, books.tokens)
    invoice = invoice_of(books.customer()["Id"])
    waiting = threading.Thread(target=own.post, args=("Invoice", invoice))
    waiting.start()
    assert books.call("GET", "preferences").status_code == 200
    assert waiting.is_alive()
    waiting.join()


def test_log_and_counters_tell_what_happened_and_no_secret(
    emulator: EmulatorProcess, books: Books
) -> None:
    customer = books.customer()
    for _ in range(2):
        books.invoice(customer["Id"], DocNumber=None)
    for number in ("1", "1"):
        sent = invoice_of(customer["Id"], DocNumber=number)
        books.post("Invoice", sent, include="allowduplicatedocnum")
    books.query("select * from Invoice")
    stats = emulator.stats()
    assert stats["created"] == {"Customer": 1, "Invoice": 4}
    assert stats["metered"] == 1
    assert [each["doc_number"] for each in stats["duplicates"]] == ["1"]
    log = emulator.requests()
    assert [each["n"] for each in log] == sorted(each["n"] for each in log)
    text = repr(log)
    assert books.tokens["access_token"] not in text
    assert books.tokens["refresh_token"] not in text
    assert emulator.info()["client_secret"] not in text


def test_batch_that_asks_is_metered_one_that_writes_is_not(
    emulator: EmulatorProcess, books: Books
) -> None:
    """Reading is what Intuit counts; how it comes, its documents leave open."""
    writing = {"bId": "1", "operation": "create", "Customer": {"DisplayName": "Query"}}
    asking = {"bId": "2", "Query": "select * from Customer"}
    for item, metered in ((writing, 0), (asking, 1)):
        books.call("POST", "batch", json={"BatchItemRequest": [item]})
        assert emulator.stats()["metered"] == metered


def test_eleventh_call_of_a_second_is_throttled(start) -> None:
    emulator = start(limits="intuit")
    books = App(emulator).connect()
    answers = []

    def call() -> None:
        own = Books(books.base_url, books.realm_id, books.tokens)
        answers.append(own.call("GET", "preferences").status_code)

    threads = [threading.Thread(target=call) for _ in range(11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 10 + [429]
    assert emulator.stats()["throttled"] == 1


def test_state_of_another_version_is_not_touched(start, tmp_path: Path) -> None:
    """Its tables differ: half read, it would lie. The message says what to do."""
    state = tmp_path / "books.sqlite"
    with closing(sqlite3.connect(state)) as old:
        old.execute("CREATE TABLE meta (key TEXT, value TEXT)")
    with pytest.raises(RuntimeError, match="did not start"):
        start(state=state)
    with closing(sqlite3.connect(state)) as old:
        assert len(old.execute("SELECT * FROM sqlite_master").fetchall()) == 1


def test_killed_emulator_has_lost_nothing_that_it_answered(
    start, tmp_path: Path
) -> None:
    emulator = start(state=tmp_path / "books.sqlite")
    books = App(emulator).connect()
    customer = books.customer()
    answered = [books.invoice(customer["Id"])["Id"] for _ in range(20)]
    emulator.kill()
    emulator.start()
    assert [each["Id"] for each in emulator.books()["Invoice"]] == answered
    assert books.call("GET", "preferences").status_code == 200
