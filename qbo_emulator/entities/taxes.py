"""TaxCode, TaxRate, TaxAgency: read by clients; QuickBooks and TaxService write
them."""

from __future__ import annotations

from qbo_emulator.entities.common import ACTIVE, name_columns
from qbo_emulator.entities.entity import Entity, EntityKind, Operation
from qbo_emulator.entities.fields import (
    amount,
    choice,
    flag,
    known,
    many,
    obj,
    ref,
    text,
)
from qbo_emulator.rules import defaults, names

__all__ = ["TAX_AGENCY", "TAX_CODE", "TAX_RATE"]

_RATE_LIST_MEMBERS = (
    many(
        "TaxRateDetail",
        ref("TaxRateRef", "TaxRate"),
        *known("TaxTypeApplicable TaxOrder TaxOnTaxOrder"),
    ),
)

TAX_CODE = Entity(
    name="TaxCode",
    kind=EntityKind.LIST,
    source="PET taxcode.md; XSD TaxCode",
    display="Name",
    in_cdc=False,
    columns=name_columns("Name"),
    fields=(
        text("Name", 100).where(),
        text("Description", 4000).where(),
        ACTIVE,
        flag("Hidden"),
        flag("Taxable").where(),
        flag("TaxGroup").where(),
        obj("SalesTaxRateList", *_RATE_LIST_MEMBERS),
        obj("PurchaseTaxRateList", *_RATE_LIST_MEMBERS),
        choice(
            "TaxCodeConfigType",
            "SYSTEM_GENERATED",
            "USER_DEFINED",
            "SCRA_DEFINED",
            "HIDDEN_AGENCY",
        ),
        *known("AdjustmentTaxRateList TaxCodeEx"),
    ),
    rules=(
        defaults.active,
        names.unique_name,
        defaults.values(Hidden=False, Taxable=True, TaxGroup=True),
    ),
)

TAX_RATE = Entity(
    name="TaxRate",
    kind=EntityKind.LIST,
    source="PET taxrate.md; XSD TaxRate",
    display="Name",
    in_cdc=False,
    columns=name_columns("Name"),
    fields=(
        text("Name", 100).where(),
        text("Description", 4000).where(),
        ACTIVE,
        amount("RateValue").where(),
        ref("AgencyRef", "TaxAgency").where(),
        *known(
            "TaxReturnLineRef EffectiveTaxRate SpecialTaxType DisplayType TaxRateEx"
            " OriginalTaxRate"
        ),
    ),
    rules=(
        defaults.active,
        names.unique_name,
        defaults.values(SpecialTaxType="NONE", DisplayType="ReadOnly"),
    ),
)

TAX_AGENCY = Entity(
    name="TaxAgency",
    kind=EntityKind.LIST,
    source="PET taxagency.md; XSD TaxAgency. Created, never changed",
    operations=frozenset({Operation.CREATE}),
    display="DisplayName",
    in_cdc=False,
    columns=name_columns("DisplayName"),
    fields=(
        text("DisplayName", 100).where(),
        ACTIVE,
        flag("TaxTrackedOnPurchases").where(),
        flag("TaxTrackedOnSales").where(),
        *known("TaxRegistrationNumber LastFileDate TaxAgencyConfig"),
    ),
    rules=(
        defaults.active,
        names.unique_name,
        defaults.values(
            TaxTrackedOnPurchases=False,
            TaxTrackedOnSales=True,
            TaxAgencyConfig="USER_DEFINED",
        ),
    ),
)
