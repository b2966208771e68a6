"""Postal addresses as QuickBooks keeps them."""

from collections.abc import Sequence

from .text import one_line, shorten

__all__ = ["postal_address"]

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
    address = {f"Line{n}": shorten(line, LINE_LIMIT) for n, line in enumerate(kept, 1)}
    address["City"] = shorten(one_line(city), PART_LIMIT)
    address["CountrySubDivisionCode"] = shorten(one_line(subdivision), PART_LIMIT)
    address["PostalCode"] = shorten(one_line(postal_code), POSTAL_CODE_LIMIT)
    address["Country"] = shorten(one_line(country), PART_LIMIT)
    return {part: text for part, text in address.items() if text}
