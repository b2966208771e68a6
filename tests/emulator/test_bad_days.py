"""What the real service does on its bad days, each armed and then met by a client."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from qbo_emulator.testing import EmulatorProcess

from .conftest import App, Books, fault_of, invoice_of


def batch_of(books: Books, *items: dict[str, Any], **params: str) -> list[Any]:
    """Send items with bIds 1, 2, ... in one batch; return their answers."""
    numbered = [{"bId": str(n), **item} for n, item in enumerate(items, start=1)]
    body = {"BatchItemRequest": numbered}
    answer = books.call("POST", "batch", json=body, params=params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["BatchItemResponse"])


def creating(customer_id: str, **members: Any) -> dict[str, Any]:
    return {"operation": "create", "Invoice": invoice_of(customer_id, **members)}


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("expired_401_xml", 401, "100"),
        ("wrong_cluster", 401, "130"),
        ("company_locked", 401, "140"),
        ("maintenance", 401, "150"),
        ("service_unavailable", 503, "503"),
    ],
)
def test_refusals_in_every_shape(
    emulator: EmulatorProcess, books: Books, kind: str, status: int, code: str
) -> None:
    """Gateways answer in XML, JSON or HTML, whatever the client asked for."""
    emulator.arm(kind)
    answer = books.call("GET", "preferences")
    assert answer.status_code == status
    assert code in answer.text
    is_xml = kind in ("expired_401_xml", "wrong_cluster")
    assert ("xml" in answer.headers["Content-Type"]) is is_xml
    assert books.call("GET", "preferences").status_code == 200


def test_any_refusal_can_be_armed(emulator: EmulatorProcess, books: Books) -> None:
    emulator.arm("refused", entity="customer", code="6540", detail="It is deposited.")
    error = books.refused("Customer", DisplayName="A")
    assert (error["code"], error["Detail"]) == ("6540", "It is deposited.")


def test_lapsed_subscription_stops_writing_and_not_reading(
    emulator: EmulatorProcess, books: Books
) -> None:
    emulator.arm("subscription_ended")
    for _ in range(2):
        error = books.refused("Customer", DisplayName="A")
        assert error["code"] == "6190"
        assert "Subscription period has ended" in error["Detail"]
    assert books.call("GET", "preferences").status_code == 200
    emulator.clear_faults()
    books.customer("A")


def test_answer_500_although_the_invoice_was_kept(
    emulator: EmulatorProcess, books: Books
) -> None:
    sent = invoice_of(books.customer()["Id"])
    emulator.arm("error_500_after", entity="invoice")
    assert fault_of(books.post("Invoice", sent, requestid="r"), 500)["code"] == "10000"
    (kept,) = emulator.books()["Invoice"]
    again = books.post("Invoice", sent, requestid="r").json()["Invoice"]
    assert again["Id"] == kept["Id"]
    assert len(emulator.books()["Invoice"]) == 1


def test_forgotten_requestid_makes_a_second_invoice(
    emulator: EmulatorProcess, books: Books
) -> None:
    """How long ids are remembered is not documented: a late retry must look first."""
    sent = invoice_of(books.customer()["Id"])
    emulator.arm("requestid_forgotten", seconds=600)
    first = books.post("Invoice", sent, requestid="r").json()["Invoice"]["Id"]
    emulator.advance_clock(500)
    assert books.post("Invoice", sent, requestid="r").json()["Invoice"]["Id"] == first
    emulator.advance_clock(101)
    assert books.post("Invoice", sent, requestid="r").json()["Invoice"]["Id"] != first
    # what is sent last is remembered anew
    emulator.advance_clock(599)
    books.post("Invoice", sent, requestid="r")
    assert len(emulator.books()["Invoice"]) == 2


def test_somebody_else_saves_first(emulator: EmulatorProcess, books: Books) -> None:
    """5010 once; who reads again finds a new SyncToken and gets through."""
    invoice = books.invoice(books.customer()["Id"])
    emulator.arm("stale_sync_token", entity="Invoice")
    books.invoice(books.id_of("Customer", "Cool Cars", "DisplayName"))
    change = {"Id": invoice["Id"], "sparse": True, "PrivateNote": "mine"}
    error = books.refused("Invoice", **change, SyncToken=invoice["SyncToken"])
    assert error["code"] == "5010"
    token = books.read("Invoice", invoice["Id"])["SyncToken"]
    assert token != invoice["SyncToken"]
    books.update("Invoice", **change, SyncToken=token)


def test_somebody_else_saves_first_in_a_batch(
    emulator: EmulatorProcess, books: Books
) -> None:
    invoice = books.invoice(books.customer()["Id"])
    emulator.arm("stale_sync_token")
    gone = {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]}
    (answer,) = batch_of(books, {"operation": "delete", "Invoice": gone})
    assert answer["Fault"]["Error"][0]["code"] == "5010"


@pytest.mark.parametrize(("kind", "made"), [("error_500", 2), ("error_500_after", 3)])
def test_fault_of_one_item_leaves_the_others_alone(
    emulator: EmulatorProcess, books: Books, kind: str, made: int
) -> None:
    customer_id = books.customer()["Id"]
    emulator.arm(kind, entity="invoice", nth=2, scope="item")
    items = [creating(customer_id) for _ in range(3)]
    answers = batch_of(books, *items, requestid="b")
    assert ["Fault" in each for each in answers] == [False, True, False]
    assert answers[1]["Fault"]["Error"][0]["code"] == "10000"
    assert len(emulator.books()["Invoice"]) == made
    again = batch_of(books, *items, requestid="b")
    assert len({each["Invoice"]["Id"] for each in again}) == 3
    assert len(emulator.books()["Invoice"]) == 3


def test_item_faults_by_chance_come_again_with_their_seed(
    emulator: EmulatorProcess, books: Books
) -> None:
    customer_id = books.customer()["Id"]

    def struck() -> list[bool]:
        emulator.clear_faults()
        emulator.arm("refused", scope="item", probability=0.5, seed=7)
        answers = batch_of(books, *[creating(customer_id) for _ in range(12)])
        return ["Fault" in each for each in answers]

    first = struck()
    assert True in first
    assert False in first
    assert struck() == first


def test_what_is_no_refusal_cannot_strike_an_item(emulator: EmulatorProcess) -> None:
    answer = requests.post(
        f"{emulator.base_url}/_emulator/faults",
        json={"kind": "slow", "scope": "item"},
        timeout=10,
    )
    assert answer.status_code == 400
    assert "cannot strike an item" in answer.json()["error"]


@pytest.mark.parametrize("delta", ["0.01", "-0.01"])
def test_tax_that_differs_by_a_cent(
    emulator: EmulatorProcess, books: Books, delta: str
) -> None:
    """No error tells it: only TotalAmt of the answer does (reference 7.1)."""
    emulator.arm("tax_delta", amount=delta)
    customer_id = books.customer()["Id"]
    sent = invoice_of(customer_id, "100.00", code="TAX")
    invoice = books.create("Invoice", **sent, TxnTaxDetail={"TotalTax": 8.25})
    off = float(delta)
    assert invoice["TotalAmt"] == pytest.approx(108.25 + off)
    assert invoice["TxnTaxDetail"]["TotalTax"] == pytest.approx(8.25 + off)
    untaxed = books.invoice(customer_id, "100.00")
    assert untaxed["TotalAmt"] == 100


def test_every_object_has_a_member_more(
    emulator: EmulatorProcess, books: Books
) -> None:
    """Added members make no new minor version: parsers must pass over them."""
    emulator.arm("unknown_member", name="NewThing")
    invoice = books.invoice(books.customer()["Id"])
    found = books.query("select * from Invoice")
    (answer,) = batch_of(books, {"Query": "select * from Term"})
    for each in (invoice, invoice["Line"][0], found, answer, answer["QueryResponse"]):
        assert "NewThing" in each
    assert "NewThing" in books.call("GET", "customer/9999").json()["Fault"]
    assert "NewThing" not in emulator.books()["Invoice"][0]


def test_countries_come_back_as_iso3(emulator: EmulatorProcess, books: Books) -> None:
    """CompanyInfo's since October 2025; other entities may follow (BLOG-AUG25)."""
    address = {"Line1": "1 Pier Rd", "Country": "United States"}
    assert books.customer(BillAddr=address)["BillAddr"]["Country"] == "United States"
    company = books.call("GET", f"companyinfo/{books.realm_id}").json()["CompanyInfo"]
    assert company["CompanyAddr"]["Country"] == "USA"
    assert company["Country"] == "US"
    emulator.arm("iso3_countries")
    other = books.customer("Other", BillAddr={"Line1": "x", "Country": "Atlantis"})
    assert other["BillAddr"]["Country"] == "Atlantis"
    customer = books.query("select * from Customer where DisplayName like 'Harbor%'")
    assert customer["Customer"][0]["BillAddr"]["Country"] == "USA"


