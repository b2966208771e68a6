"""Sales tax: US by hand, none at all, and tax codes per line elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from .conftest import Books, fault_of, invoice_of

Company = Callable[[str], Books]


def money(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


def taxed(
    books: Books, code: str, *amounts: str, mode: str = "TaxExcluded", **members: Any
) -> dict[str, Any]:
    """Return a sales form outside the US with one tax code on its lines."""
    return invoice_of(
        books.customer(members.pop("name", "Harbour Dental"))["Id"],
        *amounts,
        code=books.id_of("TaxCode", code),
        GlobalTaxCalculation=mode,
        **members,
    )


# -- US, by hand -------------------------------------------------------------------


def test_manual_tax_is_that_of_the_forms_own_code(company: Company) -> None:
    books = company("us-manual-tax")
    customer = books.customer()["Id"]
    code = {"TxnTaxCodeRef": {"value": books.id_of("TaxCode", "Half Moon Bay")}}
    invoice = books.invoice(customer, "100.00", code="TAX", TxnTaxDetail=code)
    assert money(invoice["TotalAmt"]) == money("108.25")
    assert len(invoice["TxnTaxDetail"]["TaxLine"]) == 2
    untaxed = books.invoice(customer, "100.00", code="TAX")
    assert money(untaxed["TotalAmt"]) == 100


def test_manual_tax_follows_changed_lines(company: Company) -> None:
    """A sparse update that does not speak of tax keeps the code, not the amount."""
    books = company("us-manual-tax")
    invoice = books.invoice(
        books.customer()["Id"],
        "100.00",
        code="TAX",
        TxnTaxDetail={"TxnTaxCodeRef": {"value": "2"}},
    )
    line = {**invoice["Line"][0], "Amount": 50}
    changed = books.update(
        "Invoice", Id=invoice["Id"], SyncToken="0", sparse=True, Line=[line]
    )
    assert money(changed["TotalAmt"]) == 54


@pytest.mark.parametrize(("how", "total"), [("drop", 100), ("keep", 108)])
def test_manual_tax_without_a_code(
    company: Company, companies_process: Any, how: str, total: int
) -> None:
    """Not documented. Dropped without a word is what hurts a client most."""
    books = company("us-manual-tax")
    if how != "drop":
        companies_process.switch(books.realm_id, tax_without_code=how)
    sent = invoice_of(
        books.customer()["Id"], "100.00", code="TAX", TxnTaxDetail={"TotalTax": 8}
    )
    assert money(books.create("Invoice", **sent)["TotalAmt"]) == total


def test_manual_tax_without_a_code_may_be_refused(
    company: Company, companies_process: Any
) -> None:
    books = company("us-manual-tax")
    companies_process.switch(books.realm_id, tax_without_code="refuse")
    sent = invoice_of(books.customer()["Id"], TxnTaxDetail={"TotalTax": 8})
    error = books.refused("Invoice", **sent)
    assert (error["code"], error["element"]) == ("6000", "TxnTaxCodeRef")
    untaxed = invoice_of(books.customer("B")["Id"], TxnTaxDetail={"TotalTax": 0})
    assert money(books.create("Invoice", **untaxed)["TotalAmt"]) == 100


def test_manual_tax_code_that_does_not_exist(company: Company) -> None:
    books = company("us-manual-tax")
    sent = invoice_of(
        books.customer()["Id"], TxnTaxDetail={"TxnTaxCodeRef": {"value": "99"}}
    )
    assert books.refused("Invoice", **sent)["code"] == "2500"


def test_company_without_sales_tax_drops_it_silently(company: Company) -> None:
    books = company("us-no-sales-tax")
    invoice = books.invoice(
        books.customer()["Id"], "100.00", code="TAX", TxnTaxDetail={"TotalTax": 8}
    )
    assert money(invoice["TotalAmt"]) == 100
    assert "TxnTaxDetail" not in invoice


# -- US, automated: when an override does not hold -----------------------------------


def test_override_is_marked_and_can_be_refused_by_the_company(company: Company) -> None:
    books = company("us")
    sent = invoice_of(
        books.customer()["Id"], "100.00", code="TAX", TxnTaxDetail={"TotalTax": 8.24}
    )
    honoured = books.create("Invoice", **sent)["TxnTaxDetail"]
    assert honoured["TaxReviewStatus"] == "AST_TAX_OVERRIDE"
    sent["TxnTaxDetail"]["UseAutomatedSalesTax"] = True
    ignored = books.create("Invoice", **sent)["TxnTaxDetail"]
    assert money(ignored["TotalTax"]) == money("8.25")


def test_company_that_allows_no_override(
    company: Company, companies_process: Any
) -> None:
    books = company("us")
    companies_process.switch(books.realm_id, tax_override=False)
    sent = invoice_of(
        books.customer()["Id"], "100.00", code="TAX", TxnTaxDetail={"TotalTax": 8.24}
    )
    assert money(books.create("Invoice", **sent)["TotalAmt"]) == money("108.25")


# -- elsewhere -----------------------------------------------------------------------


def test_tax_is_rounded_on_the_sum_of_a_rate(company: Company) -> None:
    """ruckus/quickbooks-ruby#547: 4495.16 at 9.975 % is 448.39."""
    books = company("ca")
    sent = taxed(books, "GST/QST QC - 9.975", "4000.00", "495.16")
    detail = books.create("Invoice", **sent)["TxnTaxDetail"]
    amounts = {
        line["TaxLineDetail"]["TaxPercent"]: money(line["Amount"])
        for line in detail["TaxLine"]
    }
    assert amounts == {5: money("224.76"), 9.975: money("448.39")}
    assert money(detail["TotalTax"]) == money("673.15")


