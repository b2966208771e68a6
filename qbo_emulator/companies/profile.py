"""What a company is made of, as data; :func:`found` plants it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qbo_emulator.companies.founding import CompanyKind, Founder
from qbo_emulator.companies.taxes import TaxTable
from qbo_emulator.jsontext import Document

__all__ = ["CustomerRow", "ItemRow", "Profile", "kind_of"]

_TERMS = (
    ("Due on receipt", 0),
    ("Net 10", 10),
    ("Net 15", 15),
    ("Net 30", 30),
    ("Net 60", 60),
)
#: The terms whose days count where a form names none (SalesFormsPrefs.DefaultTerms).
_DEFAULT_TERM = "4"
_PAYMENT_METHODS = (
    ("Cash", "NON_CREDIT_CARD"),
    ("Check", "NON_CREDIT_CARD"),
    ("Visa", "CREDIT_CARD"),
    ("Bank transfer", "NON_CREDIT_CARD"),
)
#: Name, type, subtype; Ids follow the order. "{tax}" is the company's own.
_ACCOUNTS = (
    ("Services", "Income", "ServiceFeeIncome"),
    ("Sales of Product Income", "Income", "SalesOfProductIncome"),
    ("Billable Expense Income", "Income", "SalesOfProductIncome"),
    ("Discounts given", "Income", "DiscountsRefundsGiven"),
    ("Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"),
    ("Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
    ("Checking", "Bank", "Checking"),
    ("Inventory Asset", "Other Current Asset", "Inventory"),
    ("Cost of Goods Sold", "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    ("{tax}", "Other Current Liability", "{tax}"),
    ("Opening Balance Equity", "Equity", "OpeningBalanceEquity"),
    ("Office Expenses", "Expense", "OfficeGeneralAdministrativeExpenses"),
)
_OFFICE_EXPENSES = "12"


@dataclass(frozen=True)
class ItemRow:
    """An item: name, type, Id of its income account, whether taxed, price."""

    name: str
    type: str
    income_account: str
    taxed: bool = False
    price: str = "0"


@dataclass(frozen=True)
class CustomerRow:
    """A customer; without ``currency`` it is the company's own."""

    name: str
    city: str
    region: str | None
    postal_code: str
    country: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Profile:
    """One kind of company.

    ``taxes`` is its tax table, ``tax_prefs`` its TaxPrefs, ``tax_account`` name and
    subtype of the account that holds the tax. ``currencies`` are those beside its own;
    any at all means that many currencies are on. Where ``has_lists`` is off there are
    only the lists that QuickBooks itself makes.
    """

    name: str
    country: str
    address: Document
    currency: str
    taxes: TaxTable
    tax_prefs: Document
    tax_account: tuple[str, str]
    items: tuple[ItemRow, ...]
    customers: tuple[CustomerRow, ...] = ()
    currencies: tuple[str, ...] = ()
    phone: str = "(555) 010-0100"
    has_lists: bool = True


def kind_of(profile: Profile) -> CompanyKind:
    """Return the kind of company that a profile describes."""
    return CompanyKind(profile.name, lambda founder: _found(founder, profile))


def _found(founder: Founder, profile: Profile) -> None:
    _company(founder, profile)
    profile.taxes.plant(founder)
    for name, days in _TERMS:
        founder.plant("Term", Name=name, DueDays=days)
    _preferences(founder, profile)
    for name, kind, sub_type in _ACCOUNTS:
        if name == "{tax}":
            name, sub_type = profile.tax_account
        founder.plant("Account", Name=name, AccountType=kind, AccountSubType=sub_type)
    for code in profile.currencies:
        founder.plant("CompanyCurrency", Code=code)
    _lists(founder, profile)
    _people(founder, profile)


