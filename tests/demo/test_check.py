"""The demo must not call a run good that is not: each way to be wrong is seen."""

from dataclasses import replace
from decimal import Decimal

import pytest
from demo_run.check import OdooDocument, compare, doubled_customers, money, strangers

INVOICE = OdooDocument(
    number="INV/2026/00001",
    move_type="out_invoice",
    customer="Café Zoë & Sons",
    total=Decimal("216.50"),
    tax=Decimal("16.50"),
    currency="USD",
    qbo_id="7",
    status="exported",
    status_label="Exported",
)


def in_quickbooks(**changes):
    """INVOICE as QuickBooks keeps it."""
    document = {
        "Id": "7",
        "DocNumber": "INV/2026/00001",
        "TotalAmt": Decimal("216.5"),
        "TxnTaxDetail": {"TotalTax": Decimal("16.5")},
    }
    return {**document, **changes}


def faults(document, *found):
    (row,) = compare([document], {"Invoice": list(found)})
    return row.faults


def test_same_document_on_both_sides_has_no_fault():
    assert faults(INVOICE, in_quickbooks()) == ()


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ([], "not in QuickBooks"),
        ([in_quickbooks(), in_quickbooks(Id="8")], "2 times in QuickBooks"),
        ([in_quickbooks(TotalAmt=Decimal("216.51"))], "the totals differ by 0.01"),
        ([in_quickbooks(TxnTaxDetail={"TotalTax": 0})], "the taxes differ by -16.50"),
        ([in_quickbooks(Id="9")], "Odoo believes that its Id is 7"),
    ],
)
def test_each_difference_is_named(found, fault):
    assert fault in faults(INVOICE, *found)


def test_document_that_odoo_does_not_show_as_exported_is_a_fault():
    waiting = replace(INVOICE, status="waiting", status_label="Waiting")
    assert faults(waiting, in_quickbooks()) == ("Odoo shows it as Waiting",)


def test_credit_note_is_looked_for_among_the_credit_memos_only():
    note = replace(INVOICE, move_type="out_refund")
    (row,) = compare([note], {"Invoice": [in_quickbooks()]})
    assert "not in QuickBooks" in row.faults


def test_untaxed_document_needs_no_tax_detail():
    untaxed = replace(INVOICE, total=Decimal("200.00"), tax=Decimal("0.00"))
    found = in_quickbooks(TotalAmt=200)
    del found["TxnTaxDetail"]
    assert faults(untaxed, found) == ()


def test_document_under_another_number_is_a_stranger():
    books = {"Invoice": [in_quickbooks(), in_quickbooks(Id="8", DocNumber="1001")]}
    assert strangers([INVOICE], books) == ["Invoice 1001, Id 8"]


def test_customers_of_one_name_are_found_whatever_their_case():
    books = {
        "Customer": [
            {"DisplayName": "Acme"},
            {"DisplayName": "ACME"},
            {"DisplayName": "Zoë"},
        ]
    }
    assert doubled_customers(books) == ["acme"]


def test_float_of_odoo_becomes_the_cents_that_people_see():
    assert money(1083.5000000000002) == Decimal("1083.50")
