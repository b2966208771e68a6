"""``POST taxservice/taxcode``: a tax code and its rates in one call (PET
taxservice.md)."""

from __future__ import annotations

from decimal import Decimal

from qbo_emulator import errors, operations
from qbo_emulator.api.call import Call
from qbo_emulator.book import Book
from qbo_emulator.entities.fields import amount, choice, many, text
from qbo_emulator.jsontext import Document
from qbo_emulator.rules.validate import check_reference, clean

__all__ = ["RESOURCE", "create_tax_code"]

RESOURCE = "taxservice"

_FIELDS = (
    text("TaxCode", 100),
    text("TaxCodeId"),
    many(
        "TaxRateDetails",
        text("TaxRateName", 100),
        text("TaxRateId"),
        amount("RateValue"),
        text("TaxAgencyId"),
        choice("TaxApplicableOn", "Sales", "Purchase"),
    ),
)
_HUNDRED = Decimal(100)
_LISTS = {"Sales": "SalesTaxRateList", "Purchase": "PurchaseTaxRateList"}


def create_tax_code(book: Book, call: Call) -> Document:
    """Return the bare object, without a wrapper.

    Raises 2020 for what is missing, 2500 for an agency or a rate that does not exist,
    2090 for a rate beyond 0 to 100, 6240 for a name that is taken.
    """
    sent = clean(book, _FIELDS, call.document())
    for name in ("TaxCode", "TaxRateDetails"):
        if not sent.get(name):
            raise _missing(name)
    rates: dict[str, list[Document]] = {name: [] for name in _LISTS.values()}
    answered = []
    for order, detail in enumerate(sent["TaxRateDetails"]):
        detail.setdefault("TaxApplicableOn", "Sales")
        detail["TaxRateId"] = _rate(book, detail)
        rates[_LISTS[detail["TaxApplicableOn"]]].append(
            {
                "TaxRateRef": {"value": detail["TaxRateId"]},
                "TaxTypeApplicable": "TaxOnAmount",
                "TaxOrder": order,
            }
        )
        answered.append(detail)
    code = operations.create(
        book,
        book.entities["TaxCode"],
        {
            "Name": sent["TaxCode"],
            "Description": sent["TaxCode"],
            "TaxCodeConfigType": "USER_DEFINED",
            **{name: {"TaxRateDetail": each} for name, each in rates.items()},
        },
    )
    return {
        "TaxCode": code["Name"],
        "TaxCodeId": code["Id"],
        "TaxRateDetails": answered,
    }


def _rate(book: Book, detail: Document) -> str:
    """Return the Id of the rate that a detail names, or describes."""
    if "TaxRateId" in detail:
        check_reference(book, "TaxRate", detail["TaxRateId"], "TaxRateId")
        return str(detail["TaxRateId"])
    for name in ("TaxRateName", "RateValue", "TaxAgencyId"):
        if name not in detail:
            raise _missing(name)
    if not 0 <= detail["RateValue"] <= _HUNDRED:
        raise errors.INVALID_DECIMAL.fault(
            f"Invalid Decimal : RateValue is 0 to 100, not {detail['RateValue']}.",
            "RateValue",
        )
    check_reference(book, "TaxAgency", detail["TaxAgencyId"], "TaxAgencyId")
    rate = operations.create(
        book,
        book.entities["TaxRate"],
        {
            "Name": detail["TaxRateName"],
            "Description": detail["TaxRateName"],
            "RateValue": detail["RateValue"],
            "AgencyRef": {"value": detail["TaxAgencyId"]},
        },
    )
    return str(rate["Id"])


def _missing(name: str) -> errors.Fault:
    return errors.REQUIRED.fault(
        f"Required parameter {name} is missing in the request", name
    )
