"""Change data capture."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from qbo_emulator.testing import EmulatorProcess

from .conftest import App, Books, fault_of


def changes(books: Books, entities: str, since: str) -> list[dict[str, Any]]:
    answer = books.call(
        "GET", "cdc", params={"entities": entities, "changedSince": since}
    )
    assert answer.status_code == 200, answer.text
    (response,) = answer.json()["CDCResponse"]
    return list(response["QueryResponse"])


def ago(**span: int) -> str:
    return (datetime.now(timezone.utc) - timedelta(**span)).isoformat()


def test_what_changed_and_what_was_deleted(
    emulator: EmulatorProcess, books: Books
) -> None:
    customer = books.customer()
    gone, kept = books.invoice(customer["Id"]), books.invoice(customer["Id"])
    emulator.advance_clock(600)
    since = kept["MetaData"]["LastUpdatedTime"]
    sent = {"Id": gone["Id"], "SyncToken": gone["SyncToken"]}
    books.post("Invoice", sent, operation="delete")
    customers, invoices, terms = changes(books, "Customer,Invoice,Term", since)
    assert customer["Id"] in [each["Id"] for each in customers["Customer"]]
    states = {each["Id"]: each.get("status") for each in invoices["Invoice"]}
    assert states == {kept["Id"]: None, gone["Id"]: "Deleted"}
    assert invoices["startPosition"] == 1
    assert invoices["maxResults"] == 2
    deleted = invoices["Invoice"][-1]
    assert set(deleted) == {"domain", "status", "Id", "MetaData"}
    assert deleted["MetaData"]["LastUpdatedTime"] > since
    assert terms == {} or "Term" in terms


def test_nothing_changed(emulator: EmulatorProcess, books: Books) -> None:
    emulator.advance_clock(600)
    later = (datetime.now(timezone.utc) + timedelta(seconds=500)).isoformat()
    assert changes(books, "Invoice", later) == [{}]


def test_inactive_elements_are_changes(books: Books) -> None:
    customer = books.customer("Soon gone")
    change = {"Id": customer["Id"], "SyncToken": "0", "sparse": True, "Active": False}
    books.update("Customer", **change)
    found = {
        each["Id"]: each
        for each in changes(books, "Customer", ago(hours=1))[0]["Customer"]
    }
    assert found[customer["Id"]]["Active"] is False


@pytest.mark.parametrize(
    "written", ["{:%Y-%m-%dT%H:%M:%S}Z", "{:%Y-%m-%dT%H:%M:%S}-0000", "{:%Y-%m-%d}"]
)
def test_since_may_be_written_in_many_ways(books: Books, written: str) -> None:
    moment = datetime.now(timezone.utc) - timedelta(days=2)
    books.customer()
    assert changes(books, "Customer", written.format(moment))[0]["Customer"]


def test_thirty_days_back_and_no_more(books: Books) -> None:
    assert changes(books, "Invoice", ago(days=29)) == [{}]
    params = {"entities": "Invoice", "changedSince": ago(days=31)}
    assert fault_of(books.call("GET", "cdc", params=params))["code"] == "6000"


@pytest.mark.parametrize("entity", ["TaxCode", "TaxRate", "TaxAgency", "Spaceship", ""])
def test_entities_that_it_does_not_cover(books: Books, entity: str) -> None:
    params = {"entities": entity, "changedSince": ago(days=1)}
    assert fault_of(books.call("GET", "cdc", params=params))["code"] == "500"


def test_moment_that_is_none(books: Books) -> None:
    params = {"entities": "Invoice", "changedSince": "yesterday"}
    assert fault_of(books.call("GET", "cdc", params=params))["code"] == "2060"


def test_a_thousand_objects_the_oldest_first(
    emulator: EmulatorProcess, app: App
) -> None:
    books = app.connect()
    for start in range(0, 1020, 30):
        items = [
            {
                "bId": str(n),
                "operation": "create",
                "Class": {"Name": f"Class {start + n:04}"},
            }
            for n in range(30)
        ]
        books.call("POST", "batch", json={"BatchItemRequest": items})
    classes, customers = changes(books, "Class,Customer", ago(hours=1))
    assert classes["maxResults"] == 1000
    assert customers == {}
    names = [each["Name"] for each in classes["Class"] if each["Name"] >= "Class 0"]
    assert "Class 0000" in names
    assert "Class 1019" not in names
