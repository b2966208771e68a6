"""Reading from QuickBooks: each call is metered, so each is counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from service_billing_qbo.quickbooks import (
    BatchItem,
    Outcome,
    QuickBooksClient,
    Refused,
    Transport,
    classify_error,
)
from service_billing_qbo.quickbooks.query import where_in
from tests.quickbooks.company import Company, an_invoice, client_at
from tests.quickbooks.raw_server import RawServer


def test_reading_gives_the_same_as_creating(company: Company) -> None:
    customer = company.customer()

    assert company.client.read("Customer", customer["Id"]) == customer
    assert company.client.metered_reads == 1


def test_company_and_its_settings(company: Company) -> None:
    info = company.client.company_info()
    preferences = company.client.preferences()

    assert (info["CompanyName"], info["Country"]) == (company.name, "US")
    assert preferences["TaxPrefs"]["UsingSalesTax"] is True
    assert company.client.metered_reads == 2
    assert company.emulator.stats()["metered"] == 2, "as Intuit counts"


def test_query_finds_documents_by_number(company: Company) -> None:
    customer = company.customer()
    for number in ("INV/1", "INV/2", "INV/3"):
        payload = an_invoice(customer["Id"], DocNumber=number)
        company.client.create("Invoice", payload, number)

    rows = company.client.query(
        "select * from Invoice where " + where_in("DocNumber", ["INV/1", "INV/3", "x"])
    )

    assert sorted(row["DocNumber"] for row in rows) == ["INV/1", "INV/3"]


def test_query_that_finds_nothing(company: Company) -> None:
    assert company.client.query("select * from Invoice") == []
    assert list(company.client.query_all("Invoice")) == []


def test_statement_that_quickbooks_cannot_parse_is_our_mistake(
    company: Company,
) -> None:
    with pytest.raises(Refused) as caught:
        company.client.query("select everything")

    assert classify_error(caught.value).outcome is Outcome.BUG


def test_names_asked_for_are_in_no_address(company: Company) -> None:
    company.client.query("select * from Customer where DisplayName = 'Ann'")

    assert all("Ann" not in str(call["query"]) for call in company.emulator.requests())


def test_all_rows_come_over_several_pages(company: Company) -> None:
    for start in range(0, 1020, 30):
        items = [
            BatchItem(str(number), "create", "Customer", {"DisplayName": f"N{number}"})
            for number in range(start, start + 30)
        ]
        unlimited(company).batch(items, f"b{start}")
    where = "DisplayName LIKE 'N%'"

    names = [row["DisplayName"] for row in company.client.query_all("Customer", where)]

    assert sorted(names) == sorted(f"N{number}" for number in range(1020))
    assert company.client.metered_reads == 2
    assert company.client.count("Customer", where) == 1020


def unlimited(company: Company) -> QuickBooksClient:
    """The same company, for setting the scene quickly."""
    return QuickBooksClient(
        company.endpoints,
        company.realm_id,
        lambda: company.tokens.access_token,
        Transport(),
    )


def test_pages_are_asked_for_one_at_a_time(company: Company) -> None:
    rows = company.client.query_all("Customer")
    assert company.client.metered_reads == 0

    next(rows)

    assert company.client.metered_reads == 1


def test_changes_since_a_moment_by_entity(company: Company) -> None:
    since = datetime.now(timezone.utc) - timedelta(minutes=1)
    customer = company.customer()
    invoice = company.client.create("Invoice", an_invoice(customer["Id"]), "r1")
    company.client.delete("Invoice", invoice["Id"], invoice["SyncToken"], "r2")

    changes = company.client.change_data_capture(["Invoice", "Customer", "Term"], since)

    assert [row["status"] for row in changes["Invoice"]] == ["Deleted"]
    assert customer["Id"] in {row["Id"] for row in changes["Customer"]}
    assert set(changes) == {"Invoice", "Customer", "Term"}


def test_moment_without_offset_is_refused(company: Company) -> None:
    with pytest.raises(ValueError, match="offset"):
        company.client.change_data_capture(
            ["Invoice"],
            datetime(2026, 11, 22),  # noqa: DTZ001 - that is the point
        )


def test_nothing_changed(raw_server: RawServer) -> None:
    raw_server.will_answer(200, b'{"CDCResponse":[{"QueryResponse":[{}]}],"time":"x"}')
    client = client_at(raw_server.url)

    changes = client.change_data_capture(
        ["Invoice"], datetime(2026, 11, 22, tzinfo=timezone.utc)
    )

    assert changes == {"Invoice": []}


def test_exchange_rate_of_a_day(raw_server: RawServer) -> None:
    raw_server.will_answer(
        200, b'{"ExchangeRate":{"SourceCurrencyCode":"EUR","Rate":1.0857}}'
    )
    client = client_at(raw_server.url)

    rate = client.exchange_rate("EUR", date(2026, 11, 22))

    assert rate["Rate"] == Decimal("1.0857")
    assert raw_server.requests[0].startswith(
        b"GET /v3/company/1/exchangerate?minorversion=75&sourcecurrencycode=EUR"
        b"&asofdate=2026-11-22 HTTP/1.1\r\n"
    )
