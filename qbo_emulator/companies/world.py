"""Companies outside the US: a tax code Id on each line (reference 7.2)."""

from __future__ import annotations

from qbo_emulator.companies.profile import CustomerRow, ItemRow, Profile, kind_of
from qbo_emulator.companies.taxes import TaxRow, TaxTable

__all__ = ["CA", "UK"]

_ITEMS = (
    ItemRow("Services", "Service", "1"),
    ItemRow("Hours", "Service", "1"),
    ItemRow("Consulting", "Service", "1", price="150.00"),
    ItemRow("Goods", "NonInventory", "2"),
)

CA = kind_of(
    Profile(
        name="Harbour Books Inc.",
        country="CA",
        address={
            "Id": "1",
            "Line1": "8 Water St",
            "City": "St. Catharines",
            "Country": "Canada",
            "CountrySubDivisionCode": "ON",
            "PostalCode": "L2R 6K4",
        },
        currency="CAD",
        taxes=TaxTable(
            "Canada Revenue Agency",
            (
                TaxRow("GST", "GST 5%", (("GST 5%", "5"),)),
                TaxRow("HST ON", "HST Ontario 13%", (("HST ON 13%", "13"),)),
                TaxRow(
                    "GST/PST BC",
                    "GST 5% and PST 7%",
                    (("GST 5%", "5"), ("PST BC 7%", "7")),
                ),
                TaxRow(
                    "GST/QST QC - 9.975",
                    "GST 5% and QST 9.975%",
                    (("GST 5%", "5"), ("QST 9.975%", "9.975")),
                ),
                TaxRow("Zero-rated", "Zero-rated 0%", (("Zero-rated 0%", "0"),)),
                TaxRow("Exempt", "Exempt", (("Exempt 0%", "0"),)),
                TaxRow("Out of Scope", "Out of Scope", taxable=False),
            ),
        ),
        tax_prefs={"UsingSalesTax": True},
        tax_account=("GST/HST Payable", "GlobalTaxPayable"),
        items=_ITEMS,
        customers=(
            CustomerRow("Érablière du Lac", "Québec", "QC", "G1R 4S9"),
            CustomerRow("Niagara Tours", "Niagara Falls", "ON", "L2G 3Y9"),
            CustomerRow("Pacific Kayaks", "Victoria", "BC", "V8W 1A1"),
        ),
    )
)

UK = kind_of(
    Profile(
        name="Harbour Books Ltd",
        country="GB",
        address={
            "Id": "1",
            "Line1": "3 Quay Street",
            "City": "Falmouth",
            "Country": "UK",
            "PostalCode": "TR11 3HH",
        },
        currency="GBP",
        taxes=TaxTable(
            "HM Revenue & Customs (VAT)",
            (
                TaxRow("20.0% S", "Standard", (("20.0% S (Sales)", "20"),)),
                TaxRow("5.0% R", "Reduced", (("5.0% R (Sales)", "5"),)),
                TaxRow("0.0% Z", "Zero-rated", (("0.0% Z (Sales)", "0"),)),
                TaxRow("Exempt", "Exempt", (("Exempt (Sales)", "0"),)),
                TaxRow("No VAT", "No VAT", taxable=False),
            ),
        ),
        tax_prefs={"UsingSalesTax": True},
        tax_account=("VAT Control", "GlobalTaxPayable"),
        items=_ITEMS,
        customers=(
            CustomerRow("Cornish Crabbers", "Falmouth", None, "TR11 2AB"),
            CustomerRow("O'Neill & Sons", "Truro", None, "TR1 2LP"),
            CustomerRow("Penzance Pasties", "Penzance", None, "TR18 4NP"),
        ),
    )
)
