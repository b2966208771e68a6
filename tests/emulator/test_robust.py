"""What no client should send, and no test should ask for: it is refused in words, and
nothing that follows suffers."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from qbo_emulator.testing import EmulatorProcess

from .conftest import App, Books, fault_of, invoice_of
from .contract.schema.recorded import answers
from .contract.schema.recorded import main as held

_TIMEOUT_S = 20


def control(emulator: EmulatorProcess, route: str, body: Any) -> requests.Response:
    return requests.post(
        f"{emulator.base_url}/_emulator/{route}", json=body, timeout=_TIMEOUT_S
    )


def is_well(books: Books) -> bool:
    return books.call("GET", "companyinfo/1").status_code == 200


@pytest.mark.parametrize(
    ("amount", "code"), [("1e30", "2090"), ("1e999999", "2090"), ("1" * 5000, "2010")]
)
def test_amount_beyond_all_books(books: Books, amount: str, code: str) -> None:
    """QuickBooks takes up to 99,999,999,999; the connection stays, with a fault."""
    sent = json.dumps(invoice_of(books.customer()["Id"])).replace("100.0", amount)
    assert fault_of(books.call("POST", "invoice", data=sent))["code"] == code


def test_body_nested_without_end(books: Books) -> None:
    answer = books.call("POST", "customer", data="[" * 100_000)
    assert fault_of(answer)["code"] == "2010"


def test_position_beyond_all_rows(books: Books) -> None:
    statement = f"select * from Customer startposition {10**30}"
    answer = books.call("GET", "query", params={"query": statement})
    assert fault_of(answer)["code"] == "4001"


def test_moments_at_the_ends_of_the_calendar(books: Books) -> None:
    first = {"entities": "Invoice", "changedSince": "0001-01-01T00:00:00+14:00"}
    assert fault_of(books.call("GET", "cdc", params=first))["code"] == "2060"
    where = "where MetaData.CreateTime < '9999-12-31T23:59:59-14:00'"
    statement = {"query": f"select * from Invoice {where}"}
    assert fault_of(books.call("GET", "query", params=statement))["code"] == "4001"
    last = invoice_of(
        books.customer()["Id"], TxnDate="9999-12-31", SalesTermRef={"value": "3"}
    )
    assert fault_of(books.post("Invoice", last))["code"] == "2060"


def test_token_without_the_accounting_scope_opens_no_books(app: App) -> None:
    """Who consented to signing in only has not opened the books to the app."""
    realm_id = app.info["realms"][0]["realm_id"]
    code = app.decide(realm_id=realm_id, scope="openid")["code"]
    books = Books(app.info["base_url"], realm_id, app.exchange(code).json())
    assert books.call("GET", "companyinfo/1").status_code == 403


def test_batch_items_without_a_b_id_are_each_executed(books: Books) -> None:
    """A requestid repeats an item only where its bId matches too."""
    items = [
        {"operation": "create", "Customer": {"DisplayName": name}} for name in "AB"
    ]
    books.call(
        "POST", "batch", params={"requestid": "r"}, json={"BatchItemRequest": items}
    )
    names = {
        each["DisplayName"]
        for each in books.query("select * from Customer")["Customer"]
    }
    assert {"A", "B"} <= names


@pytest.mark.parametrize("seconds", [1e14, -1e14, 8e9])
def test_clock_stays_within_the_calendar(
    emulator: EmulatorProcess, books: Books, seconds: float
) -> None:
    assert control(emulator, "clock", {"advance_s": seconds}).status_code == 400
    assert is_well(books)


@pytest.mark.parametrize(
    "arming",
    [
        {"kind": "slow", "second": 5},
        {"kind": "slow", "seconds": "soon"},
        {"kind": "slow", "times": "often"},
        {"kind": "slow", "match": {"nth": 0}},
        {"kind": "slow", "match": {"probability": 2}},
        {"kind": "lost_answer", "seconds": 5},
        {"kind": "refused", "status": 1000},
        {"kind": "refused", "code": 6000},
        {"kind": "tax_delta", "amount": "a cent"},
        {"kind": "slow", "match": "path"},
        [1],
        7,
    ],
)
def test_fault_that_could_not_strike_is_not_armed(
    emulator: EmulatorProcess, books: Books, arming: Any
) -> None:
    """A misspelt option would otherwise arm something else than was meant."""
    assert control(emulator, "faults", arming).status_code == 400
    assert emulator.faults() == []
    assert is_well(books)


@pytest.mark.parametrize(
    "switch",
    [
        {"amount_tolerance": "much"},
        {"requestid_other_body": "guess"},
        {"requestid_memory_s": "5"},
        {"tax_override": "yes"},
        {"deposited": "1"},
        {"deposited": [1]},
    ],
)
def test_switch_takes_values_of_its_kind_only(
    emulator: EmulatorProcess, books: Books, switch: dict[str, Any]
) -> None:
    asked = {"realm_id": books.realm_id, **switch}
    assert control(emulator, "switches", asked).status_code == 400


@pytest.mark.parametrize("route", ["switches", "clock", "snapshot", "limits"])
def test_control_plane_takes_objects_only(
    emulator: EmulatorProcess, route: str
) -> None:
    assert control(emulator, route, [1]).status_code == 400


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.com"])
def test_nobody_else_reaches_it(host: str) -> None:
    """The control plane tells the app's keys and every document to who asks."""
    ended = subprocess.run(
        [sys.executable, "-m", "qbo_emulator", "--host", host],
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    assert ended.returncode == 2
    assert "--host" in ended.stderr


@pytest.mark.parametrize(
    "endpoint", [{"delay_s": "soon"}, {"delay_s": -1}, {"content_type": 5}, {"url": 5}]
)
def test_endpoint_that_could_not_be_served_is_refused(
    emulator: EmulatorProcess, endpoint: dict[str, Any]
) -> None:
    """It would end the deliveries of this process and of all that start later."""
    asked = {"url": "http://127.0.0.1:9/hook", **endpoint}
    assert control(emulator, "webhooks", asked).status_code == 400
    assert emulator.notifications()["url"] is None


@pytest.mark.parametrize(
    "redirect_uri",
    ["http://localhost/\r\nX: y", "http://evil.example\\@localhost/", "http://[::1/"],
)
def test_redirect_address_that_browsers_read_otherwise(
    app: App, redirect_uri: str
) -> None:
    assert app.ask(redirect_uri=redirect_uri, scope="unknown").status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "books.example"},
        {"Origin": "https://books.example"},
        {"Origin": "null"},
    ],
)
def test_control_plane_is_not_for_other_sites_pages(
    emulator: EmulatorProcess, headers: dict[str, str]
) -> None:
    answer = requests.post(
        f"{emulator.base_url}/_emulator/reset", headers=headers, timeout=_TIMEOUT_S
    )
    assert answer.status_code == 403


