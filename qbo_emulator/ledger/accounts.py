"""The accounts that QuickBooks itself posts to, made when first needed."""

from __future__ import annotations

from dataclasses import dataclass

from qbo_emulator import operations
from qbo_emulator.book import Book

__all__ = [
    "DISCOUNTS",
    "EXCHANGE",
    "GLOBAL_TAX",
    "RECEIVABLE",
    "SALES_TAX",
    "SHIPPING",
    "UNDEPOSITED",
    "Role",
    "account_for",
]


@dataclass(frozen=True)
class Role:
    """What an account is for; it is known by its subtype, whatever people call it."""

    name: str
    type: str
    sub_type: str


RECEIVABLE = Role(
    "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"
)
UNDEPOSITED = Role("Undeposited Funds", "Other Current Asset", "UndepositedFunds")
SALES_TAX = Role("Sales Tax Payable", "Other Current Liability", "SalesTaxPayable")
GLOBAL_TAX = Role("Tax Payable", "Other Current Liability", "GlobalTaxPayable")
DISCOUNTS = Role("Discounts given", "Income", "DiscountsRefundsGiven")
SHIPPING = Role("Shipping Income", "Income", "ShippingFreightDelivery")
EXCHANGE = Role("Exchange Gain or Loss", "Other Expense", "ExchangeGainOrLoss")


def account_for(book: Book, role: Role, currency: str | None = None) -> str:
    """Return the Id of the account with this role; there is one for each currency.

    Receivables in a foreign currency have an account of their own, which QuickBooks
    makes and names after the currency (reference 11).
    """
    home = book.home_currency
    currency = currency or home
    row = book.connection.execute(
        "SELECT id FROM documents WHERE realm_id = ? AND entity = 'Account'"
        " AND json_extract(body, '$.AccountSubType') = ?"
        " AND json_extract(body, '$.CurrencyRef.value') = ? ORDER BY seq LIMIT 1",
        (book.realm_id, role.sub_type, currency),
    ).fetchone()
    if row is not None:
        return str(row["id"])
    made = operations.create(
        book,
        book.entities["Account"],
        {
            "Name": role.name if currency == home else f"{role.name} - {currency}",
            "AccountType": role.type,
            "AccountSubType": role.sub_type,
            "CurrencyRef": {"value": currency},
        },
    )
    return str(made["Id"])
