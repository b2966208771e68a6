"""Addresses as QuickBooks gives them back."""

from __future__ import annotations

from qbo_emulator.change import Change
from qbo_emulator.countries import iso3

__all__ = ["iso3_countries"]


def iso3_countries(change: Change) -> None:
    """Since October 2025 a CompanyInfo's addresses come with ISO-3 countries, whatever
    was written (BLOG-AUG25); its own Country stays as it is."""
    for name, value in change.doc.items():
        if name.endswith("Addr") and isinstance(value, dict) and "Country" in value:
            value["Country"] = iso3(str(value["Country"]))
