"""Many currencies: lists, rates, and what a document in another currency shows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from qbo_emulator.testing import EmulatorProcess

from .conftest import Books, fault_of, invoice_of

Company = Callable[[str], Books]


def money(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


@pytest.fixture
def books(company: Company) -> Books:
    return company("multicurrency")


def euro_customer(books: Books) -> str:
    return books.id_of("Customer", "Hafen GmbH", "DisplayName")


def rate(books: Books, **query: str) -> Any:
    return books.call("GET", "exchangerate", params=query)


def set_rate(books: Books, value: float, day: str, code: str = "EUR") -> Any:
    sent = {"SourceCurrencyCode": code, "Rate": value, "AsOfDate": day}
    return books.call("POST", "exchangerate", json=sent)


def test_invoice_abroad_shows_both_currencies(books: Books) -> None:
    customer = euro_customer(books)
    invoice = books.invoice(
        customer, "99.99", CurrencyRef={"value": "EUR"}, ExchangeRate=1.0853
    )
    assert invoice["CurrencyRef"] == {"value": "EUR", "name": "Euro"}
    assert money(invoice["TotalAmt"]) == money("99.99")
    assert money(invoice["HomeTotalAmt"]) == money("108.52")
    assert invoice["HomeBalance"] == invoice["HomeTotalAmt"]
    assert money(books.read("Customer", customer)["Balance"]) == money("99.99")


def test_receivable_of_a_currency_is_made_when_needed(books: Books) -> None:
    name = "Accounts Receivable (A/R) - EUR"
    assert books.query(f"select * from Account where Name = '{name}'") == {}
    books.invoice(euro_customer(books), "50.00", CurrencyRef={"value": "EUR"})
    account = books.query(
        f"select * from Account where Name = '{name}' and CurrentBalance = '50'"
    )["Account"][0]
    assert account["CurrencyRef"]["value"] == "EUR"
    assert money(account["CurrentBalance"]) == 50


def test_rate_of_the_day_is_the_companys_latest(books: Books) -> None:
    set_rate(books, 1.10, "2026-02-01")
    set_rate(books, 1.20, "2026-03-01")
    rates = [
        books.invoice(euro_customer(books), CurrencyRef={"value": "EUR"}, TxnDate=day)[
            "ExchangeRate"
        ]
        for day in ("2026-01-31", "2026-02-28", "2026-03-01")
    ]
    assert rates == [1.08, 1.1, 1.2]


def test_currency_is_required_and_must_be_the_customers(books: Books) -> None:
    sent = invoice_of(euro_customer(books))
    error = books.refused("Invoice", **sent)
    assert (error["code"], error["element"]) == ("2020", "CurrencyRef")
    error = books.refused("Invoice", **sent, CurrencyRef={"value": "USD"})
    assert error["code"] == "6000"
    assert "currency of the transaction is invalid" in error["Detail"]


def test_customers_currency_is_fixed_and_a_new_one_joins_the_list(
    books: Books,
) -> None:
    customer = books.customer("Nippon KK", CurrencyRef={"value": "JPY"})
    codes = books.query("select * from CompanyCurrency")["CompanyCurrency"]
    assert "JPY" in [each["Code"] for each in codes]
    change = {"Id": customer["Id"], "SyncToken": "0", "sparse": True}
    error = books.refused("Customer", **change, CurrencyRef={"value": "USD"})
    assert error["code"] == "6000"
    kept = books.update(
        "Customer", Id=customer["Id"], SyncToken="0", DisplayName="Nippon KK"
    )
    assert kept["CurrencyRef"]["value"] == "JPY"
    unknown = {"DisplayName": "X", "CurrencyRef": {"value": "XXX"}}
    assert books.refused("Customer", **unknown)["code"] == "2220"


def test_company_currencies(books: Books) -> None:
    created = books.create("CompanyCurrency", Code="sek")
    assert (created["Code"], created["Name"]) == ("SEK", "Swedish Krona")
    assert books.refused("CompanyCurrency", Code="SEK")["code"] == "6240"
    assert books.refused("CompanyCurrency", Code="ABC")["code"] == "2220"
    assert books.refused("CompanyCurrency", Name="Euro")["code"] == "2020"


def test_exchange_rate_is_read_and_set(books: Books) -> None:
    asked = {"sourcecurrencycode": "EUR", "asofdate": "2026-02-01"}
    market = rate(books, **asked).json()["ExchangeRate"]
    assert (market["Rate"], market["TargetCurrencyCode"]) == (1.08, "USD")
    assert "Id" not in market
    set_rate(books, 1.11, "2026-02-01")
    assert set_rate(books, 1.12, "2026-02-01").json()["ExchangeRate"]["Rate"] == 1.12
    assert rate(books, **asked).json()["ExchangeRate"]["Rate"] == 1.12
    found = books.query("select * from ExchangeRate where SourceCurrencyCode = 'EUR'")
    assert len(found["ExchangeRate"]) == 1


def test_rates_that_are_refused(books: Books) -> None:
    assert fault_of(set_rate(books, 1, "2026-02-01", "USD"))["code"] == "6000"
    assert fault_of(set_rate(books, 0, "2026-02-01"))["code"] == "2090"
    assert fault_of(set_rate(books, 1, "2026-02-01", "XYZ"))["code"] == "2220"
    assert fault_of(rate(books))["code"] == "2020"
    assert fault_of(rate(books, sourcecurrencycode="XYZ"))["code"] == "2220"


def test_difference_of_rates_is_gain_or_loss(
    books: Books, companies_process: Any
) -> None:
    """Invoiced at 1.10, paid at 1.20: ten cents a euro are gained."""
    customer, euro = euro_customer(books), {"value": "EUR"}
    invoice = books.invoice(customer, "100.00", CurrencyRef=euro, ExchangeRate=1.1)
    payment = books.create(
        "Payment",
        CustomerRef={"value": customer},
        CurrencyRef=euro,
        ExchangeRate=1.2,
        TotalAmt=100,
        Line=[
            {
                "Amount": 100,
                "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}],
            }
        ],
    )
    paid = books.read("Invoice", invoice["Id"])
    assert paid["Balance"] == paid["HomeBalance"] == 0
    account = books.id_of("Account", "Exchange Gain or Loss")
    homes = {
        entry["account_id"]: Decimal(entry["home"])
        for entry in companies_process.ledger(books.realm_id)
        if entry["txn_id"] == payment["Id"]
    }
    assert homes[account] == -10
    assert sum(homes.values()) == 0


def test_one_currency_company_refuses_others(company: Company) -> None:
    books = company("us")
    sent = invoice_of(books.customer()["Id"], CurrencyRef={"value": "EUR"})
    assert books.refused("Invoice", **sent)["code"] == "6000"
    abroad = {"DisplayName": "Hafen", "CurrencyRef": {"value": "EUR"}}
    assert books.refused("Customer", **abroad)["code"] == "6000"
    assert books.refused("CompanyCurrency", Code="EUR")["code"] == "5030"
    assert fault_of(set_rate(books, 1, "2026-02-01"))["code"] == "5030"


def test_many_currencies_cannot_be_switched_off(books: Books) -> None:
    preferences = books.call("GET", "preferences").json()["Preferences"]
    preferences["CurrencyPrefs"]["MultiCurrencyEnabled"] = False
    assert books.refused("Preferences", **preferences)["code"] == "6000"


def test_new_rate_of_a_paid_invoice_leaves_nothing_open(
    companies_process: EmulatorProcess, books: Books
) -> None:
    """The payment settles it at its new rate too: the receivable ends at nothing in
    both currencies, the rest is exchange gain or loss."""
    customer_id = euro_customer(books)
    euro = {"CurrencyRef": {"value": "EUR"}}
    invoice = books.invoice(customer_id, "100.00", ExchangeRate=1.1, **euro)
    link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
    books.create(
        "Payment",
        CustomerRef={"value": customer_id},
        TotalAmt=100,
        ExchangeRate=1.2,
        Line=[{"Amount": 100, "LinkedTxn": [link]}],
        **euro,
    )
    paid = books.read("Invoice", invoice["Id"])
    change = {"Id": paid["Id"], "SyncToken": paid["SyncToken"], "sparse": True}
    books.update("Invoice", ExchangeRate=1.5, **change)
    entries = companies_process.ledger(books.realm_id)
    of_customer = [each for each in entries if each["customer_id"] == customer_id]
    for column in ("amount", "home"):
        assert sum(Decimal(each[column]) for each in of_customer) == 0
    assert sum(Decimal(each["home"]) for each in entries) == 0
