"""``include=invoiceLink``: where the customer could pay (SCRAPE)."""

from __future__ import annotations

from qbo_emulator.book import Book
from qbo_emulator.jsontext import Document

__all__ = ["add"]

_ONLINE = ("AllowOnlineCreditCardPayment", "AllowOnlineACHPayment")


def add(book: Book, invoice: Document) -> None:
    """Add InvoiceLink to an invoice that can be paid online and has an address.

    The company must have switched online payment on (reference 6.2). Nothing answers
    at the link.
    """
    can_pay = book.preference("SalesFormsPrefs", "ETransactionPaymentEnabled", False)
    wanted = any(invoice.get(name) for name in _ONLINE)
    if can_pay and wanted and invoice.get("BillEmail", {}).get("Address"):
        link = f"{book.base_url}/t/scs-v1-{book.realm_id}-{invoice['Id']}"
        invoice["InvoiceLink"] = link