@pytest.mark.parametrize("seconds", [7200, -7200])
def test_clock_jumps(emulator: EmulatorProcess, books: Books, seconds: int) -> None:
    """Forward the access token is too old at once; back, changes look older than what
    was there before them."""
    before = books.customer()["MetaData"]["LastUpdatedTime"]
    emulator.arm("clock_jump", seconds=seconds)
    answer = books.post("Customer", {"DisplayName": "After the jump"})
    if seconds > 0:
        assert answer.status_code == 401
    else:
        later = answer.json()["Customer"]["MetaData"]["LastUpdatedTime"]
        assert later < before


def test_refresh_that_another_process_made_first(
    emulator: EmulatorProcess, app: App
) -> None:
    books = app.connect()
    old = books.tokens["refresh_token"]
    emulator.arm("refresh_race")
    answer = app.token(grant_type="refresh_token", refresh_token=old)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_grant"


def test_refresh_value_replaced_before_its_day_is_over(
    emulator: EmulatorProcess, app: App
) -> None:
    old = app.connect().tokens["refresh_token"]
    emulator.arm("refresh_rotates")
    new = app.token(grant_type="refresh_token", refresh_token=old).json()
    assert new["refresh_token"] != old
    second = app.token(grant_type="refresh_token", refresh_token=old)
    assert second.json()["error"] == "invalid_grant"
    third = app.token(grant_type="refresh_token", refresh_token=new["refresh_token"])
    assert third.status_code == 200


