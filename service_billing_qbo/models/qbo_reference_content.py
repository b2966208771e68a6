"""Which name lists of QuickBooks are kept, and what of each row.

Plain functions over Intuit's JSON, one literal a list: a reference is for being picked
and matched by people and mappers, not a copy of QuickBooks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..quickbooks import jsonmoney

Row = Mapping[str, Any]


@dataclass(frozen=True)
class NameList:
    """One list: its label in Odoo, its entity at Intuit, what is kept to match by."""

    label: str
    entity: str
    details: Callable[[Row], dict[str, Any]]


def _value(row: Row, name: str) -> Any:
    """The value of a reference or of a nested address, phone and the like."""
    member = row.get(name)
    return member.get("value") if isinstance(member, Mapping) else None


def _rates(row: Row) -> list[str]:
    """Ids of the sales tax rates that a tax code adds up (TaxCode.SalesTaxRateList)."""
    rates = (row.get("SalesTaxRateList") or {}).get("TaxRateDetail") or []
    return [rate["TaxRateRef"]["value"] for rate in rates if rate.get("TaxRateRef")]


def _party(row: Row) -> dict[str, Any]:
    return {
        "email": (row.get("PrimaryEmailAddr") or {}).get("Address"),
        "company_name": row.get("CompanyName"),
        "currency": _value(row, "CurrencyRef"),
        "taxable": row.get("Taxable"),
        "resale_number": row.get("ResaleNum"),
        "parent_id": _value(row, "ParentRef"),
        "is_job": row.get("Job"),
    }


def _nothing(_row: Row) -> dict[str, Any]:
    return {}


NAME_LISTS: dict[str, NameList] = {
    "customer": NameList("Customer", "Customer", _party),
    "vendor": NameList(
        "Vendor", "Vendor", lambda row: {"currency": _value(row, "CurrencyRef")}
    ),
    "employee": NameList("Employee", "Employee", _nothing),
    "item": NameList(
        "Item",
        "Item",
        lambda row: {
            "type": row.get("Type"),
            "sku": row.get("Sku"),
            "description": row.get("Description"),
            "unit_price": row.get("UnitPrice"),
            "taxable": row.get("Taxable"),
            "income_account_id": _value(row, "IncomeAccountRef"),
            "parent_id": _value(row, "ParentRef"),
        },
    ),
    "account": NameList(
        "Account",
        "Account",
        lambda row: {
            "type": row.get("AccountType"),
            "subtype": row.get("AccountSubType"),
            "classification": row.get("Classification"),
            "number": row.get("AcctNum"),
            "currency": _value(row, "CurrencyRef"),
        },
    ),
    "class": NameList(
        "Class", "Class", lambda row: {"parent_id": _value(row, "ParentRef")}
    ),
    "department": NameList(
        "Location", "Department", lambda row: {"parent_id": _value(row, "ParentRef")}
    ),
    "term": NameList(
        "Term",
        "Term",
        lambda row: {
            "type": row.get("Type"),
            "due_days": row.get("DueDays"),
            "day_of_month": row.get("DayOfMonthDue"),
            "discount_percent": row.get("DiscountPercent"),
            "discount_days": row.get("DiscountDays"),
        },
    ),
    "tax_code": NameList(
        "Tax code",
        "TaxCode",
        lambda row: {
            "taxable": row.get("Taxable"),
            "tax_group": row.get("TaxGroup"),
            "description": row.get("Description"),
            "rate_ids": _rates(row),
        },
    ),
    "tax_rate": NameList(
        "Tax rate",
        "TaxRate",
        lambda row: {
            "rate": row.get("RateValue"),
            "agency_id": _value(row, "AgencyRef"),
        },
    ),
    "payment_method": NameList(
        "Payment method", "PaymentMethod", lambda row: {"type": row.get("Type")}
    ),
}

# Customers and the names that theirs must not collide with: long lists, needed by
# nobody in the minute after connecting.
PEOPLE_LISTS = ("customer", "vendor", "employee")
MAPPING_LISTS = tuple(key for key in NAME_LISTS if key not in PEOPLE_LISTS)

# A US line knows two tax codes only. Intuit's answer sometimes lacks them, and drops
# them when asked for active rows; so they are always offered (developer.intuit.com,
# TaxCode; fault 6100 for any other code on a US line).
US_LINE_TAX_CODES = [
    {"Id": "TAX", "Name": "Taxable", "Active": True, "Taxable": True},
    {"Id": "NON", "Name": "Not taxable", "Active": True, "Taxable": False},
]


def values_of(entity: str, row: Row) -> dict[str, Any]:
    """Return the columns of a reference.

    :param entity: key of NAME_LISTS
    :param row: as QuickBooks wrote it
    """
    name = row.get("DisplayName") or row.get("Name") or ""
    details = {
        key: value
        for key, value in NAME_LISTS[entity].details(row).items()
        if value not in (None, "", [])
    }
    return {
        "qbo_id": str(row["Id"]),
        "name": name,
        "full_name": row.get("FullyQualifiedName") or name,
        "active": row.get("Active", True) is not False,
        "sync_token": str(row.get("SyncToken") or ""),
        "details_text": jsonmoney.dumps(details),
    }
