"""How QuickBooks adds tax outside the US, and how it is told another amount."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .money import AMOUNT_DIGITS, plain, round_half_up

__all__ = ["RateSum", "TaxRate", "add_up", "net_of_gross", "tax_lines"]


@dataclass(frozen=True)
class TaxRate:
    """One rate of a tax code.

    :ivar id: Id of the TaxRate in QuickBooks
    :ivar percent: for example 8.25
    """

    id: str
    percent: Decimal


@dataclass(frozen=True)
class RateSum:
    """What a document's lines of one rate come to: net amount and tax."""

    rate: TaxRate
    net: Decimal
    tax: Decimal


def add_up(
    lines: Iterable[tuple[Decimal, Iterable[TaxRate]]],
) -> dict[str, RateSum]:
    """Return the tax that QuickBooks will find: once per rate, rounded half up.

    :param lines: net amount and rates of each line
    :return: sums by Id of the rate
    """
    nets: dict[TaxRate, Decimal] = {}
    for amount, rates in lines:
        for rate in rates:
            nets[rate] = nets.get(rate, Decimal(0)) + amount
    return {
        rate.id: RateSum(
            rate, net, round_half_up(net * rate.percent / 100, AMOUNT_DIGITS)
        )
        for rate, net in nets.items()
    }


def net_of_gross(gross: Decimal, percent: Decimal) -> Decimal:
    """Return the net amount that QuickBooks finds in one that holds its tax.

    :param percent: all rates together
    """
    return round_half_up(gross * 100 / (100 + percent), AMOUNT_DIGITS)


def tax_lines(
    sums: Mapping[str, RateSum], amounts: Mapping[str, Decimal]
) -> list[dict[str, Any]]:
    """Return ``TxnTaxDetail.TaxLine`` with another tax than QuickBooks finds.

    :param amounts: tax by Id of the rate
    """
    return [
        {
            "Amount": amounts.get(rate_id, Decimal(0)),
            "DetailType": "TaxLineDetail",
            "TaxLineDetail": {
                "TaxRateRef": {"value": rate_id},
                "PercentBased": True,
                "TaxPercent": plain(found.rate.percent),
                "NetAmountTaxable": found.net,
            },
        }
        for rate_id, found in sums.items()
    ]
