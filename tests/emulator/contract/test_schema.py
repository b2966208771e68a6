"""Answers are checked against Intuit's schemas: the check itself must be awake."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ..conftest import Books, invoice_of
from .schema.convert import NOTICE, TABLE, convert, written
from .schema.validator import problems_of

#: The folder with Intuit's schemas, for who has them (see the README).
VARIABLE = "QBO_SCHEMAS"


def answer(entity: str, **members: Any) -> str:
    return json.dumps({entity: members, "time": "2026-11-22T06:00:00.000-08:00"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (answer("Invoice", Totals=1), "Invoice.Totals: not in Invoice"),
        (answer("Invoice", TotalAmt="1.00"), "TotalAmt: '1.00' is no xs:decimal"),
        (answer("Invoice", EmailStatus="Sent"), "'Sent' is not in EmailStatusEnum"),
        (answer("Invoice", Line={}), "Invoice.Line: not a list"),
        (answer("Invoice", TxnDate="22.11.2026"), "is no xs:date"),
        (answer("Customer", Active="true"), "is no xs:boolean"),
        (answer("Customer", CurrencyRef="USD"), "CurrencyRef: not an object"),
        (answer("Invoice", CustomerRef={"id": "1"}), "id: not in ReferenceType"),
        (answer("Invoices", Id="1"), "Invoices: no such entity"),
        ('{"QueryResponse": {"maxResults": "1"}}', "maxResults: '1' is no xs:int"),
        ('{"Invoice": {}, "time": 1}', "time: 1 is no xs:dateTime"),
    ],
)
def test_what_is_wrong_is_seen(text: str, told: str) -> None:
    (problem,) = problems_of(text)
    assert told in problem


def test_a_whole_company_is_right(books: Books) -> None:
    """Everything that a query can bring, and a batch, faults and changes."""
    customer_id = books.customer()["Id"]
    books.invoice(customer_id, "10.00", "20.00")
    for entity in ("Account", "Item", "Term", "TaxCode", "TaxRate", "Preferences"):
        assert books.query(f"select * from {entity}")[entity]
    bad = {**invoice_of("99999"), "DocNumber": "x" * 30}
    items = [{"bId": "1", "operation": "create", "Invoice": bad}]
    answered = books.call("POST", "batch", json={"BatchItemRequest": items})
    assert "Fault" in answered.json()["BatchItemResponse"][0]
    assert problems_of(answered.text) == []


def test_table_keeps_intuits_notice_and_licence() -> None:
    assert json.loads(TABLE.read_text(encoding="utf-8"))["notice"] == NOTICE
    licence = TABLE.with_name("LICENSE.apache-2.0.txt").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "Version 2.0" in licence


if os.environ.get(VARIABLE):

    def test_table_is_what_the_schemas_say() -> None:
        made = written(convert(Path(os.environ[VARIABLE])))
        assert TABLE.read_text(encoding="utf-8") == made
