"""Currencies: a company's list, its rates, and what follows for its documents.

Sources: reference 11 (MCUR, SCRAPE), ABO customer.md (a customer's currency), PET
exchangerate.md.
"""

from __future__ import annotations

from decimal import Decimal

from qbo_emulator import errors
from qbo_emulator.book import Book
from qbo_emulator.change import Change
from qbo_emulator.currencies import CURRENCIES, market_rate
from qbo_emulator.jsontext import Document, loads
from qbo_emulator.money import ZERO, cents, decimal_of

__all__ = [
    "company_currency",
    "customer_currency",
    "exchange_rate",
    "home_amounts",
    "many_currencies",
    "rate_on",
    "transaction_currency",
]

_ONE = Decimal(1)


def many_currencies(book: Book) -> bool:
    """True where the company has switched multicurrency on."""
    return bool(book.preference("CurrencyPrefs", "MultiCurrencyEnabled", False))


def company_currency(change: Change) -> None:
    """A currency of the list: a code that QuickBooks knows (2220), with its name."""
    _need_many(change.book)
    code = _known_code(change.doc, "Code")
    if change.before is not None and change.before["Code"] != code:
        raise errors.BUSINESS.fault(
            "Business Validation Error: The code of a currency cannot be changed.",
            "Code",
        )
    change.doc.setdefault("Name", CURRENCIES[code].name)


def exchange_rate(change: Change) -> None:
    """A rate: home units for one foreign unit, from a day on."""
    book, doc = change.book, change.doc
    _need_many(book)
    if _known_code(doc, "SourceCurrencyCode") == book.home_currency:
        raise errors.BUSINESS.fault(
            "Business Validation Error: The exchange rate of the home currency cannot"
            " be set.",
            "SourceCurrencyCode",
        )
    if doc.setdefault("TargetCurrencyCode", book.home_currency) != book.home_currency:
        raise errors.INVALID_CURRENCY.fault(
            "Invalid Currency Code : TargetCurrencyCode is the home currency.",
            "TargetCurrencyCode",
        )
    _refuse_worthless(doc["Rate"], "Rate")
    doc.setdefault("AsOfDate", book.today().isoformat())


def customer_currency(change: Change) -> None:
    """A customer's currency is chosen once; a new one joins the company's list."""
    book, doc = change.book, change.doc
    before = (change.before or {}).get("CurrencyRef")
    if before is not None:
        if doc.setdefault("CurrencyRef", before) != before:
            raise errors.BUSINESS.fault(
                "Business Validation Error: The currency of a customer cannot be"
                " changed.",
                "CurrencyRef",
            )
        return
    code = doc.setdefault("CurrencyRef", {"value": book.home_currency})["value"]
    if code == book.home_currency:
        return
    if code not in CURRENCIES:
        raise _unknown(code, "CurrencyRef")
    if not many_currencies(book):
        raise _wrong_currency()
    if not book.find_by_name(("CompanyCurrency",), code):
        book.insert(
            book.entities["CompanyCurrency"],
            {"Code": code, "Name": CURRENCIES[code].name, "Active": True},
        )


def transaction_currency(change: Change) -> None:
    """A transaction is in its customer's currency; with many it must say so (2020)."""
    book, doc = change.book, change.doc
    home = book.home_currency
    if not many_currencies(book):
        if doc.setdefault("CurrencyRef", {"value": home})["value"] != home:
            raise _wrong_currency()
        doc.pop("ExchangeRate", None)
        return
    if "CurrencyRef" not in doc:
        raise errors.REQUIRED.fault(
            "Required parameter CurrencyRef is missing in the request", "CurrencyRef"
        )
    code = doc["CurrencyRef"]["value"]
    if code != change.customer.get("CurrencyRef", {}).get("value", home):
        raise _wrong_currency()
    if code == home:
        doc["ExchangeRate"] = _ONE
    elif not doc.get("ExchangeRate"):
        doc["ExchangeRate"] = rate_on(book, code, doc["TxnDate"])
    _refuse_worthless(doc["ExchangeRate"], "ExchangeRate")


def home_amounts(doc: Document) -> None:
    """Give HomeTotalAmt and HomeBalance to a document that bears an exchange rate."""
    if "ExchangeRate" not in doc:
        return
    rate = decimal_of(doc["ExchangeRate"])
    for name in ("TotalAmt", "Balance"):
        doc[f"Home{name}"] = cents(decimal_of(doc.get(name)) * rate)


def rate_on(book: Book, code: str, day: str) -> Decimal:
    """Return the rate of a currency on a day: the company's latest, else the market's.

    Raises 2220 for a currency that QuickBooks does not know.
    """
    if code not in CURRENCIES:
        raise _unknown(code, "SourceCurrencyCode")
    row = book.connection.execute(
        "SELECT body FROM documents WHERE realm_id = ? AND entity = 'ExchangeRate'"
        " AND name_key = ? AND json_extract(body, '$.AsOfDate') <= ?"
        " ORDER BY json_extract(body, '$.AsOfDate') DESC LIMIT 1",
        (book.realm_id, code.lower(), day),
    ).fetchone()
    if row is not None:
        return decimal_of(loads(row["body"])["Rate"])
    return market_rate(code, book.home_currency)


def _need_many(book: Book) -> None:
    if not many_currencies(book):
        raise errors.FEATURE_UNSUPPORTED.fault(
            "Feature Not Supported Error : Multicurrency is not enabled."
        )


def _known_code(doc: Document, member: str) -> str:
    code = str(doc[member]).upper()
    if code not in CURRENCIES:
        raise _unknown(code, member)
    doc[member] = code
    return code


def _refuse_worthless(rate: Decimal, member: str) -> None:
    if rate <= ZERO:
        raise errors.INVALID_DECIMAL.fault(
            f"Invalid Decimal : {member} must be more than 0.", member
        )


def _unknown(code: str, member: str) -> errors.Fault:
    return errors.INVALID_CURRENCY.fault(f"Invalid Currency Code : {code}", member)


def _wrong_currency() -> errors.Fault:
    return errors.BUSINESS.fault(
        "Business Validation Error: The currency of the transaction is invalid for"
        " customer/vendor/account.",
        "CurrencyRef",
    )
