"""Files of Attachables: uploaded in multipart, downloaded by a temporary address."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from qbo_emulator import errors, operations
from qbo_emulator.api.answers import fault_body
from qbo_emulator.api.call import Call
from qbo_emulator.api.content import Content
from qbo_emulator.api.multipart import Part, parts_of
from qbo_emulator.book import Book
from qbo_emulator.jsontext import Document, JsonError, loads
from qbo_emulator.present import present
from qbo_emulator.store import savepoint
from qbo_emulator.temporary_urls import is_good, temporary_url

__all__ = ["download", "file_of", "upload"]

#: A request with more is refused (ABO attachable.md).
MAX_BYTES = 100_000_000
_METADATA, _CONTENT = "file_metadata_", "file_content_"


def upload(book: Book, call: Call) -> Document:
    """Return ``{"AttachableResponse": [...]}``: an Attachable or a Fault for each file.

    Raises 2020 for a body without files, 6000 for more than 100 MB.
    """
    if len(call.body) > MAX_BYTES:
        raise errors.BUSINESS.fault(
            f"Business Validation Error: A request takes at most {MAX_BYTES} bytes."
        )
    metadata, files = _parts(call)
    if not files:
        raise errors.REQUIRED.fault(
            "Required parameter file_content_01 is missing in the request",
            "file_content_01",
        )
    return {
        "AttachableResponse": [
            _keep(book, metadata.get(number, ""), file)
            for number, file in sorted(files.items())
        ]
    }


def download(book: Book, id_: str) -> Content:
    """Return the temporary address of a file, as text. Raises 610."""
    doc = operations.read(book, book.entities["Attachable"], id_)
    if "FileAccessUri" not in doc:
        raise errors.NOT_FOUND.fault("Object Not Found : The note has no file.")
    return Content(temporary_url(book, id_).encode(), "text/plain;charset=UTF-8")


def file_of(book: Book, id_: str, args: Mapping[str, str]) -> Content | None:
    """Return the file of a temporary address, None when the address is not good."""
    if not is_good(book, id_, args):
        return None
    row = book.connection.execute(
        "SELECT content_type, content FROM files WHERE realm_id = ? AND id = ?",
        (book.realm_id, id_),
    ).fetchone()
    return None if row is None else Content(row["content"], row["content_type"])


def _parts(call: Call) -> tuple[dict[str, str], dict[str, Part]]:
    """Return metadata and files by the number at the end of their parts' names."""
    metadata, contents = {}, {}
    for part in parts_of(call.content_type, call.body):
        if part.name.startswith(_METADATA):
            number = part.name[len(_METADATA) :]
            metadata[number] = part.content.decode("utf-8", "replace")
        elif part.name.startswith(_CONTENT):
            contents[part.name[len(_CONTENT) :]] = part
    return metadata, contents


def _keep(book: Book, metadata: str, file: Part) -> Document:
    entity = book.entities["Attachable"]
    try:
        with savepoint(book.connection):
            content = _decoded(file)
            sent = {"FileName": file.filename or "file", **_members(metadata)}
            doc = operations.create(book, entity, sent)
            doc["ContentType"] = doc.get("ContentType") or file.mimetype
            doc["Size"] = len(content)
            doc["FileAccessUri"] = f"/v3/company/{book.realm_id}/download/{doc['Id']}"
            book.adjust(entity, doc)
            book.connection.execute(
                "INSERT INTO files (realm_id, id, content_type, content)"
                " VALUES (?, ?, ?, ?)",
                (book.realm_id, doc["Id"], doc["ContentType"], content),
            )
            return {entity.name: present(book, entity, doc)}
    except errors.Fault as fault:
        return fault_body(fault)


def _members(metadata: str) -> dict[str, Any]:
    try:
        value = loads(metadata) if metadata.strip() else {}
    except JsonError:
        value = None
    if not isinstance(value, dict):
        raise errors.UNSUPPORTED_PROPERTY.fault(
            "Property Name:failed to parse json object; a property specified is"
            " unsupported or invalid",
            "file_metadata_01",
        )
    return value


def _decoded(file: Part) -> bytes:
    """Return the file's bytes; python-quickbooks sends them in base64."""
    content = bytes(file.content)
    if file.headers.get("Content-Transfer-Encoding", "").lower() != "base64":
        return content
    try:
        return base64.b64decode(content)
    except binascii.Error:
        raise errors.INVALID_STRING.fault(
            "Invalid String : the content is not base64.", "file_content_01"
        ) from None
