"""US companies: a harbour-side service company in California and its variants."""

from __future__ import annotations

from dataclasses import replace

from qbo_emulator.companies.profile import CustomerRow, ItemRow, Profile, kind_of
from qbo_emulator.companies.taxes import TaxRow, TaxTable

__all__ = ["EMPTY", "MULTICURRENCY", "US", "US_MANUAL_TAX", "US_NO_SALES_TAX"]

_ITEMS = (
    ItemRow("Services", "Service", "1"),
    ItemRow("Hours", "Service", "1"),
    ItemRow("Consulting", "Service", "1", price="150.00"),
    ItemRow("Maintenance", "Service", "1", price="100.00"),
    ItemRow("Goods", "NonInventory", "2", taxed=True),
    ItemRow("Expenses", "Service", "3"),
    ItemRow("Installation Kit", "NonInventory", "2", taxed=True, price="249.00"),
)
_CUSTOMERS = (
    CustomerRow("Amy's Bird Sanctuary", "Half Moon Bay", "CA", "94019"),
    CustomerRow("Cool Cars", "Half Moon Bay", "CA", "94019"),
    CustomerRow("Müller & Söhne", "South San Francisco", "CA", "94080"),
    CustomerRow("Pye's Cakes", "Redwood City", "CA", "94061"),
)
_AGENCY = "California Department of Tax and Fee Administration"
#: State 7.25 % and district 1.00 %: 8.25 % together.
_AUTOMATED = TaxTable(
    _AGENCY,
    (
        TaxRow(
            "California, Half Moon Bay",
            "California, Half Moon Bay",
            (("California State", "7.25"), ("San Mateo County District", "1.00")),
        ),
    ),
    pseudo_codes=True,
)
#: What bookkeepers set up by hand before automated sales tax: Ids 2, 3 and 4.
_MANUAL = TaxTable(
    _AGENCY,
    (
        TaxRow("California", "Sales Tax", (("California", "8"),)),
        TaxRow(
            "Half Moon Bay",
            "State and district",
            (("California State", "7.25"), ("San Mateo County District", "1.00")),
        ),
        TaxRow("Exempt", "Exempt", (("Exempt", "0"),)),
    ),
    pseudo_codes=True,
    made_by="USER_DEFINED",
)

_HARBOR = Profile(
    name="Harbor Books LLC",
    country="US",
    address={
        "Id": "1",
        "Line1": "1 Pier Rd",
        "City": "Half Moon Bay",
        "Country": "USA",
        "CountrySubDivisionCode": "CA",
        "PostalCode": "94019",
    },
    currency="USD",
    taxes=_AUTOMATED,
    tax_prefs={
        "UsingSalesTax": True,
        "PartnerTaxEnabled": True,
        "TaxGroupCodeRef": {"value": "2"},
    },
    tax_account=("Sales Tax Payable", "SalesTaxPayable"),
    items=_ITEMS,
    customers=_CUSTOMERS,
)

#: Automated sales tax.
US = kind_of(_HARBOR)
#: Sales tax set up by hand: PartnerTaxEnabled is absent (BLOG-AST17).
US_MANUAL_TAX = kind_of(
    replace(
        _HARBOR,
        name="Old Harbor Books LLC",
        taxes=_MANUAL,
        tax_prefs={"UsingSalesTax": True, "TaxGroupCodeRef": {"value": "2"}},
    )
)
#: No sales tax at all; automated sales tax is on offer and not set up.
US_NO_SALES_TAX = kind_of(
    replace(
        _HARBOR,
        name="Harbor Advisors LLC",
        taxes=TaxTable(_AGENCY, (), pseudo_codes=True),
        tax_prefs={"UsingSalesTax": False, "PartnerTaxEnabled": False},
    )
)
#: Automated sales tax at home, customers in euros and pounds abroad.
MULTICURRENCY = kind_of(
    replace(
        _HARBOR,
        name="Harbor Export LLC",
        customers=(
            *_CUSTOMERS,
            CustomerRow("Hafen GmbH", "Hamburg", None, "20457", "Germany", "EUR"),
            CustomerRow("Quay Trading Ltd", "Hull", None, "HU1 1DJ", "UK", "GBP"),
        ),
        currencies=("EUR", "GBP", "CAD"),
    )
)
#: Just signed up: what QuickBooks itself makes, every feature off.
EMPTY = kind_of(
    replace(
        _HARBOR,
        name="New Harbor LLC",
        taxes=TaxTable(_AGENCY, (), pseudo_codes=True),
        tax_prefs={"UsingSalesTax": False, "PartnerTaxEnabled": False},
        items=_ITEMS[:2],
        customers=(),
        has_lists=False,
    )
)
