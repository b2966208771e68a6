"""Preferences that decide what a form may hold, tax set-up, masked numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from qbo_emulator.testing import EmulatorProcess

from .conftest import Books, fault_of, invoice_of

Company = Callable[[str], Books]


def classed(customer: str, books: Books) -> dict[str, Any]:
    sent = invoice_of(customer)
    reference = {"value": books.id_of("Class", "North")}
    sent["Line"][0]["SalesItemLineDetail"]["ClassRef"] = reference
    return sent


def test_class_of_a_line_needs_the_preference(books: Books) -> None:
    sent = classed(books.customer()["Id"], books)
    line = books.create("Invoice", **sent)["Line"][0]
    assert line["SalesItemLineDetail"]["ClassRef"]["name"] == "North"
    books.prefer("AccountingInfoPrefs", ClassTrackingPerTxnLine=False)
    error = books.refused("Invoice", **sent)
    assert (error["code"], error["element"]) == ("5030", "ClassRef")


@pytest.mark.parametrize(
    ("member", "entity", "name", "preference"),
    [
        ("ClassRef", "Class", "North", "ClassTrackingPerTxn"),
        ("DepartmentRef", "Department", "San Mateo", "TrackDepartments"),
    ],
)
def test_class_and_location_of_a_form_need_the_preference(
    books: Books, member: str, entity: str, name: str, preference: str
) -> None:
    books.prefer("AccountingInfoPrefs", ClassTrackingPerTxnLine=False)
    books.prefer("AccountingInfoPrefs", **{preference: False})
    reference = {"value": books.id_of(entity, name)}
    sent = invoice_of(books.customer()["Id"], **{member: reference})
    assert books.refused("Invoice", **sent)["code"] == "5030"
    books.prefer("AccountingInfoPrefs", **{preference: True})
    assert books.create("Invoice", **sent)[member]["name"] == name


def test_untracked_class_may_be_dropped_instead(
    books: Books, emulator: EmulatorProcess
) -> None:
    """What the real service does is not documented, so it is a switch."""
    books.prefer("AccountingInfoPrefs", ClassTrackingPerTxnLine=False)
    emulator.switch(books.realm_id, refuse_untracked=False)
    sent = classed(books.customer()["Id"], books)
    line = books.create("Invoice", **sent)["Line"][0]
    assert "ClassRef" not in line["SalesItemLineDetail"]


def test_tax_identifiers_are_masked(books: Books) -> None:
    customer = books.customer(PrimaryTaxIdentifier="DE123456789", Notes="n")
    assert customer["PrimaryTaxIdentifier"] == "XXXXXX56789"
    changed = books.update(
        "Customer", Id=customer["Id"], SyncToken="0", sparse=True, Notes="m"
    )
    assert changed["PrimaryTaxIdentifier"] == "XXXXXX56789"


# -- TaxService ----------------------------------------------------------------------


def new_code(books: Books, name: str, *details: dict[str, Any]) -> Any:
    sent = {"TaxCode": name, "TaxRateDetails": list(details)}
    return books.call("POST", "taxservice/taxcode", json=sent)


def test_tax_code_is_made_with_its_rates_and_used(company: Company) -> None:
    books = company("ca")
    agency = books.create("TaxAgency", DisplayName="Manitoba Finance")["Id"]
    answer = new_code(
        books,
        "GST/RST MB",
        {"TaxRateId": books.id_of("TaxRate", "GST 5%")},
        {"TaxRateName": "RST MB 7%", "RateValue": "7", "TaxAgencyId": agency},
    ).json()
    assert set(answer) == {"TaxCode", "TaxCodeId", "TaxRateDetails"}
    code = books.read("TaxCode", answer["TaxCodeId"])
    assert len(code["SalesTaxRateList"]["TaxRateDetail"]) == 2
    sent = invoice_of(
        books.customer()["Id"],
        "100.00",
        code=answer["TaxCodeId"],
        GlobalTaxCalculation="TaxExcluded",
    )
    total = books.create("Invoice", **sent)["TotalAmt"]
    assert Decimal(str(total)) == 112


def test_tax_codes_that_are_refused(company: Company) -> None:
    books = company("uk")
    good = {"TaxRateName": "New", "RateValue": 7, "TaxAgencyId": "1"}
    refused = {
        "6240": new_code(books, "20.0% S", good),
        "2090": new_code(books, "Steep", {**good, "RateValue": 101}),
        "2500": new_code(books, "Agency", {**good, "TaxAgencyId": "99"}),
        "2020": new_code(books, "Empty"),
    }
    assert {code: fault_of(answer)["code"] for code, answer in refused.items()} == {
        code: code for code in refused
    }
    assert books.query("select * from TaxRate where Name = 'New'") == {}
