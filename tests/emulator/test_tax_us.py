"""Sales tax of a US company."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator.testing import EmulatorProcess

from .conftest import Books, invoice_of


def total_tax(document: dict[str, Any]) -> Decimal:
    return Decimal(str(document["TxnTaxDetail"]["TotalTax"]))


def test_automated_tax_uses_the_companys_rates(books: Books) -> None:
    invoice = books.invoice(books.customer()["Id"], "100.00", code="TAX")
    assert total_tax(invoice) == Decimal("8.25")
    assert Decimal(str(invoice["TotalAmt"])) == Decimal("108.25")
    rates = [
        line["TaxLineDetail"]["TaxPercent"]
        for line in invoice["TxnTaxDetail"]["TaxLine"]
    ]
    assert rates == [7.25, 1.0]


def test_given_total_tax_is_honoured(books: Books) -> None:
    invoice = books.invoice(
        books.customer()["Id"], "100.00", code="TAX", TxnTaxDetail={"TotalTax": 8.24}
    )
    assert total_tax(invoice) == Decimal("8.24")
    shares = [
        Decimal(str(line["Amount"])) for line in invoice["TxnTaxDetail"]["TaxLine"]
    ]
    assert sum(shares) == Decimal("8.24")


def test_untaxed_lines_and_exempt_customers_pay_none(books: Books) -> None:
    assert total_tax(books.invoice(books.customer("A")["Id"], code="NON")) == 0
    exempt = books.customer("B", Taxable=False, TaxExemptionReasonId="9")
    assert exempt["Taxable"] is False
    assert total_tax(books.invoice(exempt["Id"], code="TAX")) == 0


def test_only_a_reason_makes_a_customer_exempt(books: Books) -> None:
    """Reference 6.3: Taxable follows from the reason, and there are fifteen."""
    unexplained = books.customer("A", Taxable=False)
    assert unexplained["Taxable"] is True
    assert total_tax(books.invoice(unexplained["Id"], code="TAX")) > 0
    refused = books.refused("Customer", DisplayName="C", TaxExemptionReasonId="16")
    assert refused["code"] == "2170"


def test_other_state_has_no_nexus(books: Books) -> None:
    customer = books.customer(
        ShipAddr={"Line1": "1 Main St", "CountrySubDivisionCode": "NV"}
    )
    assert total_tax(books.invoice(customer["Id"], code="TAX")) == 0


def test_tax_code_id_on_a_line_is_refused(books: Books) -> None:
    assert (
        books.refused("Invoice", **invoice_of(books.customer()["Id"], code="2"))["code"]
        == "6100"
    )


def test_without_sales_tax_the_tax_is_dropped_silently(books: Books) -> None:
    preferences = books.call("GET", "preferences").json()["Preferences"]
    preferences["TaxPrefs"]["UsingSalesTax"] = False
    books.update("Preferences", **preferences)
    invoice = books.invoice(
        books.customer()["Id"], code="TAX", TxnTaxDetail={"TotalTax": 8.25}
    )
    assert "TxnTaxDetail" not in invoice
    assert invoice["TotalAmt"] == 100


def test_touching_the_note_keeps_a_given_tax(books: Books) -> None:
    invoice = books.invoice(
        books.customer()["Id"], "100.00", code="TAX", TxnTaxDetail={"TotalTax": 8.24}
    )
    changed = books.update(
        "Invoice", Id=invoice["Id"], SyncToken="0", sparse=True, PrivateNote="x"
    )
    assert total_tax(changed) == Decimal("8.24")


def test_discount_before_tax_lowers_the_taxed_sum(books: Books) -> None:
    sent = invoice_of(
        books.customer()["Id"], "100.00", code="TAX", ApplyTaxAfterDiscount=True
    )
    sent["Line"].append(
        {
            "DetailType": "DiscountLineDetail",
            "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 10},
        }
    )
    invoice = books.create("Invoice", **sent)
    assert Decimal(str(invoice["TotalAmt"])) == Decimal("97.43")  # 90 + 6.53 + 0.90


def overridden(books: Books, **update: Any) -> Decimal:
    """Return the tax of an invoice after an update that does not speak of tax."""
    invoice = books.invoice(
        books.customer()["Id"], "100.00", code="TAX", TxnTaxDetail={"TotalTax": 8.24}
    )
    line = {**invoice["Line"][0], "Amount": 200}
    if update.pop("new_line", False):
        update["Line"] = [line]
    return total_tax(
        books.update("Invoice", Id=invoice["Id"], SyncToken="0", sparse=True, **update)
    )


def test_another_date_keeps_a_given_tax(books: Books) -> None:
    """What was overridden was not computed from the date."""
    assert overridden(books, TxnDate="2026-11-01") == Decimal("8.24")


def test_another_date_may_bring_automated_tax_back(
    books: Books, emulator: EmulatorProcess
) -> None:
    """Not documented, so a company can be told to do it."""
    emulator.switch(books.realm_id, tax_override_stays=False)
    assert overridden(books, TxnDate="2026-11-01") == Decimal("8.25")


def test_other_lines_end_a_given_tax(books: Books) -> None:
    assert overridden(books, new_line=True) == Decimal("16.50")


def test_given_tax_stands_without_a_code_of_the_company(books: Books) -> None:
    """Automated tax looks up the place itself; the company need not have a code."""
    preferences = books.call("GET", "preferences").json()["Preferences"]
    del preferences["TaxPrefs"]["TaxGroupCodeRef"]
    books.update("Preferences", **preferences)
    invoice = books.invoice(
        books.customer()["Id"], "100.00", code="TAX", TxnTaxDetail={"TotalTax": 8.24}
    )
    assert total_tax(invoice) == Decimal("8.24")
    assert invoice["TotalAmt"] == 108.24