def test_log_is_asked_for_from_a_number_beyond_all(emulator: EmulatorProcess) -> None:
    answer = requests.get(
        f"{emulator.base_url}/_emulator/requests?since={10**30}", timeout=_TIMEOUT_S
    )
    assert answer.status_code == 400


def test_snapshot_of_another_version_is_not_restored(
    start: Callable[..., EmulatorProcess], tmp_path: Path
) -> None:
    """Its tables would end every call that follows."""
    emulator = start(state=tmp_path / "state")
    emulator.snapshot("old")
    with closing(sqlite3.connect(tmp_path / "state.old.snapshot")) as copy:
        copy.execute("PRAGMA user_version = 3")
    assert control(emulator, "restore", {"name": "old"}).status_code == 400
    assert is_well(App(emulator).connect())


def test_query_with_a_date_that_is_none(books: Books) -> None:
    statement = {"query": "select * from Invoice where TxnDate < '2026-13-99'"}
    answer = books.call("GET", "query", params=statement)
    assert fault_of(answer)["code"] == "4001"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/oauth2/v1/tokens/bearer", 404),
        ("POST", "/oauth2/v1/tokens/nothing", 404),
        ("DELETE", "/connect/oauth2", 404),
        ("GET", "/op/v2/jwks", 404),
    ],
)
def test_unknown_ways_of_signing_in(
    emulator: EmulatorProcess, method: str, path: str, status: int
) -> None:
    answer = requests.request(method, f"{emulator.base_url}{path}", timeout=_TIMEOUT_S)
    assert answer.status_code == status
    assert answer.json() == {"error": "invalid_request"}
    assert answer.headers["intuit_tid"]


