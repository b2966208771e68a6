"""What is read from CompanyInfo and Preferences, and what missing members mean."""

from __future__ import annotations

from datetime import date

import pytest
from service_billing_qbo.quickbooks.preferences import QboCompany, QboPreferences
from tests.quickbooks.company import Company


def test_settings_of_a_company_in_the_united_states(company: Company) -> None:
    preferences = QboPreferences.from_payload(company.client.preferences())

    assert preferences.using_sales_tax
    assert preferences.partner_tax_enabled is True
    assert preferences.home_currency == "USD"
    assert not preferences.multi_currency
    assert preferences.book_close_date is None


def test_company_says_its_name_and_country(company: Company) -> None:
    found = QboCompany.from_payload(company.client.company_info())

    assert found.name == company.name
    assert found.is_us
    assert not found.subscription_ended


def test_settings_that_were_not_read_are_off_or_unknown() -> None:
    preferences = QboPreferences.from_payload({})

    assert not preferences.custom_txn_numbers
    assert not preferences.uses_classes
    assert preferences.partner_tax_enabled is None
    assert preferences.home_currency is None


@pytest.mark.parametrize("as_text", [False, True])
def test_settings_in_either_spelling(as_text: bool) -> None:
    on = "true" if as_text else True
    preferences = QboPreferences.from_payload(
        {
            "SalesFormsPrefs": {"CustomTxnNumbers": on},
            "AccountingInfoPrefs": {
                "ClassTrackingPerTxnLine": on,
                "BookCloseDate": "2026-10-31",
            },
            "CurrencyPrefs": {"HomeCurrency": "CAD" if as_text else {"value": "CAD"}},
            "TaxPrefs": {"PartnerTaxEnabled": "false" if as_text else False},
        }
    )

    assert preferences.custom_txn_numbers
    assert (preferences.class_per_line, preferences.uses_classes) == (True, True)
    assert preferences.book_close_date == date(2026, 10, 31)
    assert preferences.home_currency == "CAD"
    assert preferences.partner_tax_enabled is False


@pytest.mark.parametrize(
    ("status", "ended"),
    [("PAID", False), ("TRIAL", False), ("CANCELED", True), (None, False)],
)
def test_subscription(status: str | None, ended: bool) -> None:
    values = [{"Name": "SubscriptionStatus", "Value": status}] if status else "odd"

    assert QboCompany.from_payload({"NameValue": values}).subscription_ended is ended


@pytest.mark.parametrize("country", ["US", "us", "USA"])
def test_country_in_two_or_three_letters(country: str) -> None:
    assert QboCompany.from_payload({"Country": country}).is_us


def test_company_elsewhere() -> None:
    company = QboCompany.from_payload({"LegalName": "Ltd", "Country": "CA"})

    assert (company.name, company.is_us) == ("Ltd", False)


def test_custom_fields_of_sales_forms_that_are_on() -> None:
    """Intuit's own sample of Preferences nests them so."""
    preferences = QboPreferences.from_payload(
        {
            "SalesFormsPrefs": {
                "CustomField": [
                    {
                        "CustomField": [
                            _custom("UseSalesCustom3", BooleanValue=False),
                            _custom("UseSalesCustom2", BooleanValue=True),
                            _custom("UseSalesCustom1", BooleanValue=True),
                        ]
                    },
                    {
                        "CustomField": [
                            _custom("SalesCustomName1", StringValue="Crew #"),
                            _custom("SalesCustomName3", StringValue="Old one"),
                        ]
                    },
                ]
            }
        }
    )

    assert preferences.custom_fields == (("1", "Crew #"),)
    assert QboPreferences.from_payload({}).custom_fields == ()


def _custom(name: str, **value: object) -> dict[str, object]:
    return {"Name": f"SalesFormsPrefs.{name}", **value}
