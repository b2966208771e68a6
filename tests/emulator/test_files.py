"""What is no JSON: PDFs, mails, uploads and downloads, payment links."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import requests

from qbo_emulator.testing import EmulatorProcess

from .conftest import Books, fault_of, invoice_of


def upload(books: Books, content: bytes, **metadata: Any) -> dict[str, Any]:
    """Upload one file; return its entry of AttachableResponse."""
    metadata_part = ("", json.dumps(metadata), "application/json")
    files = {
        "file_metadata_01": metadata_part,
        "file_content_01": ("note.txt", content, "text/plain"),
    }
    answer = books.call("POST", "upload", files=files)
    assert answer.status_code == 200, answer.text
    (entry,) = answer.json()["AttachableResponse"]
    return dict(entry)


def linked_to(invoice: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"EntityRef": {"type": "Invoice", "value": invoice["Id"]}}]


def test_pdf_of_an_invoice(books: Books) -> None:
    sent = invoice_of(books.customer("Müller (Söhne)")["Id"], "100.00", DocNumber="7")
    invoice = books.create("Invoice", **sent)
    accept = {"Accept": "application/pdf"}
    answer = books.call("GET", f"invoice/{invoice['Id']}/pdf", headers=accept)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["intuit_tid"]
    assert answer.content.startswith(b"%PDF-1.4")
    assert b"Invoice 7" in answer.content
    assert "M\\xfcller" in repr(answer.content)
    table = int(answer.content.split(b"startxref\n")[1].split(b"\n")[0])
    assert answer.content[table:].startswith(b"xref")


def test_no_pdf_of_what_is_not_there(books: Books) -> None:
    assert fault_of(books.call("GET", "invoice/999/pdf"))["code"] == "610"
    assert fault_of(books.call("GET", "customer/1/pdf"))["code"] == "500"


def test_sent_invoice_says_so(books: Books) -> None:
    invoice = books.invoice(
        books.customer()["Id"], BillEmail={"Address": "a@example.com"}
    )
    octets = {"Content-Type": "application/octet-stream"}
    answer = books.call("POST", f"invoice/{invoice['Id']}/send", headers=octets)
    sent = answer.json()["Invoice"]
    assert sent["EmailStatus"] == "EmailSent"
    assert sent["DeliveryInfo"]["DeliveryType"] == "Email"
    assert sent["DeliveryInfo"]["DeliveryTime"]
    other = {"sendTo": "b@example.com"}
    answer = books.call("POST", f"invoice/{invoice['Id']}/send", params=other)
    assert answer.json()["Invoice"]["BillEmail"]["Address"] == "b@example.com"


def test_invoice_that_cannot_be_sent(books: Books) -> None:
    path = f"invoice/{books.invoice(books.customer()['Id'])['Id']}/send"
    assert fault_of(books.call("POST", path))["code"] == "6420"
    wrong = books.call("POST", path, params={"sendTo": "nobody"})
    assert fault_of(wrong)["code"] == "2210"
    assert fault_of(books.call("POST", "customer/1/send"))["code"] == "500"


def test_sandbox_sends_forty_mails_a_day(emulator: EmulatorProcess, app) -> None:
    books = app.connect()
    path = f"invoice/{books.invoice(books.customer()['Id'])['Id']}/send"
    to = {"sendTo": "a@example.com"}
    statuses = [books.call("POST", path, params=to).status_code for _ in range(41)]
    assert statuses == [200] * 40 + [400]
    emulator.advance_clock(24 * 3600)
    assert app.connect().call("POST", path, params=to).status_code == 200


def test_file_goes_up_and_comes_back(emulator: EmulatorProcess, books: Books) -> None:
    invoice = books.invoice(books.customer()["Id"])
    content = bytes(range(256))
    entry = upload(books, content, Note="Signed", AttachableRef=linked_to(invoice))
    attached = entry["Attachable"]
    assert attached["FileName"] == "note.txt"
    assert attached["Size"] == 256
    assert attached["AttachableRef"] == linked_to(invoice)
    answer = books.call("GET", f"download/{attached['Id']}")
    assert answer.headers["Content-Type"].startswith("text/plain")
    # the address needs no token, and lapses after a quarter of an hour
    got = requests.get(answer.text, timeout=10)
    assert got.content == content
    assert got.headers["Content-Type"].startswith("text/plain")
    assert requests.get(answer.text.replace("=", "=0"), timeout=10).status_code == 403
    emulator.advance_clock(15 * 60 + 1)
    assert requests.get(answer.text, timeout=10).status_code == 403


def test_attachments_of_a_document_are_found(books: Books) -> None:
    invoice = books.invoice(books.customer()["Id"])
    attached = upload(books, b"x", AttachableRef=linked_to(invoice))["Attachable"]
    upload(books, b"y")
    statement = (
        "select * from Attachable where AttachableRef.EntityRef.Type = 'Invoice'"
        f" and AttachableRef.EntityRef.value = '{invoice['Id']}'"
    )
    (found,) = books.query(statement)["Attachable"]
    assert found["Id"] == attached["Id"]
    assert requests.get(found["TempDownloadUri"], timeout=10).content == b"x"


def test_files_stand_alone(books: Books) -> None:
    """One file's fault is in the answer's list, with status 200, beside the others."""
    wrong = {"AttachableRef": linked_to({"Id": "999"})}
    files = {
        "file_metadata_01": ("", json.dumps(wrong), "application/json"),
        "file_content_01": ("a.txt", b"a", "text/plain"),
        "file_content_02": ("b.txt", io.BytesIO(b"b"), "text/plain"),
    }
    answer = books.call("POST", "upload", files=files).json()["AttachableResponse"]
    assert answer[0]["Fault"]["Error"][0]["code"] == "2500"
    assert answer[1]["Attachable"]["FileName"] == "b.txt"


def test_upload_in_base64_as_python_quickbooks_writes_it(books: Books) -> None:
    parts = [
        "--X",
        'Content-Disposition: form-data; name="file_metadata_01"',
        "Content-Type: application/json",
        "",
        '{"FileName": "a.txt"}',
        "--X",
        'Content-Disposition: form-data; name="file_content_01"; filename="a.txt"',
        "Content-Type: text/plain",
        "Content-Transfer-Encoding: base64",
        "",
        base64.b64encode(b"plain text").decode(),
        "--X--",
        "",
    ]
    answer = books.call(
        "POST",
        "upload",
        data="\r\n".join(parts),
        headers={"Content-Type": "multipart/form-data; boundary=X"},
    )
    attached = answer.json()["AttachableResponse"][0]["Attachable"]
    assert attached["Size"] == len(b"plain text")


def test_upload_without_a_file(books: Books) -> None:
    assert fault_of(books.call("POST", "upload", data=b"x"))["code"] == "2020"


def test_note_without_a_file(books: Books) -> None:
    note = books.create("Attachable", Note="Call them back")
    assert fault_of(books.call("GET", f"download/{note['Id']}"))["code"] == "610"
    assert books.refused("Attachable", Category="Image")["code"] == "2020"
    sent = {"Id": note["Id"], "SyncToken": note["SyncToken"]}
    gone = books.post("Attachable", sent, operation="delete").json()["Attachable"]
    assert gone["status"] == "Deleted"


def test_payment_link_is_shown_where_it_is_asked_for(books: Books) -> None:
    books.prefer("SalesFormsPrefs", ETransactionPaymentEnabled=True)
    customer_id = books.customer()["Id"]
    payable = {
        "BillEmail": {"Address": "a@example.com"},
        "AllowOnlineCreditCardPayment": True,
    }
    sent = invoice_of(customer_id, **payable)
    invoice = books.post("Invoice", sent, include="invoiceLink").json()["Invoice"]
    assert invoice["InvoiceLink"].startswith(books.base_url)
    path = f"invoice/{invoice['Id']}"
    assert "InvoiceLink" not in books.call("GET", path).json()["Invoice"]
    shown = books.call("GET", path, params={"include": "invoiceLink"})
    assert shown.json()["Invoice"]["InvoiceLink"] == invoice["InvoiceLink"]
    plain = books.post("Invoice", invoice_of(customer_id), include="invoiceLink")
    assert "InvoiceLink" not in plain.json()["Invoice"]
