"""What a company's settings say, read from CompanyInfo and Preferences.

Sources: developer.intuit.com, API reference of CompanyInfo and Preferences; the meaning
of ``PartnerTaxEnabled``: Intuit's blog of 2017-12-11 on automated sales tax (true: on,
false: available but not set up, absent: the company is not on it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

__all__ = ["CUSTOM_FIELD_PLACES", "QboCompany", "QboPreferences"]

#: Preferences name three custom fields of sales forms.
CUSTOM_FIELD_PLACES = ("1", "2", "3")


@dataclass(frozen=True)
class QboPreferences:
    """The members of Preferences on which an export depends.

    ``from_payload({})`` is a company that has not been read yet: everything off or
    unknown. Whether QuickBooks warns about duplicate numbers is not among them: Intuit
    names no such member.
    """

    custom_txn_numbers: bool
    class_per_txn: bool
    class_per_line: bool
    track_departments: bool
    book_close_date: date | None
    using_sales_tax: bool
    partner_tax_enabled: bool | None
    default_tax_code_id: str | None
    multi_currency: bool
    home_currency: str | None
    auto_apply_credit: bool
    allow_discount: bool
    allow_service_date: bool
    #: DefinitionId and name of the custom fields of sales forms that are on.
    custom_fields: tuple[tuple[str, str], ...]

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> QboPreferences:
        """Read ``Preferences``; unknown members are ignored, absent ones are off."""
        sales = _member(payload, "SalesFormsPrefs")
        accounting = _member(payload, "AccountingInfoPrefs")
        tax = _member(payload, "TaxPrefs")
        currency = _member(payload, "CurrencyPrefs")
        return cls(
            custom_txn_numbers=_flag(sales, "CustomTxnNumbers") is True,
            class_per_txn=_flag(accounting, "ClassTrackingPerTxn") is True,
            class_per_line=_flag(accounting, "ClassTrackingPerTxnLine") is True,
            track_departments=_flag(accounting, "TrackDepartments") is True,
            book_close_date=_day(accounting.get("BookCloseDate")),
            using_sales_tax=_flag(tax, "UsingSalesTax") is True,
            partner_tax_enabled=_flag(tax, "PartnerTaxEnabled"),
            default_tax_code_id=_reference(tax.get("TaxGroupCodeRef")),
            multi_currency=_flag(currency, "MultiCurrencyEnabled") is True,
            home_currency=_reference(currency.get("HomeCurrency")),
            auto_apply_credit=_flag(sales, "AutoApplyCredit") is True,
            allow_discount=_flag(sales, "AllowDiscount") is True,
            allow_service_date=_flag(sales, "AllowServiceDate") is True,
            custom_fields=_custom_fields(sales),
        )

    @property
    def uses_classes(self) -> bool:
        """Classes are tracked, on the document or on its lines."""
        return self.class_per_txn or self.class_per_line


@dataclass(frozen=True)
class QboCompany:
    """The members of CompanyInfo that people and checks look at."""

    name: str
    country: str
    plan: str | None
    subscription: str | None

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> QboCompany:
        """Read the object ``CompanyInfo``."""
        values = _name_values(payload.get("NameValue"))
        return cls(
            name=str(payload.get("CompanyName") or payload.get("LegalName") or ""),
            country=str(payload.get("Country") or ""),
            plan=values.get("OfferingSku"),
            subscription=values.get("SubscriptionStatus"),
        )

    @property
    def is_us(self) -> bool:
        """The sales tax model of the United States applies."""
        return self.country.upper() in {"US", "USA"}

    @property
    def subscription_ended(self) -> bool:
        """The subscription is known, and neither paid nor on trial."""
        return (self.subscription or "PAID").upper() not in {"PAID", "TRIAL"}


def _custom_fields(sales: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The custom fields of sales forms that are on, by their place.

    Intuit wraps switches (``UseSalesCustom1``) and names (``SalesCustomName1``) in
    lists of their own below ``CustomField``; the place is the DefinitionId.
    """
    values: dict[str, Any] = {}
    for group in _rows(sales.get("CustomField")):
        for row in (group, *_rows(group.get("CustomField"))):
            name = str(row.get("Name") or "").removeprefix("SalesFormsPrefs.")
            values[name] = row.get("StringValue") or _flag(row, "BooleanValue")
    return tuple(
        (place, str(values[f"SalesCustomName{place}"]))
        for place in CUSTOM_FIELD_PLACES
        if values.get(f"UseSalesCustom{place}") in (True, "true")
        and values.get(f"SalesCustomName{place}")
    )


def _rows(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list):
        return []
    return [row for row in value if isinstance(row, Mapping)]


def _member(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    member = payload.get(name)
    return member if isinstance(member, Mapping) else {}


def _flag(payload: Mapping[str, Any], name: str) -> bool | None:
    """Intuit sends booleans, in name-value lists as texts."""
    value = payload.get(name)
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def _reference(value: Any) -> str | None:
    """The value of a reference, which XML companies write as plain text."""
    if isinstance(value, Mapping):
        value = value.get("value")
    return str(value) if value else None


def _day(value: Any) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) and value else None


def _name_values(pairs: Any) -> dict[str, str]:
    if not isinstance(pairs, list):
        return {}
    return {
        str(pair["Name"]): str(pair.get("Value", ""))
        for pair in pairs
        if isinstance(pair, Mapping) and pair.get("Name")
    }
