"""``us``: a harbour-side service company in California, with automated sales tax."""

from __future__ import annotations

from decimal import Decimal

from qbo_emulator.companies.founding import CompanyKind, Founder

__all__ = ["US"]

_NAME = "Harbor Books LLC"
_ADDRESS = {
    "Id": "1",
    "Line1": "1 Pier Rd",
    "City": "Half Moon Bay",
    "Country": "USA",
    "CountrySubDivisionCode": "CA",
    "PostalCode": "94019",
}
_TAX_CODE = "2"
#: State 7.25 % and district 1.00 %: 8.25 % together.
_RATES = (("California State", "7.25"), ("San Mateo County District", "1.00"))
_TERMS = (
    ("Due on receipt", 0),
    ("Net 10", 10),
    ("Net 15", 15),
    ("Net 30", 30),
    ("Net 60", 60),
)
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
    ("Sales Tax Payable", "Other Current Liability", "SalesTaxPayable"),
    ("Opening Balance Equity", "Equity", "OpeningBalanceEquity"),
    ("Office Expenses", "Expense", "OfficeGeneralAdministrativeExpenses"),
)
#: Name, type, income account, taxed, price.
_ITEMS = (
    ("Services", "Service", "1", False, "0"),
    ("Hours", "Service", "1", False, "0"),
    ("Consulting", "Service", "1", False, "150.00"),
    ("Maintenance", "Service", "1", False, "100.00"),
    ("Goods", "NonInventory", "2", True, "0"),
    ("Expenses", "Service", "3", False, "0"),
    ("Installation Kit", "NonInventory", "2", True, "249.00"),
)
_CUSTOMERS = (
    ("Amy's Bird Sanctuary", "Half Moon Bay", "CA", "94019"),
    ("Cool Cars", "Half Moon Bay", "CA", "94019"),
    ("Müller & Söhne", "South San Francisco", "CA", "94080"),
    ("Pye's Cakes", "Redwood City", "CA", "94061"),
)


def found(founder: Founder) -> None:
    """Plant the company, its lists and its people."""
    company(founder)
    taxes(founder)
    preferences(founder)
    for name, kind, sub_type in _ACCOUNTS:
        founder.plant("Account", Name=name, AccountType=kind, AccountSubType=sub_type)
    lists(founder)
    people(founder)


def company(founder: Founder) -> None:
    """Who the company is."""
    founder.plant(
        "CompanyInfo",
        Id="1",
        CompanyName=_NAME,
        LegalName=_NAME,
        Country="US",
        CompanyAddr=_ADDRESS,
        LegalAddr=_ADDRESS,
        CustomerCommunicationAddr=_ADDRESS,
        Email={"Address": "office@harborbooks.example.com"},
        PrimaryPhone={"FreeFormNumber": "(555) 010-0100"},
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


def preferences(founder: Founder) -> None:
    """Own numbers, classes per line, locations, automated sales tax."""
    founder.plant(
        "Preferences",
        Id="1",
        AccountingInfoPrefs={
            "UseAccountNumbers": False,
            "TrackDepartments": True,
            "DepartmentTerminology": "Location",
            "ClassTrackingPerTxn": False,
            "ClassTrackingPerTxnLine": True,
            "FirstMonthOfFiscalYear": "January",
            "CustomerTerminology": "Customers",
        },
        SalesFormsPrefs={
            "CustomTxnNumbers": True,
            "AllowDeposit": False,
            "AllowDiscount": True,
            "AllowEstimates": True,
            "AllowServiceDate": True,
            "AllowShipping": False,
            "AutoApplyCredit": False,
            "AutoApplyPayments": False,
            "ETransactionPaymentEnabled": False,
            "UsingProgressInvoicing": False,
        },
        TaxPrefs={
            "UsingSalesTax": True,
            "PartnerTaxEnabled": True,
            "TaxGroupCodeRef": {"value": _TAX_CODE},
        },
        CurrencyPrefs={"MultiCurrencyEnabled": False, "HomeCurrency": {"value": "USD"}},
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


def taxes(founder: Founder) -> None:
    """The pseudo codes TAX and NON, and the company's own code with its two rates."""
    for name, taxable in (("TAX", True), ("NON", False)):
        founder.plant_bare(
            "TaxCode",
            Id=name,
            Name=name,
            Description=name,
            Taxable=taxable,
            TaxGroup=False,
        )
    agency = founder.plant(
        "TaxAgency", DisplayName="California Department of Tax and Fee Administration"
    )
    details = []
    for order, (name, percent) in enumerate(_RATES):
        rate = founder.plant(
            "TaxRate",
            Name=name,
            Description=name,
            RateValue=Decimal(percent),
            AgencyRef={"value": agency},
        )
        details.append(
            {
                "TaxRateRef": {"value": rate},
                "TaxTypeApplicable": "TaxOnAmount",
                "TaxOrder": order,
            }
        )
    founder.plant(
        "TaxCode",
        Id=_TAX_CODE,
        Name="California, Half Moon Bay",
        Description="California, Half Moon Bay",
        SalesTaxRateList={"TaxRateDetail": details},
        PurchaseTaxRateList={"TaxRateDetail": []},
        TaxCodeConfigType="SYSTEM_GENERATED",
    )


def lists(founder: Founder) -> None:
    """Terms, payment methods, classes, locations, items."""
    for name, days in _TERMS:
        founder.plant("Term", Name=name, DueDays=days)
    for name, kind in (
        ("Cash", "NON_CREDIT_CARD"),
        ("Check", "NON_CREDIT_CARD"),
        ("Visa", "CREDIT_CARD"),
        ("Bank transfer", "NON_CREDIT_CARD"),
    ):
        founder.plant("PaymentMethod", Name=name, Type=kind)
    for name in ("North", "South", "Retail"):
        founder.plant("Class", Name=name)
    for name in ("Half Moon Bay", "San Mateo"):
        founder.plant("Department", Name=name)
    for name, kind, account, taxable, price in _ITEMS:
        founder.plant(
            "Item",
            Name=name,
            Type=kind,
            IncomeAccountRef={"value": account},
            Taxable=taxable,
            UnitPrice=Decimal(price),
            Description=name,
        )


def people(founder: Founder) -> None:
    """Customers, one of them inactive; a vendor and an employee whose names are
    taken."""
    for name, city, state, postal_code in _CUSTOMERS:
        founder.plant(
            "Customer",
            DisplayName=name,
            CompanyName=name,
            BillAddr={
                "Line1": "12 Ocean Dr.",
                "City": city,
                "CountrySubDivisionCode": state,
                "PostalCode": postal_code,
            },
        )
    founder.plant("Customer", DisplayName="Old Mill Bakery", Active=False)
    founder.plant(
        "Vendor",
        DisplayName="Brosnahan Insurance Agency",
        CompanyName="Brosnahan Insurance Agency",
    )
    founder.plant("Vendor", DisplayName="Robertson & Associates")
    founder.plant("Employee", GivenName="Emily", FamilyName="Platt")


US = CompanyKind(_NAME, found)
