"""python-quickbooks, unmodified: sales forms, payments, attachments, batches, CDC."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import requests
from quickbooks import QuickBooks
from quickbooks.batch import batch_create, batch_delete, batch_update
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import (
    AuthorizationException,
    ObjectNotFoundException,
    QuickbooksException,
)
from quickbooks.objects import (
    Attachable,
    CreditMemo,
    Customer,
    EmailAddress,
    Invoice,
    Item,
    Payment,
    Ref,
)
from quickbooks.objects.base import AttachableRef
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail
from quickbooks.objects.payment import PaymentLine

from qbo_emulator.testing import EmulatorProcess

from .target import unique


@pytest.fixture
def customer(qb: QuickBooks) -> Customer:
    customer = Customer()
    customer.DisplayName = unique("Contract")
    return customer.save(qb=qb)


def filled(form: Any, customer: Customer, qb: QuickBooks, amount: int = 100) -> Any:
    """Give a sales form its customer and one untaxed line."""
    line, detail = SalesItemLine(), SalesItemLineDetail()
    detail.ItemRef = Item.filter(Type="Service", max_results=1, qb=qb)[0].to_ref()
    detail.TaxCodeRef = Ref()
    detail.TaxCodeRef.value = "NON"
    line.Amount, line.SalesItemLineDetail = amount, detail
    form.CustomerRef, form.Line = customer.to_ref(), [line]
    return form


def payment_of(customer: Customer, *forms: Any, total: int) -> Payment:
    payment = Payment()
    payment.CustomerRef, payment.TotalAmt = customer.to_ref(), total
    for form in forms:
        line = PaymentLine()
        line.Amount, line.LinkedTxn = form.TotalAmt, [form.to_linked_txn()]
        payment.Line.append(line)
    return payment


@pytest.fixture
def invoice(qb: QuickBooks, customer: Customer) -> Invoice:
    return filled(Invoice(), customer, qb).save(qb=qb)


def test_invoice_is_created_read_found_and_updated(
    qb: QuickBooks, customer: Customer
) -> None:
    number = unique("I").replace(" ", "-")
    draft = filled(Invoice(), customer, qb)
    draft.DocNumber = number
    invoice = draft.save(qb=qb)
    assert invoice.TotalAmt == invoice.Balance == 100
    read = Invoice.get(invoice.Id, qb=qb)
    assert read.Line[0].SalesItemLineDetail.ItemRef.value
    (found,) = Invoice.filter(DocNumber=number, qb=qb)
    assert found.Id == invoice.Id
    assert Invoice.count(f"DocNumber = '{number}'", qb=qb) == 1
    read.PrivateNote = "checked"
    changed = read.save(qb=qb)
    assert (changed.SyncToken, changed.PrivateNote) == ("1", "checked")
    assert changed.TotalAmt == 100


def test_invoice_is_voided_and_deleted(qb: QuickBooks, invoice: Invoice) -> None:
    invoice.void(qb=qb)
    voided = Invoice.get(invoice.Id, qb=qb)
    assert voided.TotalAmt == voided.Balance == 0
    assert voided.PrivateNote.startswith("Voided")
    gone = voided.delete(qb=qb)
    assert gone["Invoice"]["status"] == "Deleted"
    with pytest.raises(ObjectNotFoundException):
        Invoice.get(invoice.Id, qb=qb)


def test_invoice_comes_as_pdf(qb: QuickBooks, invoice: Invoice) -> None:
    assert invoice.download_pdf(qb=qb).startswith(b"%PDF-")


def test_invoice_is_sent(qb: QuickBooks, customer: Customer) -> None:
    draft = filled(Invoice(), customer, qb)
    draft.BillEmail = EmailAddress()
    draft.BillEmail.Address = "bills@example.com"
    invoice = draft.save(qb=qb)
    invoice.send(qb=qb)
    sent = Invoice.get(invoice.Id, qb=qb)
    assert sent.email_sent
    assert sent.DeliveryInfo.DeliveryType == "Email"
    invoice.send(qb=qb, send_to="other+1@example.com")


def test_credit_memo_is_created_updated_and_deleted(
    qb: QuickBooks, customer: Customer
) -> None:
    memo = filled(CreditMemo(), customer, qb, 40).save(qb=qb)
    assert memo.RemainingCredit == 40
    read = CreditMemo.get(memo.Id, qb=qb)
    read.PrivateNote = "goodwill"
    assert read.save(qb=qb).PrivateNote == "goodwill"
    assert CreditMemo.choose([memo.Id], qb=qb)[0].TotalAmt == 40
    CreditMemo.get(memo.Id, qb=qb).delete(qb=qb)
    with pytest.raises(ObjectNotFoundException):
        CreditMemo.get(memo.Id, qb=qb)


def test_payment_pays_is_changed_voided_and_deleted(
    qb: QuickBooks, customer: Customer, invoice: Invoice
) -> None:
    payment = payment_of(customer, invoice, total=100).save(qb=qb)
    assert payment.UnappliedAmt == 0
    assert Invoice.get(invoice.Id, qb=qb).Balance == 0
    payment = Payment.get(payment.Id, qb=qb)
    payment.PrivateNote = "by wire"
    payment = payment.save(qb=qb)
    assert payment.PrivateNote == "by wire"
    assert Payment.filter(CustomerRef=customer.Id, qb=qb)[0].Id == payment.Id
    payment.void(qb=qb)
    assert Payment.get(payment.Id, qb=qb).TotalAmt == 0
    assert Invoice.get(invoice.Id, qb=qb).Balance == 100
    Payment.get(payment.Id, qb=qb).delete(qb=qb)
    with pytest.raises(ObjectNotFoundException):
        Payment.get(payment.Id, qb=qb)


def test_payment_of_nothing_applies_a_credit_memo(
    qb: QuickBooks, customer: Customer, invoice: Invoice
) -> None:
    memo = filled(CreditMemo(), customer, qb, 100).save(qb=qb)
    payment_of(customer, invoice, memo, total=0).save(qb=qb)
    assert Invoice.get(invoice.Id, qb=qb).Balance == 0
    assert CreditMemo.get(memo.Id, qb=qb).RemainingCredit == 0


def test_batch_creates_updates_and_deletes(qb: QuickBooks, customer: Customer) -> None:
    drafts = [filled(Invoice(), customer, qb, amount) for amount in (10, 20, 30)]
    made = batch_create(drafts, qb=qb)
    assert sorted(each.TotalAmt for each in made.successes) == [10, 20, 30]
    for each in made.successes:
        each.PrivateNote = "in a batch"
    changed = batch_update(made.successes, qb=qb)
    assert {each.PrivateNote for each in changed.successes} == {"in a batch"}
    assert len(batch_delete(changed.successes, qb=qb).successes) == 3


def test_batch_tells_the_fault_of_each_item(qb: QuickBooks) -> None:
    good, bad = Customer(), Customer()
    good.DisplayName, bad.DisplayName = unique("Good"), "a:b"
    answer = batch_create([good, bad], qb=qb)
    assert [each.DisplayName for each in answer.successes] == [good.DisplayName]
    (fault,) = answer.faults
    assert fault.original_object is bad
    assert fault.Error[0].code == "2040"


def test_change_data_capture_tells_what_changed_and_what_is_gone(
    qb: QuickBooks, customer: Customer, invoice: Invoice
) -> None:
    gone = filled(Invoice(), customer, qb).save(qb=qb)
    gone.delete(qb=qb)
    since = datetime.now(timezone.utc) - timedelta(hours=1)
    changes = change_data_capture([Invoice, Customer], since.isoformat(), qb=qb)
    states = {each.Id: getattr(each, "status", None) for each in changes.Invoice}
    assert states[invoice.Id] is None
    assert states[gone.Id] == "Deleted"
    assert customer.Id in {each.Id for each in changes.Customer}


@pytest.mark.parametrize("way", ["path", "bytes"])
def test_file_is_attached_to_an_invoice(
    qb: QuickBooks, invoice: Invoice, tmp_path: Path, way: str
) -> None:
    content = b"signed by Ana\n" * 50
    attachment, link = Attachable(), AttachableRef()
    link.EntityRef, link.IncludeOnSend = invoice.to_ref(), True
    attachment.AttachableRef = [link]
    attachment.FileName, attachment.ContentType = "signed.txt", "text/plain"
    if way == "path":
        file = tmp_path / "signed.txt"
        file.write_bytes(content)
        attachment._FilePath = str(file)
    else:
        attachment._FileBytes = content
    saved = attachment.save(qb=qb)
    read = Attachable.get(saved.Id, qb=qb)
    assert read.AttachableRef[0].EntityRef.value == invoice.Id
    assert requests.get(read.TempDownloadUri, timeout=20).content == content
    read.Note = "counter-signed"
    assert read.save(qb=qb).Note == "counter-signed"
    Attachable.get(saved.Id, qb=qb).delete(qb=qb)
    with pytest.raises(ObjectNotFoundException):
        Attachable.get(saved.Id, qb=qb)


def test_note_is_attached_without_a_file(qb: QuickBooks, customer: Customer) -> None:
    note, link = Attachable(), AttachableRef()
    link.EntityRef = customer.to_ref()
    note.AttachableRef, note.Note = [link], "asks for paper invoices"
    assert Attachable.get(note.save(qb=qb).Id, qb=qb).Note == note.Note


def test_same_request_id_makes_one_invoice(qb: QuickBooks, customer: Customer) -> None:
    request_id = unique("I").replace(" ", "-")
    first, again = (
        filled(Invoice(), customer, qb).save(qb=qb, request_id=request_id)
        for _ in range(2)
    )
    assert first.Id == again.Id
    assert Invoice.count(f"CustomerRef = '{customer.Id}'", qb=qb) == 1


def test_refused_form_tells_code_and_detail(qb: QuickBooks, customer: Customer) -> None:
    invoice = filled(Invoice(), customer, qb)
    invoice.Line[0].SalesItemLineDetail.ItemRef.value = "99999999"
    with pytest.raises(QuickbooksException) as refused:
        invoice.save(qb=qb)
    assert refused.value.error_code == 2500
    assert "99999999" in refused.value.detail


@pytest.mark.needs_emulator
def test_lapsed_token_is_an_authorization_error(
    emulator: EmulatorProcess, qb: QuickBooks
) -> None:
    emulator.expire_tokens("access")
    with pytest.raises(AuthorizationException):
        Customer.all(qb=qb)
    qb.auth_client.refresh()
    qb._start_session()
    assert Customer.all(qb=qb)
