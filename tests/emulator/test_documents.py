"""Create, read, update, delete, void: what any client does first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .conftest import Books, fault_of, invoice_of


def test_new_customer_is_read_back_with_quickbooks_members(books: Books) -> None:
    created = books.customer("Müller & Söhne O'Brien")
    assert books.read("Customer", created["Id"]) == created
    assert created["SyncToken"] == "0"
    assert created["domain"] == "QBO"
    assert created["FullyQualifiedName"] == "Müller & Söhne O'Brien"
    assert created["CurrencyRef"] == {"value": "USD", "name": "United States Dollar"}
    assert created["Active"] is True


def test_new_invoice_gets_totals_names_and_a_subtotal_line(books: Books) -> None:
    customer = books.customer()
    invoice = books.invoice(
        customer["Id"], "100.00", "49.50", DocNumber="INV/2026/00042"
    )
    assert Decimal(str(invoice["TotalAmt"])) == Decimal("149.50")
    assert invoice["Balance"] == invoice["TotalAmt"]
    assert invoice["CustomerRef"] == {
        "value": customer["Id"],
        "name": "Harbor Dental LLC",
    }
    *lines, subtotal = invoice["Line"]
    assert [line["Id"] for line in lines] == ["1", "2"]
    assert subtotal["DetailType"] == "SubTotalLineDetail"
    assert "Id" not in subtotal
    assert books.read("Customer", customer["Id"])["Balance"] == invoice["TotalAmt"]


def test_missing_line_names_the_parameter(books: Books) -> None:
    error = books.refused("Invoice", CustomerRef={"value": books.customer()["Id"]})
    assert error["code"] == "2020"
    assert error["Detail"] == "Required parameter Line is missing in the request"
    assert error["element"] == "Line"


def test_unknown_member_is_refused(books: Books) -> None:
    assert books.refused("Customer", DisplayName="A", Colour="red")["code"] == "2010"


def test_read_only_member_is_overwritten_without_a_word(books: Books) -> None:
    invoice = books.invoice(books.customer()["Id"], "10.00", TotalAmt=999, Balance="")
    assert invoice["TotalAmt"] == 10.0


def test_empty_texts_are_taken_for_dates_amounts_and_flags(books: Books) -> None:
    invoice = books.invoice(
        books.customer()["Id"],
        "10.00",
        DueDate="",
        ApplyTaxAfterDiscount="",
        TrackingNum="",
    )
    assert "TrackingNum" not in invoice


def test_too_long_number_is_refused(books: Books) -> None:
    sent = invoice_of(books.customer()["Id"], DocNumber="X" * 22)
    error = books.refused("Invoice", **sent)
    assert error["code"] == "2050"
    assert "Max:21" in error["Detail"]


def test_sparse_update_changes_only_what_it_names(books: Books) -> None:
    customer = books.customer(Notes="first")
    changed = books.update(
        "Customer", Id=customer["Id"], SyncToken=0, sparse=True, CompanyName="Harbor"
    )
    assert changed["Notes"] == "first"
    assert changed["CompanyName"] == "Harbor"
    assert changed["SyncToken"] == "1"


def test_full_update_empties_what_it_leaves_out(books: Books) -> None:
    customer = books.customer(Notes="first")
    changed = books.update(
        "Customer",
        Id=customer["Id"],
        SyncToken="0",
        DisplayName=customer["DisplayName"],
    )
    assert "Notes" not in changed


def test_full_update_may_echo_the_whole_document(books: Books) -> None:
    invoice = books.invoice(books.customer()["Id"], "100.00")
    changed = books.update("Invoice", **{**invoice, "PrivateNote": "seen"})
    assert changed["PrivateNote"] == "seen"
    assert changed["Line"] == invoice["Line"]
    assert changed["TotalAmt"] == invoice["TotalAmt"]


def test_old_sync_token_is_stale(books: Books) -> None:
    customer = books.customer()
    books.update("Customer", Id=customer["Id"], SyncToken="0", sparse=True, Notes="a")
    error = books.refused(
        "Customer", Id=customer["Id"], SyncToken="0", sparse=True, Notes="b"
    )
    assert error["code"] == "5010"
    assert error["Detail"].startswith("Stale Object Error : You and root")


def test_deleted_invoice_is_gone(books: Books) -> None:
    customer = books.customer()
    invoice = books.invoice(customer["Id"])
    answer = books.post(
        "Invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation="delete"
    )
    assert answer.json()["Invoice"] == {
        "status": "Deleted",
        "domain": "QBO",
        "Id": invoice["Id"],
    }
    assert fault_of(books.call("GET", f"invoice/{invoice['Id']}"))["code"] == "610"
    assert books.read("Customer", customer["Id"])["Balance"] == 0


def test_voided_invoice_stays_with_nothing_in_it(books: Books) -> None:
    customer = books.customer()
    invoice = books.invoice(customer["Id"], PrivateNote="odoo 1")
    answer = books.post(
        "Invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation="void"
    )
    voided = answer.json()["Invoice"]
    assert voided["TotalAmt"] == voided["Balance"] == voided["Line"][0]["Amount"] == 0
    assert voided["PrivateNote"] == "Voided - odoo 1"
    assert books.read("Customer", customer["Id"])["Balance"] == 0


def test_voiding_twice_says_so_once(books: Books) -> None:
    sent = {"Id": books.invoice(books.customer()["Id"])["Id"]}
    notes = []
    for token in "01":
        answer = books.post("Invoice", {**sent, "SyncToken": token}, operation="void")
        notes.append(answer.json()["Invoice"]["PrivateNote"])
    assert notes == ["Voided", "Voided"]


def test_discount_cannot_raise_the_total(books: Books) -> None:
    """2290: a negative discount would be a surcharge that no line shows."""
    customer_id = books.customer()["Id"]
    for discount in (
        {"Amount": -5, "DiscountLineDetail": {}},
        {"DiscountLineDetail": {"PercentBased": True, "DiscountPercent": -5}},
    ):
        sent = invoice_of(customer_id)
        sent["Line"].append({"DetailType": "DiscountLineDetail", **discount})
        assert books.refused("Invoice", **sent)["code"] == "2290"


def test_customers_are_made_inactive_not_deleted(books: Books) -> None:
    customer = books.customer()
    gone = books.update(
        "Customer", Id=customer["Id"], SyncToken="0", sparse=True, Active=False
    )
    assert gone["DisplayName"] == "Harbor Dental LLC (deleted)"
    refused = books.post(
        "Customer", {"Id": customer["Id"], "SyncToken": "1"}, operation="delete"
    )
    assert fault_of(refused)["code"] == "500"
    assert (
        books.query("select * from Customer where DisplayName = 'Harbor Dental LLC'")
        == {}
    )


def test_name_of_an_inactive_customer_a_vendor_or_an_employee_is_taken(
    books: Books,
) -> None:
    for taken in ("old mill bakery", "ROBERTSON & ASSOCIATES", "Emily Platt"):
        error = books.refused("Customer", DisplayName=taken)
        assert error["code"] == "6240"
        assert error["Detail"].startswith("The name supplied already exists. : ")


def test_duplicate_customer_names_the_other(books: Books) -> None:
    customer = books.customer()
    error = books.refused("Customer", DisplayName="HARBOR DENTAL LLC")
    assert error["Detail"] == f"The name supplied already exists. : Id={customer['Id']}"


def test_customer_without_any_name(books: Books) -> None:
    assert books.refused("Customer", Notes="who?")["code"] == "6080"


def test_reference_to_nothing_and_to_something_inactive(books: Books) -> None:
    missing = books.refused("Invoice", **invoice_of("99999"))
    assert missing["code"] == "2500"
    assert (
        missing["Detail"] == "Invalid Reference Id : Names element id 99999 not found"
    )
    customer = books.customer()
    books.update(
        "Customer", Id=customer["Id"], SyncToken="0", sparse=True, Active=False
    )
    assert books.refused("Invoice", **invoice_of(customer["Id"]))["code"] == "610"


def test_used_number_names_the_other_invoice(books: Books) -> None:
    customer = books.customer()
    first = books.invoice(customer["Id"], DocNumber="INV/1")
    sent = invoice_of(customer["Id"], DocNumber="inv/1")
    error = books.refused("Invoice", **sent)
    assert error["code"] == "6140"
    assert f"TxnType=Invoice with TxnId={first['Id']}" in error["Detail"]
    allowed = books.post("Invoice", sent, include="allowduplicatedocnum")
    assert allowed.status_code == 200


def test_quickbooks_numbers_where_custom_numbers_are_off(books: Books) -> None:
    preferences = books.call("GET", "preferences").json()["Preferences"]
    preferences["SalesFormsPrefs"]["CustomTxnNumbers"] = False
    books.update("Preferences", **preferences)
    customer = books.customer()
    numbers = [
        books.invoice(customer["Id"], DocNumber="MINE")["DocNumber"] for _ in range(2)
    ]
    assert numbers == ["1001", "1002"]


def test_closed_books_refuse_old_dates(books: Books) -> None:
    preferences = books.call("GET", "preferences").json()["Preferences"]
    preferences["AccountingInfoPrefs"]["BookCloseDate"] = "2026-01-31"
    books.update("Preferences", **preferences)
    customer = books.customer()
    sent = invoice_of(customer["Id"], TxnDate="2026-01-31")
    assert books.refused("Invoice", **sent)["code"] == "6210"
    books.invoice(customer["Id"], TxnDate="2026-02-01")


def test_amount_must_be_quantity_times_price(books: Books) -> None:
    sent: dict[str, Any] = invoice_of(books.customer()["Id"], "20.01")
    sent["Line"][0]["SalesItemLineDetail"].update(Qty=2, UnitPrice=10)
    assert books.refused("Invoice", **sent)["code"] == "6070"
    sent["Line"][0]["SalesItemLineDetail"].update(Qty=0, UnitPrice=0)
    books.create("Invoice", **sent)


def test_credit_memo_lowers_what_the_customer_owes(books: Books) -> None:
    customer = books.customer()
    books.invoice(customer["Id"], "100.00")
    memo = books.create("CreditMemo", **invoice_of(customer["Id"], "30.00"))
    assert memo["RemainingCredit"] == memo["Balance"] == 30
    assert books.read("Customer", customer["Id"])["Balance"] == 70
    void = books.post(
        "CreditMemo", {"Id": memo["Id"], "SyncToken": "0"}, operation="void"
    )
    assert fault_of(void)["code"] == "500"


def test_due_date_follows_the_terms(books: Books) -> None:
    terms = books.query("select * from Term where Name = 'Net 60'")["Term"]
    invoice = books.invoice(
        books.customer()["Id"],
        TxnDate="2026-11-22",
        SalesTermRef={"value": terms[0]["Id"]},
    )
    assert invoice["DueDate"] == "2027-01-21"
    assert invoice["SalesTermRef"]["name"] == "Net 60"


def test_group_holds_items_and_text_only(books: Books) -> None:
    """A discount inside of a group would be added to what is owed."""
    form = invoice_of(books.customer()["Id"], "50.00")
    text = {"DetailType": "DescriptionOnly", "Description": "as agreed", "Amount": 7}
    discount = {"DetailType": "DiscountLineDetail", "Amount": 5}
    for line, total in ((text, 50), (discount, None)):
        group = {"Line": [*form["Line"], line]}
        sent = {**form, "Line": [_group(group)]}
        answer = books.post("Invoice", sent)
        if total is None:
            assert fault_of(answer)["code"] == "6000"
        else:
            assert answer.json()["Invoice"]["TotalAmt"] == total


def _group(group: dict[str, Any]) -> dict[str, Any]:
    return {"DetailType": "GroupLineDetail", "GroupLineDetail": group}