def _company(founder: Founder, profile: Profile) -> None:
    founder.plant(
        "CompanyInfo",
        Id="1",
        CompanyName=profile.name,
        LegalName=profile.name,
        Country=profile.country,
        CompanyAddr=profile.address,
        LegalAddr=profile.address,
        CustomerCommunicationAddr=profile.address,
        Email={"Address": "office@harborbooks.example.com"},
        PrimaryPhone={"FreeFormNumber": profile.phone},
        CompanyStartDate="2019-04-01",
        FiscalYearStartMonth="January",
        SupportedLanguages="en",
        NameValue=[
            {"Name": "NeoEnabled", "Value": "true"},
            {"Name": "IndustryType", "Value": "Professional services"},
            {"Name": "SubscriptionStatus", "Value": "PAID"},
            {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
        ],
    )


def _preferences(founder: Founder, profile: Profile) -> None:
    """Own numbers, classes per line, locations; all off in a company without lists."""
    on = profile.has_lists
    founder.plant(
        "Preferences",
        Id="1",
        AccountingInfoPrefs={
            "UseAccountNumbers": False,
            "TrackDepartments": on,
            "DepartmentTerminology": "Location",
            "ClassTrackingPerTxn": False,
            "ClassTrackingPerTxnLine": on,
            "FirstMonthOfFiscalYear": "January",
            "CustomerTerminology": "Customers",
        },
        SalesFormsPrefs={
            "CustomTxnNumbers": on,
            "AllowDeposit": False,
            "AllowDiscount": True,
            "AllowEstimates": True,
            "AllowServiceDate": True,
            "AllowShipping": False,
            "AutoApplyCredit": False,
            "AutoApplyPayments": False,
            "ETransactionPaymentEnabled": False,
            "UsingProgressInvoicing": False,
            "DefaultTerms": {"value": _DEFAULT_TERM},
        },
        TaxPrefs=profile.tax_prefs,
        CurrencyPrefs={
            "MultiCurrencyEnabled": bool(profile.currencies),
            "HomeCurrency": {"value": profile.currency},
        },
        VendorAndPurchasesPrefs={
            "TrackingByCustomer": True,
            "BillableExpenseTracking": True,
        },
        ProductAndServicesPrefs={
            "ForSales": True,
            "ForPurchase": True,
            "QuantityWithPriceAndRate": True,
            "QuantityOnHand": True,
        },
        TimeTrackingPrefs={"UseServices": True, "BillCustomers": True},
        OtherPrefs={
            "NameValue": [{"Name": "SalesFormsPrefs.DefaultItem", "Value": "1"}]
        },
    )


def _lists(founder: Founder, profile: Profile) -> None:
    for name, kind in _PAYMENT_METHODS:
        founder.plant("PaymentMethod", Name=name, Type=kind)
    if profile.has_lists:
        for name in ("North", "South", "Retail"):
            founder.plant("Class", Name=name)
        for name in ("Half Moon Bay", "San Mateo"):
            founder.plant("Department", Name=name)
    for item in profile.items:
        taxation = (
            {"Taxable": item.taxed}
            if profile.country == "US"
            else {"ExpenseAccountRef": {"value": _OFFICE_EXPENSES}}
        )
        founder.plant(
            "Item",
            Name=item.name,
            Type=item.type,
            IncomeAccountRef={"value": item.income_account},
            UnitPrice=Decimal(item.price),
            Description=item.name,
            **taxation,
        )


def _people(founder: Founder, profile: Profile) -> None:
    """Customers, one of them inactive; a vendor and an employee whose names are
    taken."""
    for row in profile.customers:
        founder.plant(
            "Customer",
            DisplayName=row.name,
            CompanyName=row.name,
            BillAddr={
                "Line1": "12 Ocean Dr.",
                "City": row.city,
                "CountrySubDivisionCode": row.region,
                "PostalCode": row.postal_code,
                "Country": row.country,
            },
            CurrencyRef={"value": row.currency or profile.currency},
        )
    if not profile.has_lists:
        return
    founder.plant("Customer", DisplayName="Old Mill Bakery", Active=False)
    founder.plant(
        "Vendor",
        DisplayName="Brosnahan Insurance Agency",
        CompanyName="Brosnahan Insurance Agency",
    )
    founder.plant("Vendor", DisplayName="Robertson & Associates")
    founder.plant("Employee", GivenName="Emily", FamilyName="Platt")
