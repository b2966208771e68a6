"""``GET <transaction>/<id>/pdf``: a plain page with the document's figures.

Written by hand: one page, one built-in font (PDF 1.4, sections 3.4 and 5.2).
"""

from __future__ import annotations

from qbo_emulator.api.content import Content
from qbo_emulator.book import Book
from qbo_emulator.entities.entity import Entity
from qbo_emulator.jsontext import Document

__all__ = ["pdf"]

_LINES_OF_A_PAGE = 48


def pdf(book: Book, entity: Entity, shown: Document) -> Content:
    """Return the PDF of a transaction as clients read it."""
    text = _text(book, entity, shown)
    return Content(_document(text[:_LINES_OF_A_PAGE]), "application/pdf")


def _text(book: Book, entity: Entity, shown: Document) -> list[str]:
    lines = [
        str(book.company.get("CompanyName", "")),
        f"{entity.name} {shown.get('DocNumber', shown['Id'])}",
        f"Date {shown.get('TxnDate', '')}   Due {shown.get('DueDate', '')}",
        str(shown.get("CustomerRef", {}).get("name", "")),
        "",
    ]
    for line in shown.get("Line", []):
        lines.append(f"{line.get('Description', '')}   {line.get('Amount', '')}")
    tax = shown.get("TxnTaxDetail", {}).get("TotalTax")
    return [*lines, "", f"Tax {tax}", f"Total {shown.get('TotalAmt')}"]


def _document(lines: list[str]) -> bytes:
    """Return a PDF file: its objects, and a table of where each begins."""
    shown = b"".join(b"(%s) Tj T*\n" % _escaped(line) for line in lines)
    page = b"BT /F1 11 Tf 50 790 Td 15 TL\n%sET" % shown
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
        b" /Encoding /WinAnsiEncoding >>",
    )
    file, starts = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        starts.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return (
        file
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
        + b"startxref\n%d\n%%%%EOF\n" % len(file)
    )


def _escaped(text: str) -> bytes:
    raw = text.encode("cp1252", "replace")
    for special in (b"\\", b"(", b")"):
        raw = raw.replace(special, b"\\" + special)
    return raw.replace(b"\r", b" ").replace(b"\n", b" ")
