"""The tax codes that a company is founded with, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qbo_emulator.companies.founding import Founder

__all__ = ["TaxRow", "TaxTable"]

#: Id of a table's first tax code; the others follow.
FIRST_CODE = 2


@dataclass(frozen=True)
class TaxRow:
    """One tax code; ``rates`` are name and percentage of each."""

    name: str
    description: str
    rates: tuple[tuple[str, str], ...] = ()
    taxable: bool = True


@dataclass(frozen=True)
class TaxTable:
    """The codes of one agency; ``pseudo_codes`` adds TAX and NON, as in the US."""

    agency: str
    rows: tuple[TaxRow, ...]
    pseudo_codes: bool = False
    made_by: str = "SYSTEM_GENERATED"

    def plant(self, founder: Founder) -> None:
        """Create agency, rates and codes."""
        if self.pseudo_codes:
            for name, taxable in (("TAX", True), ("NON", False)):
                founder.plant_bare(
                    "TaxCode",
                    Id=name,
                    Name=name,
                    Description=name,
                    Taxable=taxable,
                    TaxGroup=False,
                )
        if not self.rows:
            return
        agency = founder.plant(
            "TaxAgency", DisplayName=self.agency, TaxAgencyConfig=self.made_by
        )
        for row in self.rows:
            self._plant_row(founder, row, agency)

    def _plant_row(self, founder: Founder, row: TaxRow, agency: str) -> None:
        details = []
        for order, (name, percent) in enumerate(row.rates):
            known = founder.book.find_by_name(("TaxRate",), name)
            rate = (
                known[0][1]
                if known
                else founder.plant(
                    "TaxRate",
                    Name=name,
                    Description=name,
                    RateValue=Decimal(percent),
                    AgencyRef={"value": agency},
                )
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
            Id=str(founder.book.next_value("TaxCode", FIRST_CODE)),
            Name=row.name,
            Description=row.description,
            Taxable=row.taxable,
            SalesTaxRateList={"TaxRateDetail": details},
            PurchaseTaxRateList={"TaxRateDetail": []},
            TaxCodeConfigType=self.made_by,
        )
