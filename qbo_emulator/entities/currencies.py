"""CompanyCurrency and ExchangeRate."""

from __future__ import annotations

from qbo_emulator.entities.common import (
    ACTIVE,
    CREATE_UPDATE,
    CUSTOM_FIELDS,
    name_columns,
)
from qbo_emulator.entities.entity import Entity, EntityKind
from qbo_emulator.entities.fields import amount, day, text
from qbo_emulator.rules import currencies, defaults, names

__all__ = ["COMPANY_CURRENCY", "EXCHANGE_RATE"]

COMPANY_CURRENCY = Entity(
    name="CompanyCurrency",
    kind=EntityKind.LIST,
    source="XSD CompanyCurrency; MCUR. References to it hold the code, not the Id",
    operations=CREATE_UPDATE,
    display="Code",
    plural="Currencies",
    columns=name_columns("Code"),
    required=("Code",),
    fields=(text("Code", 3).where(), text("Name", 100).where(), ACTIVE, CUSTOM_FIELDS),
    rules=(currencies.company_currency, defaults.active, names.unique_name),
)

#: Written and read by ``exchangerate`` (``api.exchange_rates``), never by its Id.
EXCHANGE_RATE = Entity(
    name="ExchangeRate",
    kind=EntityKind.LIST,
    source="PET exchangerate.md; XSD ExchangeRate",
    display="SourceCurrencyCode",
    in_cdc=False,
    shows_id=False,
    columns={"SourceCurrencyCode": "display"},
    required=("SourceCurrencyCode", "Rate"),
    fields=(
        text("SourceCurrencyCode", 3).where(),
        text("TargetCurrencyCode", 3),
        amount("Rate"),
        day("AsOfDate").where(),
    ),
    rules=(currencies.exchange_rate,),
)
