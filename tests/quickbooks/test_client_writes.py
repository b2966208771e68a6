"""Creating, changing and removing in QuickBooks, alone and in batches."""

from __future__ import annotations

from decimal import Decimal

import pytest
from service_billing_qbo.quickbooks import (
    AnswerLost,
    BatchItem,
    Outcome,
    Refused,
    classify,
    classify_error,
    existing_id,
)
from service_billing_qbo.quickbooks.query import quote
from tests.quickbooks.company import Company, an_invoice, client_at
from tests.quickbooks.raw_server import RawServer

from qbo_emulator.testing import EmulatorProcess


def test_created_invoice_comes_back_with_id_and_total(company: Company) -> None:
    customer = company.customer()

    invoice = company.client.create(
        "Invoice", an_invoice(customer["Id"], "108.20", DocNumber="INV/1"), "r1"
    )

    assert invoice["TotalAmt"] == Decimal("108.20")
    assert isinstance(invoice["TotalAmt"], Decimal)
    assert [book["Id"] for book in company.books("Invoice")] == [invoice["Id"]]
    assert company.client.metered_reads == 0


def test_name_with_accents_and_quotes_arrives_as_it_is(
    emulator: EmulatorProcess, company: Company
) -> None:
    """Whatever the company keeps; a US one may keep Latin-1 only, which is refused."""
    (realm,) = emulator.info()["realms"]
    emulator.switch(realm["realm_id"], latin1_only=False)
    name = "Café „Zum Bären“ & Söhne O'Neil \\ 李"

    customer = company.customer(name)

    assert customer["DisplayName"] == name
    found = company.client.query_all("Customer", f"DisplayName = {quote(name)}")
    assert [row["Id"] for row in found] == [customer["Id"]]


def test_same_request_id_creates_once_and_answers_the_same(company: Company) -> None:
    payload = an_invoice(company.customer()["Id"])

    first = company.client.create("Invoice", payload, "r1")
    second = company.client.create("Invoice", payload, "r1")

    assert first == second
    assert len(company.books("Invoice")) == 1


def test_sparse_update_changes_what_it_names(company: Company) -> None:
    customer = company.customer()

    changed = company.client.update(
        "Customer",
        {
            "Id": customer["Id"],
            "SyncToken": customer["SyncToken"],
            "sparse": True,
            "Notes": "odoo:res.partner/42",
        },
        "r2",
    )

    assert changed["Notes"] == "odoo:res.partner/42"
    assert changed["DisplayName"] == customer["DisplayName"]
    assert int(changed["SyncToken"]) == int(customer["SyncToken"]) + 1


def test_update_of_an_old_version_is_stale(company: Company) -> None:
    customer = company.customer()
    change = {
        "Id": customer["Id"],
        "SyncToken": customer["SyncToken"],
        "sparse": True,
    }
    company.client.update("Customer", {**change, "Notes": "1"}, "r2")

    with pytest.raises(Refused) as caught:
        company.client.update("Customer", {**change, "Notes": "2"}, "r3")

    assert classify_error(caught.value).outcome is Outcome.STALE


@pytest.mark.parametrize(
    "payload", [{}, {"Id": "1"}, {"SyncToken": "0"}, {"Id": "1", "SyncToken": ""}]
)
def test_update_that_would_create_is_refused(
    company: Company, payload: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match="Id and SyncToken"):
        company.client.update("Customer", payload, "r1")


def test_voided_invoice_stays_with_nothing_to_pay(company: Company) -> None:
    invoice = company.client.create(
        "Invoice", an_invoice(company.customer()["Id"]), "r1"
    )

    voided = company.client.void("Invoice", invoice["Id"], invoice["SyncToken"], "r2")

    assert (voided["Id"], voided["TotalAmt"]) == (invoice["Id"], Decimal(0))
    assert len(company.books("Invoice")) == 1


def test_credit_memo_cannot_be_voided(company: Company) -> None:
    with pytest.raises(ValueError, match="cannot void a CreditMemo"):
        company.client.void("CreditMemo", "1", "0", "r1")


def test_payment_is_voided_by_an_update(raw_server: RawServer) -> None:
    raw_server.will_answer(200, b'{"Payment":{"Id":"7"}}')
    client = client_at(raw_server.url)

    client.void("Payment", "7", "0", "r1")

    assert raw_server.requests[0].startswith(
        b"POST /v3/company/1/payment?minorversion=75&requestid=r1"
        b"&operation=update&include=void HTTP/1.1\r\n"
    )


