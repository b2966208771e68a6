"""Payments and credits: what they settle, and what follows when either is undone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from qbo_emulator.testing import EmulatorProcess

from .conftest import Books, fault_of, invoice_of

Company = Callable[[str], Books]
Link = tuple[str, dict[str, Any], str]


def money(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


def payment_of(customer_id: str, total: str, *links: Link, **more: Any) -> Any:
    """Return a payment; each link is (TxnType, document, amount)."""
    return {
        "CustomerRef": {"value": customer_id},
        "TotalAmt": float(total),
        "Line": [
            {
                "Amount": float(amount),
                "LinkedTxn": [{"TxnId": document["Id"], "TxnType": kind}],
            }
            for kind, document, amount in links
        ],
        **more,
    }


def act(books: Books, entity: str, document: dict[str, Any], **params: str) -> Any:
    """Void or delete a document as it is now."""
    now = books.read(entity, document["Id"])
    answer = books.post(
        entity, {"Id": now["Id"], "SyncToken": now["SyncToken"]}, **params
    )
    assert answer.status_code == 200, answer.text
    return answer.json()[entity]


@pytest.fixture
def customer(books: Books) -> str:
    return str(books.customer()["Id"])


def test_payment_settles_an_invoice(books: Books, customer: str) -> None:
    invoice = books.invoice(customer, "100.00", DocNumber="A-1")
    paid = books.create(
        "Payment", **payment_of(customer, "100", ("Invoice", invoice, "100"))
    )
    assert money(paid["UnappliedAmt"]) == 0
    assert paid["DepositToAccountRef"]["name"] == "Undeposited Funds"
    extras = {
        each["value"]["Name"]: each["value"]["Value"]
        for each in paid["Line"][0]["LineEx"]["any"]
    }
    assert extras["txnReferenceNumber"] == "A-1"
    after = books.read("Invoice", invoice["Id"])
    assert after["Balance"] == 0
    assert after["LinkedTxn"] == [{"TxnId": paid["Id"], "TxnType": "Payment"}]
    assert after["SyncToken"] == "1"
    assert books.read("Customer", customer)["Balance"] == 0


def test_partial_payment_over_several_invoices(books: Books, customer: str) -> None:
    first, second = (books.invoice(customer, amount) for amount in ("60.00", "80.00"))
    links: list[Link] = [("Invoice", first, "60"), ("Invoice", second, "15.50")]
    paid = books.create("Payment", **payment_of(customer, "100", *links))
    assert money(paid["UnappliedAmt"]) == money("24.50")
    assert money(books.read("Invoice", second["Id"])["Balance"]) == money("64.50")
    assert money(books.read("Customer", customer)["Balance"]) == 40


def test_unapplied_payment_is_applied_later(books: Books, customer: str) -> None:
    paid = books.create("Payment", **payment_of(customer, "100"))
    assert money(paid["UnappliedAmt"]) == 100
    assert money(books.read("Customer", customer)["Balance"]) == -100
    invoice = books.invoice(customer, "70.00")
    line = payment_of(customer, "0", ("Invoice", invoice, "70"))["Line"]
    changed = books.update(
        "Payment", Id=paid["Id"], SyncToken="0", sparse=True, Line=line
    )
    assert money(changed["UnappliedAmt"]) == 30
    assert books.read("Invoice", invoice["Id"])["Balance"] == 0


def test_taking_a_line_out_unlinks(books: Books, customer: str) -> None:
    first, second = (books.invoice(customer, "50.00") for _ in range(2))
    links: list[Link] = [("Invoice", first, "50"), ("Invoice", second, "50")]
    paid = books.create("Payment", **payment_of(customer, "100", *links))
    paid["Line"] = paid["Line"][1:]
    changed = books.update("Payment", **paid)
    assert money(changed["UnappliedAmt"]) == 50
    reopened = books.read("Invoice", first["Id"])
    assert money(reopened["Balance"]) == 50
    assert reopened["LinkedTxn"] == []
    assert books.read("Invoice", second["Id"])["SyncToken"] == "1"  # untouched


@pytest.mark.parametrize("how", [{"operation": "delete"}, {"include": "void"}])
def test_undone_payment_reopens_the_invoice(
    books: Books, customer: str, how: dict[str, str]
) -> None:
    invoice = books.invoice(customer, "100.00")
    sent = payment_of(customer, "100", ("Invoice", invoice, "100"))
    paid = books.create("Payment", **sent)
    act(books, "Payment", paid, **how)
    reopened = books.read("Invoice", invoice["Id"])
    assert money(reopened["Balance"]) == 100
    assert reopened["LinkedTxn"] == []
    assert money(books.read("Customer", customer)["Balance"]) == 100


def test_payments_are_voided_by_include_not_by_operation(
    books: Books, customer: str
) -> None:
    paid = books.create("Payment", **payment_of(customer, "10"))
    wrong = books.post(
        "Payment", {"Id": paid["Id"], "SyncToken": "0"}, operation="void"
    )
    assert fault_of(wrong)["code"] == "500"
    voided = act(books, "Payment", paid, operation="update", include="void")
    assert voided["TotalAmt"] == voided["UnappliedAmt"] == 0
    assert voided["PrivateNote"] == "Voided"
    again = act(books, "Payment", voided, operation="update", include="void")
    assert again["PrivateNote"] == "Voided"


def test_voided_invoice_gives_the_money_back(books: Books, customer: str) -> None:
    invoice = books.invoice(customer, "100.00")
    sent = payment_of(customer, "100", ("Invoice", invoice, "100"))
    paid = books.create("Payment", **sent)
    act(books, "Invoice", invoice, operation="void")
    released = books.read("Payment", paid["Id"])
    assert money(released["UnappliedAmt"]) == 100
    assert released["Line"] == []
    assert money(books.read("Customer", customer)["Balance"]) == -100


def test_paid_invoice_that_shrinks_gives_the_rest_back(
    books: Books, customer: str
) -> None:
    invoice = books.invoice(customer, "100.00")
    sent = payment_of(customer, "100", ("Invoice", invoice, "100"))
    paid = books.create("Payment", **sent)
    line = {**invoice["Line"][0], "Amount": 40}
    changed = books.update(
        "Invoice", Id=invoice["Id"], SyncToken="1", sparse=True, Line=[line]
    )
    assert changed["Balance"] == 0
    assert money(books.read("Payment", paid["Id"])["UnappliedAmt"]) == 60


def test_linked_documents_cannot_be_deleted(books: Books, customer: str) -> None:
    invoice = books.invoice(customer, "100.00")
    books.create("Payment", **payment_of(customer, "5", ("Invoice", invoice, "5")))
    answer = books.post(
        "Invoice", {"Id": invoice["Id"], "SyncToken": "1"}, operation="delete"
    )
    assert fault_of(answer)["code"] == "6000"


def test_credit_memo_is_applied_by_a_payment_of_nothing(
    books: Books, customer: str
) -> None:
    invoice = books.invoice(customer, "100.00")
    memo = books.create("CreditMemo", **invoice_of(customer, "30.00"))
    links: list[Link] = [("Invoice", invoice, "30"), ("CreditMemo", memo, "30")]
    applied = books.create("Payment", **payment_of(customer, "0", *links))
    assert money(applied["UnappliedAmt"]) == 0
    used = books.read("CreditMemo", memo["Id"])
    assert used["RemainingCredit"] == used["Balance"] == 0
    assert money(books.read("Invoice", invoice["Id"])["Balance"]) == 70
    act(books, "Invoice", invoice, operation="void")
    assert money(books.read("CreditMemo", memo["Id"])["RemainingCredit"]) == 30


@pytest.mark.parametrize(
    ("total", "invoice", "memo"),
    [("10", "20", "0"), ("0", "0", "30"), ("0", "101", "0")],
)
def test_payment_that_does_not_add_up(
    books: Books, customer: str, total: str, invoice: str, memo: str
) -> None:
    links: list[Link] = [
        ("Invoice", books.invoice(customer, "100.00"), invoice),
        ("CreditMemo", books.create("CreditMemo", **invoice_of(customer)), memo),
    ]
    error = books.refused("Payment", **payment_of(customer, total, *links))
    assert error["code"] == "6000"


def test_payment_needs_an_amount_and_links_that_fit(
    books: Books, customer: str
) -> None:
    error = books.refused("Payment", CustomerRef={"value": customer})
    assert error["Detail"].endswith("You must set a transaction amount.")
    other = books.customer("Other")["Id"]
    foreign: Link = ("Invoice", books.invoice(other), "1")
    for link in (foreign, ("Invoice", {"Id": "9999"}, "1"), ("Bill", {"Id": "1"}, "1")):
        assert (
            books.refused("Payment", **payment_of(customer, "1", link))["code"] == "620"
        )


def test_parent_pays_for_its_sub_customer(books: Books, customer: str) -> None:
    child = books.customer("Site", ParentRef={"value": customer}, Job=True)["Id"]
    invoice = books.invoice(child, "40.00")
    assert money(books.read("Customer", customer)["BalanceWithJobs"]) == 40
    books.create("Payment", **payment_of(customer, "40", ("Invoice", invoice, "40")))
    assert books.read("Invoice", invoice["Id"])["Balance"] == 0
    assert books.read("Customer", customer)["BalanceWithJobs"] == 0


def test_moved_customer_takes_its_balance_along(books: Books, customer: str) -> None:
    child = books.customer("Site")
    books.invoice(child["Id"], "40.00")
    books.update(
        "Customer",
        Id=child["Id"],
        SyncToken="0",
        sparse=True,
        ParentRef={"value": customer},
    )
    above = books.read("Customer", customer)
    assert (money(above["Balance"]), money(above["BalanceWithJobs"])) == (0, 40)
    error = books.refused(
        "Customer",
        Id=customer,
        SyncToken="0",
        sparse=True,
        ParentRef={"value": child["Id"]},
    )
    assert error["code"] == "900"


def test_links_to_payments_cannot_be_written(books: Books, customer: str) -> None:
    invoice = books.invoice(customer, "100.00")
    books.create("Payment", **payment_of(customer, "5", ("Invoice", invoice, "5")))
    changed = books.update(
        "Invoice", Id=invoice["Id"], SyncToken="1", sparse=True, LinkedTxn=[]
    )
    assert len(changed["LinkedTxn"]) == 1


def test_deposited_payment_cannot_change(
    books: Books, customer: str, emulator: EmulatorProcess
) -> None:
    paid = books.create("Payment", **payment_of(customer, "10"))
    emulator.switch(books.realm_id, deposited=[paid["Id"]])
    for params in ({"operation": "delete"}, {"include": "void"}):
        answer = books.post("Payment", {"Id": paid["Id"], "SyncToken": "0"}, **params)
        assert fault_of(answer)["code"] == "6540"


def test_deposit_goes_to_money_accounts_only(books: Books, customer: str) -> None:
    services, checking = (
        {"value": books.id_of("Account", name)} for name in ("Services", "Checking")
    )
    sent = payment_of(customer, "10", DepositToAccountRef=services)
    assert books.refused("Payment", **sent)["code"] == "6000"
    books.create("Payment", **{**sent, "DepositToAccountRef": checking})
    account = books.read("Account", checking["value"])
    assert money(account["CurrentBalance"]) == 10


# -- closed books --------------------------------------------------------------------


def test_closed_books_hold_payments_too(books: Books, customer: str) -> None:
    invoice = books.invoice(customer, "100.00", TxnDate="2026-02-10")
    paid = books.create(
        "Payment",
        **payment_of(customer, "100", ("Invoice", invoice, "100")),
        TxnDate="2026-01-15",
    )
    books.prefer("AccountingInfoPrefs", BookCloseDate="2026-01-31")
    undo = [
        ("Payment", paid, {"operation": "delete"}),
        ("Payment", paid, {"include": "void"}),
        ("Invoice", {**invoice, "SyncToken": "1"}, {"operation": "void"}),
    ]
    for entity, document, params in undo:
        body = {"Id": document["Id"], "SyncToken": document["SyncToken"]}
        assert fault_of(books.post(entity, body, **params))["code"] == "6210"
    assert books.read("Invoice", invoice["Id"])["Balance"] == 0


def test_moving_a_form_into_or_out_of_the_closed_period(
    books: Books, customer: str
) -> None:
    old = books.invoice(customer, TxnDate="2026-01-31")
    new = books.invoice(customer, TxnDate="2026-02-01")
    books.prefer("AccountingInfoPrefs", BookCloseDate="2026-01-31")
    for document, day in ((old, "2026-02-01"), (new, "2026-01-31")):
        error = books.refused(
            "Invoice", Id=document["Id"], SyncToken="0", sparse=True, TxnDate=day
        )
        assert error["code"] == "6210"


def test_books_closed_with_a_password(
    books: Books, customer: str, emulator: EmulatorProcess
) -> None:
    books.prefer("AccountingInfoPrefs", BookCloseDate="2026-01-31")
    emulator.switch(books.realm_id, closing_password=True)
    sent = payment_of(customer, "1", TxnDate="2026-01-31")
    assert books.refused("Payment", **sent)["code"] == "6200"


# -- what QuickBooks applies by itself ---------------------------------------------


def test_open_credit_is_applied_to_a_new_invoice(books: Books, customer: str) -> None:
    books.prefer("SalesFormsPrefs", AutoApplyCredit=True)
    memo = books.create("CreditMemo", **invoice_of(customer, "30.00"))
    invoice = books.invoice(customer, "100.00")
    assert money(invoice["Balance"]) == 70
    assert books.read("CreditMemo", memo["Id"])["RemainingCredit"] == 0
    (link,) = invoice["LinkedTxn"]
    payment = books.read("Payment", link["TxnId"])
    assert payment["TotalAmt"] == 0
    assert payment["PrivateNote"] == "Created by QB Online to link credits to charges."
    act(books, "Invoice", invoice, operation="void")
    gone = books.call("GET", f"payment/{payment['Id']}")
    assert fault_of(gone)["code"] == "610"


def test_new_credit_is_applied_to_open_invoices_oldest_first(
    books: Books, customer: str
) -> None:
    late = books.invoice(customer, "50.00", TxnDate="2026-03-01")
    early = books.invoice(customer, "50.00", TxnDate="2026-02-01")
    books.prefer("SalesFormsPrefs", AutoApplyCredit=True)
    memo = books.create("CreditMemo", **invoice_of(customer, "70.00"))
    assert memo["Balance"] == 0
    assert books.read("Invoice", early["Id"])["Balance"] == 0
    assert money(books.read("Invoice", late["Id"])["Balance"]) == 30


def test_unapplied_payment_is_used_by_a_new_invoice(
    books: Books, customer: str
) -> None:
    paid = books.create("Payment", **payment_of(customer, "80"))
    books.prefer("SalesFormsPrefs", AutoApplyPayments=True)
    invoice = books.invoice(customer, "100.00")
    assert money(invoice["Balance"]) == 20
    assert books.read("Payment", paid["Id"])["UnappliedAmt"] == 0
