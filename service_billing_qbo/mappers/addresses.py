"""Postal addresses as QuickBooks keeps them."""

from collections.abc import Mapping, Sequence

from .text import one_line, shorten

__all__ = ["fitted", "postal_address"]

# Intuit, PhysicalAddress: five lines of 500, 2000 together; other parts 255, 30.
LINE_LIMIT = 400
LINE_COUNT = 5
PART_LIMIT = 255
POSTAL_CODE_LIMIT = 30


def postal_address(
    lines: Sequence[str],
    city: str = "",
    subdivision: str = "",
    postal_code: str = "",
    country: str = "",
) -> dict[str, str]:
    """Return a PhysicalAddress without empty parts; empty when all are.

    Lines beyond the fifth are joined to it, so that nothing is lost silently.
    """
    kept = [one_line(line) for line in lines if line and one_line(line)]
    if len(kept) > LINE_COUNT:
        kept[LINE_COUNT - 1 :] = [", ".join(kept[LINE_COUNT - 1 :])]
    address = {f"Line{n}": line for n, line in enumerate(kept, 1)}
    address["City"] = one_line(city)
    address["CountrySubDivisionCode"] = one_line(subdivision)
    address["PostalCode"] = one_line(postal_code)
    address["Country"] = one_line(country)
    return fitted(address)


def fitted(address: Mapping[str, str]) -> dict[str, str]:
    """Return the address with every part as long as QuickBooks takes it, none empty.

    Needed again after its characters were written in another set: that makes longer.
    """
    return {
        part: shorten(text, _limit_of(part)) for part, text in address.items() if text
    }


def _limit_of(part: str) -> int:
    if part.startswith("Line"):
        return LINE_LIMIT
    return POSTAL_CODE_LIMIT if part == "PostalCode" else PART_LIMIT
