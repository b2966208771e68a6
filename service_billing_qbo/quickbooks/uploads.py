"""A file and what it belongs to, in the form in which QuickBooks takes uploads.

Source: developer.intuit.com, "Attachable" (parts ``file_metadata_01`` and
``file_content_01``; the answer is a list with one Attachable or Fault for each file).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

from . import jsonmoney
from ._fault_shapes import faults_in
from .errors import AnswerLost, Refused

__all__ = ["attachable_in", "multipart"]

_JSON = "application/json"


def multipart(
    metadata: Mapping[str, Any], file_name: str, content: bytes, mime_type: str
) -> tuple[bytes, str]:
    """Return the body of an upload of one file, and its content type.

    :param metadata: the Attachable without its file
    """
    parts = [
        _part("file_metadata_01", "metadata.json", jsonmoney.dumps(metadata), _JSON),
        _part("file_content_01", file_name, content, mime_type),
    ]
    return encode_multipart_formdata(parts)


def _part(name: str, file_name: str, data: str | bytes, mime_type: str) -> RequestField:
    part = RequestField(name=name, data=data, filename=file_name)
    part.make_multipart(content_type=mime_type)
    return part


def attachable_in(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the Attachable of an answer to an upload of one file.

    :raises Refused: QuickBooks did not take the file
    :raises AnswerLost: the answer says neither
    """
    items = content.get("AttachableResponse")
    first = items[0] if isinstance(items, list) and items else {}
    if faults := faults_in(first):
        text = "; ".join(str(fault) for fault in faults)
        raise Refused(
            f"QuickBooks refused: {text}",
            status=200,
            faults=faults,
            is_write=True,
        )
    attachable = first.get("Attachable")
    if not isinstance(attachable, dict):
        raise AnswerLost(
            "The answer of QuickBooks has no Attachable.", status=200, is_write=True
        )
    return attachable
