"""Accounts: the classification that follows from the type."""

from __future__ import annotations

from qbo_emulator import errors
from qbo_emulator.change import Change

__all__ = ["CLASSIFICATION", "classification"]

#: AccountType -> Classification (ABO account.md).
CLASSIFICATION = {
    "Bank": "Asset",
    "Accounts Receivable": "Asset",
    "Other Current Asset": "Asset",
    "Fixed Asset": "Asset",
    "Other Asset": "Asset",
    "Accounts Payable": "Liability",
    "Credit Card": "Liability",
    "Other Current Liability": "Liability",
    "Long Term Liability": "Liability",
    "Equity": "Equity",
    "Income": "Revenue",
    "Other Income": "Revenue",
    "Cost of Goods Sold": "Expense",
    "Expense": "Expense",
    "Other Expense": "Expense",
}
_SUB_TYPE = {
    "Bank": "Checking",
    "Accounts Receivable": "AccountsReceivable",
    "Other Current Asset": "OtherCurrentAssets",
    "Income": "SalesOfProductIncome",
    "Expense": "OfficeGeneralAdministrativeExpenses",
    "Equity": "OpeningBalanceEquity",
    "Cost of Goods Sold": "SuppliesMaterialsCogs",
    "Accounts Payable": "AccountsPayable",
    "Other Current Liability": "OtherCurrentLiabilities",
}


def classification(change: Change) -> None:
    """An account has a type (2020); classification and subtype follow from it."""
    doc = change.doc
    kind = doc.get("AccountType")
    if kind is None:
        raise errors.REQUIRED.fault(
            "Required parameter AccountType is missing in the request", "AccountType"
        )
    doc["Classification"] = CLASSIFICATION[kind]
    doc.setdefault("AccountSubType", _SUB_TYPE.get(kind, kind.replace(" ", "")))