def test_sign_in_has_bad_days_too(emulator: EmulatorProcess, app: App) -> None:
    old = app.connect().tokens["refresh_token"]
    emulator.arm("unavailable", path="/oauth2/v1/tokens")
    refresh = {"grant_type": "refresh_token", "refresh_token": old}
    assert app.token(**refresh).status_code == 502
    emulator.arm("throttled", path="/oauth2/v1/tokens")
    assert app.token(**refresh).status_code == 429
    assert app.token(**refresh).status_code == 200


def test_lasting_faults_go_with_others(emulator: EmulatorProcess, books: Books) -> None:
    emulator.arm("unknown_member")
    emulator.arm("lost_answer", operation="create", nth=1)
    with pytest.raises(requests.ConnectionError):
        books.post("Customer", {"DisplayName": "A"})
    assert "AddedByIntuit" in books.customer("B")
    log = emulator.requests()
    assert log[-2]["fault"] == "unknown_member,lost_answer"


def test_fault_for_one_operation(emulator: EmulatorProcess, books: Books) -> None:
    invoice = books.invoice(books.customer()["Id"])
    emulator.arm("error_500", entity="invoice", operation="void")
    books.read("Invoice", invoice["Id"])
    voided = {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]}
    assert books.post("Invoice", voided, operation="void").status_code == 500


@pytest.mark.parametrize("in_file", [True, False])
def test_snapshot_brings_everything_back(
    start: Callable[..., EmulatorProcess], tmp_path: Path, in_file: bool
) -> None:
    """Books, Ids, requestids, tokens and clock are as they were: what is done again
    gets the same Ids."""
    emulator = start(state=tmp_path / "state" if in_file else None)
    books = App(emulator).connect()
    customer_id = books.customer()["Id"]
    emulator.snapshot("begin")
    sent = invoice_of(customer_id)
    first = books.post("Invoice", sent, requestid="r").json()["Invoice"]
    emulator.advance_clock(100 * 3600)
    emulator.arm("unavailable", times=100)
    if in_file:
        emulator.kill()
        emulator.start()
    emulator.restore("begin")
    assert emulator.books()["Invoice"] == []
    assert emulator.faults() == []
    again = books.post("Invoice", sent, requestid="r").json()["Invoice"]
    assert again["Id"] == first["Id"]
    assert emulator.stats()["created"] == {"Customer": 1, "Invoice": 1}


def test_snapshot_that_was_never_made(emulator: EmulatorProcess) -> None:
    answer = requests.post(
        f"{emulator.base_url}/_emulator/restore", json={"name": "nope"}, timeout=10
    )
    assert answer.status_code == 400


def test_other_apps_use_up_the_limits_of_a_company(
    start: Callable[..., EmulatorProcess],
) -> None:
    """120 batches and 500 calls a minute are for all apps of a company together."""
    emulator = start(limits="intuit")
    books = App(emulator).connect()
    empty = {"BatchItemRequest": []}
    emulator.use_limits(books.realm_id, batches=119)
    assert books.call("POST", "batch", json=empty).status_code == 200
    assert books.call("POST", "batch", json=empty).status_code == 429
    assert books.call("GET", "preferences").status_code == 200
    emulator.advance_clock(60)
    assert books.call("POST", "batch", json=empty).status_code == 200
    emulator.use_limits(books.realm_id, calls=499)
    assert books.call("GET", "preferences").status_code == 429
    emulator.advance_clock(60)
    assert books.call("GET", "preferences").status_code == 200


def test_forty_batches_a_minute(start: Callable[..., EmulatorProcess]) -> None:
    emulator = start(limits="intuit")
    books = App(emulator).connect()
    statuses = []
    for _ in range(41):
        answer = books.call("POST", "batch", json={"BatchItemRequest": []})
        statuses.append(answer.status_code)
        emulator.advance_clock(0.2)  # ten calls a second are not what is meant here
    assert statuses == [200] * 40 + [429]
