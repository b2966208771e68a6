"""python-quickbooks, unmodified: the lists that it and the emulator both know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from quickbooks import QuickBooks
from quickbooks.exceptions import (
    ObjectNotFoundException,
    QuickbooksException,
    ValidationException,
)
from quickbooks.objects import (
    Account,
    Class,
    CompanyInfo,
    Customer,
    Department,
    Employee,
    Item,
    PaymentMethod,
    Preferences,
    TaxAgency,
    TaxCode,
    TaxRate,
    TaxService,
    Term,
    Vendor,
)
from quickbooks.objects.companycurrency import CompanyCurrency
from quickbooks.objects.exchangerate import ExchangeRate
from quickbooks.objects.taxservice import TaxRateDetails

from .target import unique


@dataclass(frozen=True)
class ListCase:
    """A list: its class, the member that names an element, and how to make one."""

    kind: type[Any]
    name: str
    fill: Callable[[Any, QuickBooks], None] = lambda element, qb: None


def as_account(account: Any, qb: QuickBooks) -> None:
    account.AccountType = "Expense"
    account.AccountSubType = "OfficeGeneralAdministrativeExpenses"


def as_item(item: Any, qb: QuickBooks) -> None:
    (income,) = Account.filter(AccountType="Income", max_results=1, qb=qb)
    item.Type = "Service"
    item.IncomeAccountRef = income.to_ref()


def as_employee(employee: Any, qb: QuickBooks) -> None:
    employee.GivenName, employee.FamilyName = "Lee", employee.DisplayName


def as_payment_method(method: Any, qb: QuickBooks) -> None:
    method.Type = "NON_CREDIT_CARD"


def as_term(term: Any, qb: QuickBooks) -> None:
    term.DueDays = 21


CASES = [
    ListCase(Account, "Name", as_account),
    ListCase(Class, "Name"),
    ListCase(Customer, "DisplayName"),
    ListCase(Department, "Name"),
    ListCase(Employee, "DisplayName", as_employee),
    ListCase(Item, "Name", as_item),
    ListCase(PaymentMethod, "Name", as_payment_method),
    ListCase(Term, "Name", as_term),
    ListCase(Vendor, "DisplayName"),
]


def made(case: ListCase, qb: QuickBooks) -> Any:
    element = case.kind()
    setattr(element, case.name, unique("C")[:20])
    case.fill(element, qb)
    return element.save(qb=qb)


@pytest.fixture(params=CASES, ids=lambda case: case.kind.qbo_object_name)
def case(request: pytest.FixtureRequest) -> ListCase:
    return request.param


def test_what_is_created_is_read_and_found(case: ListCase, qb: QuickBooks) -> None:
    element = made(case, qb)
    name = getattr(element, case.name)
    assert int(element.Id) > 0
    assert element.SyncToken == "0"
    assert getattr(case.kind.get(element.Id, qb=qb), case.name) == name
    assert [found.Id for found in case.kind.filter(**{case.name: name}, qb=qb)] == [
        element.Id
    ]
    assert [found.Id for found in case.kind.choose([element.Id], qb=qb)] == [element.Id]
    assert case.kind.count(f"{case.name} = '{name}'", qb=qb) == 1
    assert element.Id in [
        found.Id
        for found in case.kind.where(
            "Active = true", order_by="Id DESC", max_results=1000, qb=qb
        )
    ]
    assert case.kind.all(max_results=1, qb=qb)


def test_full_update_echoing_all_that_was_read_is_taken(
    case: ListCase, qb: QuickBooks
) -> None:
    """The library sends back every member, empty and read-only ones too."""
    element = made(case, qb)
    renamed = unique("R")[:20]
    setattr(element, case.name, renamed)
    element.save(qb=qb)
    again = case.kind.get(element.Id, qb=qb)
    assert getattr(again, case.name) == renamed
    assert again.SyncToken == "1"


def test_what_is_made_inactive_hides_and_keeps_its_id(
    case: ListCase, qb: QuickBooks
) -> None:
    element = made(case, qb)
    element.Active = False
    element.save(qb=qb)
    name = getattr(element, case.name)
    assert case.kind.filter(**{case.name: name}, qb=qb) == []
    inactive = case.kind.where(f"Active = false and Id = '{element.Id}'", qb=qb)
    assert [found.Id for found in inactive] == [element.Id]


def test_an_old_sync_token_is_stale(case: ListCase, qb: QuickBooks) -> None:
    element = made(case, qb)
    element.save(qb=qb)
    with pytest.raises(QuickbooksException) as refused:
        element.save(qb=qb)
    assert refused.value.error_code == 5010
    assert "Stale Object Error" in refused.value.detail


def test_a_name_is_given_once(case: ListCase, qb: QuickBooks) -> None:
    element = made(case, qb)
    twin = case.kind()
    setattr(twin, case.name, getattr(element, case.name))
    case.fill(twin, qb)
    with pytest.raises(QuickbooksException) as refused:
        twin.save(qb=qb)
    assert refused.value.error_code == 6240


def test_same_request_id_makes_one_element(qb: QuickBooks) -> None:
    customer = Customer()
    customer.DisplayName = request_id = unique("C").replace(" ", "-")
    first = customer.save(qb=qb, request_id=request_id)
    again = Customer()
    again.DisplayName = customer.DisplayName
    assert again.save(qb=qb, request_id=request_id).Id == first.Id


def test_sub_customers_carry_their_parents_names(qb: QuickBooks) -> None:
    parent, child = Customer(), Customer()
    parent.DisplayName, child.DisplayName = unique("P"), unique("S")
    parent.save(qb=qb)
    child.Job, child.ParentRef = True, parent.to_ref()
    saved = child.save(qb=qb)
    assert saved.FullyQualifiedName == f"{parent.DisplayName}:{child.DisplayName}"
    assert saved.Level == 1


def test_what_is_not_there_is_not_found(qb: QuickBooks) -> None:
    with pytest.raises(ObjectNotFoundException) as refused:
        Customer.get(99999999, qb=qb)
    assert refused.value.error_code == 610


def test_a_wrong_query_is_refused(qb: QuickBooks) -> None:
    with pytest.raises(ValidationException) as refused:
        qb.query("select * from Customer where DisplayName = 'a' or Id = '1'")
    assert refused.value.error_code == 4000


def test_company_and_preferences_are_read_and_changed(qb: QuickBooks) -> None:
    company = CompanyInfo.get(qb.company_id, qb=qb)
    assert company.Id == "1"
    assert company.CompanyName
    assert len(CompanyInfo.all(qb=qb)) == 1
    preferences = Preferences.get(qb=qb)
    assert preferences.CurrencyPrefs.HomeCurrency.value == "USD"
    changed = preferences.save(qb=qb)
    assert int(changed.SyncToken) == int(preferences.SyncToken) + 1


def test_tax_lists_are_read(qb: QuickBooks) -> None:
    assert {"TAX", "NON"} <= {code.Id for code in TaxCode.all(qb=qb)}
    (rate, *_) = TaxRate.all(qb=qb)
    assert TaxRate.get(rate.Id, qb=qb).RateValue == rate.RateValue
    (agency, *_) = TaxAgency.all(qb=qb)
    assert agency.DisplayName


@pytest.mark.needs_emulator
def test_tax_service_makes_a_code_with_its_rate(
    qb_of_kind: Callable[[str], QuickBooks],
) -> None:
    qb = qb_of_kind("us-manual-tax")
    service, detail = TaxService(), TaxRateDetails()
    service.TaxCode = unique("Code")
    detail.TaxRateName, detail.RateValue = unique("Rate"), 7
    detail.TaxAgencyId = TaxAgency.all(qb=qb)[0].Id
    service.TaxRateDetails = [detail]
    made = qb.create_object(service.qbo_object_name, service.to_json())
    code = TaxCode.get(made["TaxCodeId"], qb=qb)
    assert code.Name == service.TaxCode
    (entry,) = code.SalesTaxRateList.TaxRateDetail
    assert TaxRate.get(entry.TaxRateRef.value, qb=qb).RateValue == 7


@pytest.mark.needs_emulator
def test_currencies_and_their_rates(qb_of_kind: Callable[[str], QuickBooks]) -> None:
    qb = qb_of_kind("multicurrency")
    franc = CompanyCurrency()
    franc.Code = "CHF"
    saved = franc.save(qb=qb)
    assert CompanyCurrency.get(saved.Id, qb=qb).Name == "Swiss Franc"
    rate = ExchangeRate()
    rate.SourceCurrencyCode, rate.AsOfDate, rate.Rate = "CHF", "2026-11-02", 1.25
    rate.TargetCurrencyCode = "USD"
    assert rate.save(qb=qb).Rate == 1.25
    (found,) = ExchangeRate.filter(
        SourceCurrencyCode="CHF", AsOfDate="2026-11-02", qb=qb
    )
    assert found.Rate == 1.25
