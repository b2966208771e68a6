"""What travels, and what the client makes of the bad days of QuickBooks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from service_billing_qbo.quickbooks import (
    AnswerLost,
    AuthenticationFailed,
    NotAuthorized,
    Outcome,
    QuickBooksError,
    Throttled,
    Unavailable,
    classify_error,
)
from tests.quickbooks.company import Company, an_invoice, client_at
from tests.quickbooks.raw_server import RawServer

from qbo_emulator.testing import EmulatorProcess


def test_request_names_version_token_and_type(raw_server: RawServer) -> None:
    raw_server.will_answer(200, b'{"Invoice":{}}')
    client = client_at(raw_server.url, "1/../2")

    client.create("Invoice", {"PrivateNote": "é"}, "r&1")

    head, _separator, body = raw_server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(
        b"POST /v3/company/1%2F..%2F2/invoice?minorversion=75&requestid=r%261 HTTP/1.1"
    )
    assert b"Authorization: Bearer token" in head
    assert b"Accept: application/json" in head
    assert b"Content-Type: application/json" in head
    assert body == '{"PrivateNote":"é"}'.encode()


@pytest.mark.parametrize(
    ("statement", "content_type"),
    [
        ("select * from Term", b"application/text"),
        ("select * from Term where Name = 'é'", b"application/text;charset=utf-8"),
    ],
)
def test_statement_travels_as_utf_8(
    raw_server: RawServer, statement: str, content_type: bytes
) -> None:
    raw_server.will_answer(200, b'{"QueryResponse":{}}')
    client = client_at(raw_server.url)

    client.query(statement)

    head, _separator, body = raw_server.requests[0].partition(b"\r\n\r\n")
    assert b"Content-Type: " + content_type + b"\r\n" in head + b"\r\n"
    assert body.decode() == statement


def test_client_names_its_company_and_hides_its_token() -> None:
    client = client_at("https://quickbooks.api.intuit.com", "42")

    assert repr(client) == (
        "QuickBooksClient(https://quickbooks.api.intuit.com/v3/company/42/)"
    )


def test_lost_answer_repeated_with_the_same_request_id_creates_once(
    company: Company, emulator: EmulatorProcess
) -> None:
    """The reason for request ids: executed, but we could not know."""
    payload = an_invoice(company.customer()["Id"])
    emulator.arm("lost_answer", entity="Invoice")

    with pytest.raises(AnswerLost) as caught:
        company.client.create("Invoice", payload, "r1")
    invoice = company.client.create("Invoice", payload, "r1")

    assert classify_error(caught.value).outcome is Outcome.UNCERTAIN
    assert [book["Id"] for book in company.books("Invoice")] == [invoice["Id"]]


@pytest.mark.parametrize(
    ("kind", "error", "outcome"),
    [
        ("reset_before", AnswerLost, Outcome.UNCERTAIN),
        ("reset_after", AnswerLost, Outcome.UNCERTAIN),
        ("cut_answer", AnswerLost, Outcome.UNCERTAIN),
        ("unavailable", Unavailable, Outcome.UNCERTAIN),
        ("gateway_timeout", Unavailable, Outcome.UNCERTAIN),
        ("error_500", Unavailable, Outcome.UNCERTAIN),
        ("throttled", Throttled, Outcome.TRANSIENT),
        ("expired_401", AuthenticationFailed, Outcome.REFRESH),
        ("forbidden_403", NotAuthorized, Outcome.RECONNECT),
    ],
)
def test_bad_day_becomes_one_error_with_one_decision(
    company: Company,
    emulator: EmulatorProcess,
    kind: str,
    error: type[QuickBooksError],
    outcome: Outcome,
) -> None:
    payload = an_invoice(company.customer()["Id"])
    emulator.arm(kind, entity="Invoice")

    with pytest.raises(error) as caught:
        company.client.create("Invoice", payload, "r1")

    assert type(caught.value) is error
    assert classify_error(caught.value).outcome is outcome


def test_slow_answer_is_given_up_after_the_time_out(
    company: Company, emulator: EmulatorProcess
) -> None:
    payload = an_invoice(company.customer()["Id"])
    company.transport.timeout_s = 0.3
    emulator.arm("slow", entity="Invoice", seconds=1)

    with pytest.raises(AnswerLost, match=r"0\.3 seconds"):
        company.client.create("Invoice", payload, "r1")


def test_foreign_token_does_not_open_the_company(company: Company) -> None:
    with pytest.raises(AuthenticationFailed) as caught:
        company.client_with(lambda: "foreign").company_info()

    assert caught.value.status == 401
    assert caught.value.intuit_tid
    assert company.client.metered_reads == 0, "Intuit counts successes only"


def test_threads_share_one_client(company: Company) -> None:
    customer = company.customer()

    def create(number: int) -> str:
        payload = an_invoice(customer["Id"], f"{number}.00", DocNumber=str(number))
        invoice = company.client.create("Invoice", payload, f"r{number}")
        assert invoice["DocNumber"] == str(number)
        return str(invoice["Id"])

    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(create, range(1, 9)))

    assert len(set(ids)) == 8
    assert company.emulator.stats()["duplicates"] == []


def test_every_exchange_is_told(company: Company) -> None:
    company.exchanges.clear()
    customer = company.customer()
    company.client.read("Customer", customer["Id"])

    written, read = company.exchanges
    assert (written.method, written.is_write, written.metered) == ("POST", True, False)
    assert (read.method, read.is_write, read.metered) == ("GET", False, True)
    assert written.request_id == "c-Harbor Dental LLC"
    assert written.intuit_tid
    assert written.intuit_tid != read.intuit_tid
    assert written.path == f"/v3/company/{company.realm_id}/customer"
