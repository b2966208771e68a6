"""An answer of the API that is no JSON: a PDF, an address in plain text."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Content"]


@dataclass(frozen=True)
class Content:
    """Bytes and what they are."""

    body: bytes
    content_type: str