@pytest.mark.parametrize(
    "path",
    ["/", "//_files/1/2", "/_files", "/v3", "/v3/company", "/v4/x", "/%00", "//"],
)
def test_paths_that_lead_nowhere(emulator: EmulatorProcess, path: str) -> None:
    """Intuit's words for a bad path are 500, Unsupported Operation."""
    headers = {"Accept": "application/json"}
    answer = requests.get(
        f"{emulator.base_url}{path}", headers=headers, timeout=_TIMEOUT_S
    )
    if "_files/" in path:
        assert (answer.status_code, answer.text) == (403, "expired")
        return
    assert fault_of(answer)["code"] == "500"
    in_xml = requests.get(f"{emulator.base_url}{path}", timeout=_TIMEOUT_S)
    assert in_xml.text.startswith("<?xml")


def test_what_others_do_meanwhile_and_cannot(
    emulator: EmulatorProcess, books: Books
) -> None:
    """An armed jump beyond the calendar breaks the call: it stands in the log with
    QuickBooks' own application error, and the next call is well."""
    nearly_there_s = 5_460_000_000  # the calendar of a clock ends with the year 2200
    emulator.advance_clock(nearly_there_s)
    emulator.arm("clock_jump", seconds=80_000_000)
    error = fault_of(books.call("GET", "preferences"), status=500)
    assert (error["code"], error["type"]) == ("10000", "SystemFault")
    last = emulator.requests()[-1]
    assert (last["status"], last["fault"]) == (500, "clock_jump")
    emulator.advance_clock(-nearly_there_s)
    assert is_well(books)


@pytest.mark.parametrize(
    "document", [[], 5, {"Id": []}, {"Id": {"a": 1}}, {"Id": 1e99}]
)
def test_stale_document_that_is_none(
    emulator: EmulatorProcess, books: Books, document: Any
) -> None:
    """Another user cannot save what a call names wrongly."""
    emulator.arm("stale_sync_token", entity="invoice", times=5)
    params = {"operation": "update"}
    answer = books.call("POST", "invoice", json=document, params=params)
    assert answer.status_code == 400
    assert answer.json()["Fault"]["Error"]
    assert is_well(books)


def test_answers_are_recorded_where_it_is_asked_for(
    start: Callable[..., EmulatorProcess],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that answers of a whole run are held against Intuit's schemas at its end."""
    monkeypatch.setenv("QBO_EMULATOR_RECORD", str(tmp_path / "answers"))
    emulator = start()
    books = App(emulator).connect()
    emulator.arm("error_500")
    books.call("GET", "preferences")
    customer = books.customer()
    kept = list(answers(tmp_path / "answers"))
    assert [call.rpartition("/")[2] for call, _answer in kept] == ["customer"]
    assert json.loads(kept[0][1])["Customer"]["Id"] == customer["Id"]
    assert held(tmp_path / "answers") == 0
    file = next((tmp_path / "answers").iterdir())
    wrong = json.dumps({"Customer": {"Nickname": "x"}})
    with file.open("a") as lines:
        lines.write(json.dumps({"call": "GET /", "answer": wrong}) + "\n")
    assert held(tmp_path / "answers") == 1
    assert held(tmp_path / "nothing") == 1