def test_codes_that_share_a_rate_share_its_tax_line(company: Company) -> None:
    """GST is one rate of two codes: one TaxLine, rounded once."""
    books = company("ca")
    sent = taxed(books, "GST", "0.10", "0.10")
    bc = {"value": books.id_of("TaxCode", "GST/PST BC")}
    sent["Line"][1]["SalesItemLineDetail"]["TaxCodeRef"] = bc
    lines = books.create("Invoice", **sent)["TxnTaxDetail"]["TaxLine"]
    assert [money(line["Amount"]) for line in lines] == [money("0.01"), money("0.01")]
    assert money(lines[0]["TaxLineDetail"]["NetAmountTaxable"]) == money("0.20")


@pytest.mark.parametrize("code", ["TAX", "NON", "99"])
def test_lines_need_a_tax_code_id(company: Company, code: str) -> None:
    books = company("uk")
    sent = invoice_of(
        books.customer()["Id"], code=code, GlobalTaxCalculation="TaxExcluded"
    )
    error = books.refused("Invoice", **sent)
    assert error["code"] == "6000"
    assert "GST/HST | VAT | sales tax rate" in error["Detail"]


def test_code_on_the_form_alone_is_refused(company: Company) -> None:
    books = company("ca")
    sent = invoice_of(books.customer()["Id"], GlobalTaxCalculation="TaxExcluded")
    del sent["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]
    sent["TxnTaxDetail"] = {"TxnTaxCodeRef": {"value": "2"}}
    assert books.refused("Invoice", **sent)["code"] == "6000"


def test_calculation_mode_is_required_outside_the_us(
    company: Company, companies_process: Any
) -> None:
    books = company("uk")
    sent = taxed(books, "20.0% S", "100.00")
    del sent["GlobalTaxCalculation"]
    error = books.refused("Invoice", **sent)
    assert (error["code"], error["element"]) == ("2020", "GlobalTaxCalculation")
    companies_process.switch(books.realm_id, tax_calculation_required=False)
    invoice = books.create("Invoice", **sent)
    assert invoice["GlobalTaxCalculation"] == "TaxExcluded"
    assert money(invoice["TotalAmt"]) == 120


def test_inclusive_prices_keep_their_total_to_the_cent(company: Company) -> None:
    """Amount is net, TaxInclusiveAmt gross; three times 9.99 is 29.97."""
    books = company("uk")
    sent = taxed(books, "20.0% S", "8.33", "8.33", "8.33", mode="TaxInclusive")
    for line in sent["Line"]:
        line["SalesItemLineDetail"]["TaxInclusiveAmt"] = 9.99
    invoice = books.create("Invoice", **sent)
    assert money(invoice["TotalAmt"]) == money("29.97")
    *lines, subtotal = invoice["Line"]
    assert [money(line["Amount"]) for line in lines] == [money("8.33")] * 3
    assert money(subtotal["Amount"]) == money("24.99")
    assert money(invoice["TxnTaxDetail"]["TotalTax"]) == money("4.98")


def test_gross_rules_over_net(company: Company) -> None:
    books = company("uk")
    sent = taxed(books, "20.0% S", "120.00", mode="TaxInclusive")
    sent["Line"][0]["SalesItemLineDetail"]["TaxInclusiveAmt"] = 120
    invoice = books.create("Invoice", **sent)
    assert money(invoice["Line"][0]["Amount"]) == 100
    assert money(invoice["TotalAmt"]) == 120


def test_no_tax_mode_refuses_tax(company: Company) -> None:
    books = company("uk")
    sent = taxed(books, "20.0% S", "100.00", mode="NotApplicable")
    assert books.refused("Invoice", **sent)["code"] == "6470"
    del sent["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]
    detail = {"TotalTax": 20}
    assert books.refused("Invoice", **sent, TxnTaxDetail=detail)["code"] == "6170"
    invoice = books.create("Invoice", **sent)
    assert money(invoice["TotalAmt"]) == 100
    assert books.update("Invoice", **invoice)["TotalAmt"] == invoice["TotalAmt"]


def test_tax_line_of_the_client_stands_and_tells_the_difference(
    company: Company,
) -> None:
    books = company("uk")
    sent = taxed(books, "20.0% S", "33.33")
    computed = books.create("Invoice", **sent)["TxnTaxDetail"]["TaxLine"][0]
    assert money(computed["Amount"]) == money("6.67")
    sent["TxnTaxDetail"] = {"TaxLine": [{**computed, "Amount": 6.66}]}
    invoice = books.create("Invoice", **sent)
    assert money(invoice["TotalAmt"]) == money("39.99")
    detail = invoice["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]
    assert money(detail["OverrideDeltaAmount"]) == money("-0.01")


def test_tax_line_of_a_rate_that_no_line_has(company: Company) -> None:
    books = company("ca")
    sent = taxed(books, "GST", "100.00")
    other = {"value": books.id_of("TaxRate", "HST ON 13%")}
    line = {"DetailType": "TaxLineDetail", "TaxLineDetail": {"TaxRateRef": other}}
    sent["TxnTaxDetail"] = {"TaxLine": [{**line, "Amount": 13}]}
    assert books.refused("Invoice", **sent)["code"] == "6000"


def test_total_tax_alone_changes_nothing_outside_the_us(company: Company) -> None:
    books = company("ca")
    sent = taxed(books, "HST ON", "100.00", TxnTaxDetail={"TotalTax": 99})
    assert money(books.create("Invoice", **sent)["TotalAmt"]) == 113


def test_echo_of_an_invoice_changes_nothing(company: Company) -> None:
    books = company("ca")
    invoice = books.create("Invoice", **taxed(books, "GST/PST BC", "10.05", "3.33"))
    changed = books.update("Invoice", **invoice)
    for member in ("TotalAmt", "Line", "TxnTaxDetail"):
        assert changed[member] == invoice[member]


def test_zero_rated_and_out_of_scope(company: Company) -> None:
    books = company("ca")
    sent = taxed(books, "Zero-rated", "100.00", "50.00")
    out = {"value": books.id_of("TaxCode", "Out of Scope")}
    sent["Line"][1]["SalesItemLineDetail"]["TaxCodeRef"] = out
    detail = books.create("Invoice", **sent)["TxnTaxDetail"]
    assert detail["TotalTax"] == 0
    (line,) = detail["TaxLine"]
    assert money(line["TaxLineDetail"]["NetAmountTaxable"]) == 100


def test_discount_before_tax_lowers_each_codes_tax(company: Company) -> None:
    books = company("uk")
    sent = taxed(books, "20.0% S", "100.00", "100.00", ApplyTaxAfterDiscount=True)
    reduced = {"value": books.id_of("TaxCode", "5.0% R")}
    sent["Line"][1]["SalesItemLineDetail"]["TaxCodeRef"] = reduced
    discount = {"PercentBased": True, "DiscountPercent": 10}
    sent["Line"].append(
        {"DetailType": "DiscountLineDetail", "DiscountLineDetail": discount}
    )
    invoice = books.create("Invoice", **sent)
    assert money(invoice["TxnTaxDetail"]["TotalTax"]) == money("22.50")
    assert money(invoice["TotalAmt"]) == money("202.50")


def test_us_company_shows_no_global_calculation(company: Company) -> None:
    books = company("us")
    answer = books.post(
        "Invoice",
        invoice_of(books.customer()["Id"], GlobalTaxCalculation="TaxInclusive"),
    )
    assert "GlobalTaxCalculation" not in answer.json()["Invoice"]
    wrong = books.post("Invoice", invoice_of("1", GlobalTaxCalculation="TaxIncluded"))
    assert fault_of(wrong)["code"] == "2170"
