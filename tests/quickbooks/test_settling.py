"""A lost answer: what is asked of QuickBooks, and which find is ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from service_billing_qbo.engine.settling import is_ours, questions
from service_billing_qbo.mappers.outcome import LookUp

SENT_AT = datetime(2026, 9, 1, 12, tzinfo=timezone.utc)
INVOICE = LookUp(
    entity="Invoice",
    doc_number="INV/1",
    customer_id="58",
    total=Decimal("108.25"),
    txn_date="2026-09-01",
    private_note="odoo:1f2e3d4c:account.move/12",
)
FOUND = {
    "Id": "7",
    "DocNumber": "INV/1",
    "CustomerRef": {"value": "58"},
    "TotalAmt": Decimal("108.25"),
}


def test_numbers_of_many_documents_go_in_one_query() -> None:
    many = [LookUp(entity="Invoice", doc_number=f"INV/{n}") for n in range(31)]
    assert [entity for entity, _ in questions(many)] == ["Invoice", "Invoice"]


@pytest.mark.parametrize(
    ("entity", "name"), [("Customer", "DisplayName"), ("Item", "Name")]
)
def test_names_are_asked_by_a_property_that_can_be_asked(
    entity: str, name: str
) -> None:
    ((_, statement),) = questions([LookUp(entity=entity, display_name="O'Hara")])
    assert f"{name} IN ('O\\'Hara') AND Active IN (true, false)" in statement


def test_document_with_our_marker_is_ours_whatever_the_link_beside_it() -> None:
    note = "odoo:1f2e3d4c:account.move/12\nhttps://old.example/odoo/12"
    assert is_ours(INVOICE, {**FOUND, "PrivateNote": note}, SENT_AT)


@pytest.mark.parametrize(
    "difference",
    [
        {"PrivateNote": "odoo:1f2e3d4c:account.move/123"},
        {"PrivateNote": "typed by hand"},
        {"DocNumber": "INV/2"},
        {"CustomerRef": {"value": "59"}},
        {"TotalAmt": Decimal("108.26")},
    ],
)
def test_document_that_differs_is_not_ours(difference: dict[str, object]) -> None:
    assert not is_ours(INVOICE, {**FOUND, **difference}, SENT_AT)


def test_document_without_our_note_is_not_ours_where_quickbooks_numbers() -> None:
    """A person typed the same amount for the same customer on the same day."""
    unnumbered = replace(INVOICE, doc_number="")
    assert not is_ours(unnumbered, FOUND, SENT_AT)
    assert is_ours(unnumbered, {**FOUND, "PrivateNote": INVOICE.private_note}, SENT_AT)


@pytest.mark.parametrize(("age_s", "ours"), [(0, True), (3600, False)])
def test_item_of_that_name_is_ours_only_when_made_since(age_s: int, ours: bool) -> None:
    look_up = LookUp(entity="Item", display_name="Router")
    created_at = (SENT_AT - timedelta(seconds=age_s)).isoformat()
    found = {"Name": "ROUTER", "MetaData": {"CreateTime": created_at}}
    assert is_ours(look_up, found, SENT_AT) is ours
