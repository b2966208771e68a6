"""Members that several entities share."""

from __future__ import annotations

from qbo_emulator.entities.entity import Operation
from qbo_emulator.entities.fields import (
    NAME_BREAKERS,
    Field,
    email,
    flag,
    known,
    many,
    obj,
    read_only,
    ref,
    text,
)

__all__ = [
    "ACTIVE",
    "BALANCE",
    "CREATE_UPDATE",
    "CUSTOM_FIELDS",
    "address",
    "name_columns",
    "person",
]

#: Lists are created and changed; they are made inactive instead of deleted.
CREATE_UPDATE = frozenset({Operation.CREATE, Operation.UPDATE})

ACTIVE = flag("Active").where()

#: Where queries find an element's own balance: in the ledger's sums.
BALANCE = (
    "COALESCE((SELECT own / 100.0 FROM balances WHERE realm_id = documents.realm_id"
    " AND entity = documents.entity AND id = documents.id), 0)"
)

CUSTOM_FIELDS = many(
    "CustomField",
    *known("DefinitionId Name Type StringValue BooleanValue DateValue NumberValue"),
)


def address(name: str) -> Field:
    """A PhysicalAddress with the lengths of reference 6.3 (SCRAPE).

    ``Lat`` and ``Long`` are taken and, since autumn 2025, not given back (BLOG-AUG25).
    """
    lines = tuple(text(f"Line{number}", 500) for number in range(1, 6))
    return obj(
        name,
        text("Id"),
        *lines,
        text("City", 255),
        text("Country", 255),
        text("CountrySubDivisionCode", 255),
        text("PostalCode", 30),
        *known("CountryCode County PostalCodeSuffix Tag Note"),
        *read_only(*known("Lat Long")),
    )


def phone(name: str) -> Field:
    """A TelephoneNumber; the API reads FreeFormNumber."""
    return obj(
        name,
        text("FreeFormNumber", 30),
        *known("Id DeviceType CountryCode AreaCode ExchangeCode Extension Default Tag"),
    )


def mail(name: str) -> Field:
    """An EmailAddress."""
    return obj(name, email("Address"), *known("Id Default Tag"))


def person() -> tuple[Field, ...]:
    """NameBase: what customers, vendors and employees have in common (ABO
    customer.md)."""
    return (
        text("Title", 16),
        text("GivenName", 100, NAME_BREAKERS).where(),
        text("MiddleName", 100, NAME_BREAKERS).where(),
        text("FamilyName", 100, NAME_BREAKERS).where(),
        text("Suffix", 16),
        *read_only(text("FullyQualifiedName").where()),
        text("CompanyName", 100).where(),
        text("DisplayName", 500, NAME_BREAKERS).where(),
        text("PrintOnCheckName", 110, NAME_BREAKERS).where(),
        ACTIVE,
        phone("PrimaryPhone"),
        phone("AlternatePhone"),
        phone("Mobile"),
        phone("Fax"),
        mail("PrimaryEmailAddr"),
        obj("WebAddr", text("URI", 1000), *known("Id Default Tag")),
        ref("DefaultTaxCodeRef", "TaxCode"),
        *known("IntuitId Organization UserId V4IDPseudonym OtherContactInfo"),
    )


def name_columns(member: str) -> dict[str, str]:
    """The indexed columns of a list whose elements are known by ``member``."""
    return {"Id": "id", member: "display", "Active": "active"}