def test_deleted_credit_memo_is_gone(company: Company) -> None:
    memo = company.client.create(
        "CreditMemo", an_invoice(company.customer()["Id"]), "r1"
    )

    gone = company.client.delete("CreditMemo", memo["Id"], memo["SyncToken"], "r2")

    assert gone["status"] == "Deleted"
    with pytest.raises(Refused) as caught:
        company.client.read("CreditMemo", memo["Id"])
    assert [fault.code for fault in caught.value.faults] == ["610"]


def test_number_that_is_taken_names_the_other_invoice(company: Company) -> None:
    payload = an_invoice(company.customer()["Id"], DocNumber="7")
    first = company.client.create("Invoice", payload, "r1")

    with pytest.raises(Refused) as caught:
        company.client.create("Invoice", payload, "r2")

    assert classify_error(caught.value).outcome is Outcome.LOOK_UP
    assert existing_id(caught.value.faults[0]) == first["Id"]


def test_number_may_be_used_again_when_asked_for(company: Company) -> None:
    payload = an_invoice(company.customer()["Id"], DocNumber="7")
    company.client.create("Invoice", payload, "r1")

    company.client.create("Invoice", payload, "r2", include="allowduplicatedocnum")

    assert [book["DocNumber"] for book in company.books("Invoice")] == ["7", "7"]


def test_name_that_is_taken_is_looked_up(company: Company) -> None:
    company.customer("Harbor Dental LLC")

    with pytest.raises(Refused) as caught:
        company.client.create("Customer", {"DisplayName": "harbor dental llc"}, "r9")

    assert classify_error(caught.value).outcome is Outcome.LOOK_UP


@pytest.mark.parametrize("request_id", ["", "r" * 51])
def test_request_id_of_another_length_is_refused(
    company: Company, request_id: str
) -> None:
    with pytest.raises(ValueError, match="1 to 50 characters"):
        company.client.create("Customer", {"DisplayName": "A"}, request_id)


def test_float_never_leaves(company: Company) -> None:
    with pytest.raises(TypeError, match=r"\$\.TotalAmt is a float"):
        company.client.create("Payment", {"TotalAmt": 0.1}, "r1")


def test_batch_answers_each_item_and_one_fault_stops_no_neighbour(
    company: Company,
) -> None:
    customer = company.customer()
    items = [
        BatchItem("1", "create", "Invoice", an_invoice(customer["Id"], "1.10")),
        BatchItem("2", "create", "Invoice", an_invoice("999999", "2.20")),
        BatchItem("3", "create", "Customer", {"DisplayName": "New"}),
    ]

    invoice, refused, created = company.client.batch(items, "b1")

    assert invoice.entity is not None
    assert invoice.entity["TotalAmt"] == Decimal("1.10")
    assert classify(refused.faults[0]).outcome is Outcome.PERSON
    assert created.is_ok
    assert len(company.books("Invoice")) == 1
    assert company.client.metered_reads == 0


def test_repeated_batch_creates_nothing_again(company: Company) -> None:
    customer = company.customer()
    items = [
        BatchItem(str(number), "create", "Invoice", an_invoice(customer["Id"]))
        for number in range(30)
    ]

    first = company.client.batch(items, "b1")
    second = company.client.batch(items, "b1")

    assert first == second
    assert len(company.books("Invoice")) == 30


def test_batch_of_questions_finds_many_at_once_and_is_metered(
    company: Company,
) -> None:
    for name in ("A", "B"):
        company.customer(name)
    items = [
        BatchItem.query(
            name, "Customer", f"select * from Customer where DisplayName = '{name}'"
        )
        for name in ("A", "B", "C")
    ]

    answers = company.client.batch(items, "b1")

    assert [[row["DisplayName"] for row in answer.rows] for answer in answers] == [
        ["A"],
        ["B"],
        [],
    ]
    assert company.client.metered_reads == 1


def test_batch_counts_as_a_batch(company: Company) -> None:
    before = company.limiter.snapshot(0.0)["batches"]

    company.client.batch(
        [BatchItem("1", "create", "Customer", {"DisplayName": "A"})], "b"
    )

    assert before == []
    assert len(company.limiter.snapshot(0.0)["batches"]) == 1


def test_answer_without_any_item_is_lost(raw_server: RawServer) -> None:
    raw_server.will_answer(200, b'{"time":"now"}')
    client = client_at(raw_server.url)

    with pytest.raises(AnswerLost) as caught:
        client.batch([BatchItem("1", "create", "Customer", {"DisplayName": "A"})], "b1")

    assert caught.value.is_write
