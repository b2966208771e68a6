"""Customers who pay no sales tax."""

from __future__ import annotations

from qbo_emulator.change import Change

__all__ = ["exemption"]


def exemption(change: Change) -> None:
    """Under automated sales tax the reason makes a customer exempt, and only it.

    ``Taxable`` follows from it, whatever was sent (reference 6.3: true where the
    system set a DefaultTaxCodeRef, false where a TaxExemptionReasonId is set).
    """
    doc = change.doc
    if change.book.preference("TaxPrefs", "PartnerTaxEnabled", False):
        doc["Taxable"] = not doc.get("TaxExemptionReasonId")
