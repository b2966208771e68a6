"""An answer on its way out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.wrappers import Response

from qbo_emulator.wire.server import Sever

__all__ = ["JSON", "Answer", "intuit_tid"]

JSON = "application/json;charset=UTF-8"


@dataclass(frozen=True)
class Answer:
    """Status, text and headers; ``sever`` when the client shall not get (all of) it."""

    status: int
    body: str | bytes = ""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    sever: Sever | None = None

    def response(self) -> Response:
        """Return it as werkzeug sends it."""
        response = Response(self.body, self.status, content_type=self.content_type)
        response.headers.update(dict(self.headers))
        return response


def intuit_tid() -> str:
    """Return a transaction id in Intuit's present form."""
    return f"1-{uuid.uuid4().hex[:8]}-{uuid.uuid4().hex[:24]}"
