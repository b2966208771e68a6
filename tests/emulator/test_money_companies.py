"""Kinds of companies: each has the lists and the tax model of its name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qbo_emulator.companies import KINDS

from .conftest import Books, invoice_of

Company = Callable[[str], Books]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_company_takes_an_invoice(company: Company, kind: str) -> None:
    """A client that picks item, tax code and currency from the lists gets through."""
    books = company(kind)
    preferences = books.call("GET", "preferences").json()["Preferences"]
    country = books.call("GET", "companyinfo/1").json()["CompanyInfo"]["Country"]
    home = preferences["CurrencyPrefs"]["HomeCurrency"]["value"]
    sent = invoice_of(
        books.customer("Harbor Dental")["Id"], CurrencyRef={"value": home}
    )
    if country != "US":
        code = books.query("select * from TaxCode where Taxable = true")["TaxCode"][0]
        sent["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]["value"] = code["Id"]
        sent["GlobalTaxCalculation"] = "TaxExcluded"
    invoice = books.create("Invoice", **sent)
    assert invoice["TotalAmt"] >= 100
    assert invoice["CurrencyRef"]["value"] == home


def test_tax_preferences_tell_the_model(company: Company) -> None:
    models = {}
    for kind in ("us", "us-manual-tax", "us-no-sales-tax", "uk"):
        preferences = company(kind).call("GET", "preferences").json()["Preferences"]
        taxes = preferences["TaxPrefs"]
        models[kind] = (taxes["UsingSalesTax"], taxes.get("PartnerTaxEnabled"))
    assert models == {
        "us": (True, True),
        "us-manual-tax": (True, None),
        "us-no-sales-tax": (False, False),
        "uk": (True, None),
    }


def test_empty_company_has_only_what_quickbooks_makes(company: Company) -> None:
    """A client's set-up meets a company without customers, classes or own numbers."""
    books = company("empty")
    for entity in ("Customer", "Class", "Department", "Invoice"):
        assert books.query(f"select count(*) from {entity}") == {"totalCount": 0}
    assert len(books.query("select * from Item")["Item"]) == 2
    assert books.invoice(books.customer()["Id"], DocNumber="A-1")["DocNumber"] == "1001"


def test_item_outside_the_us_needs_an_expense_account(company: Company) -> None:
    books = company("uk")
    item = {"Name": "Audit", "Type": "Service", "IncomeAccountRef": {"value": "1"}}
    error = books.refused("Item", **item)
    assert (error["code"], error["element"]) == ("2020", "ExpenseAccountRef")
    books.create("Item", **item, ExpenseAccountRef={"value": "12"})


def test_form_without_terms_is_due_by_the_companys(company: Company) -> None:
    """Intuit's answer to its minimal sample: due 30 days on, no SalesTermRef."""
    books = company("us")
    customer = books.customer()
    invoice = books.invoice(customer["Id"], TxnDate="2026-11-22")
    assert invoice["DueDate"] == "2026-12-22"
    assert "SalesTermRef" not in invoice
    terms = {"value": books.id_of("Term", "Net 10")}
    books.prefer("SalesFormsPrefs", DefaultTerms=terms)
    changed = books.invoice(customer["Id"], TxnDate="2026-11-22")
    assert changed["DueDate"] == "2026-12-02"
