"""The parts of a multipart body, a part without a file name too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from werkzeug.datastructures import Headers
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

__all__ = ["Part", "parts_of"]


@dataclass
class Part:
    """One part; ``filename`` is None where it names none, as python-quickbooks does."""

    name: str
    filename: str | None
    headers: Headers
    content: bytearray = field(default_factory=bytearray)

    @property
    def mimetype(self) -> str:
        """Its Content-Type without parameters, ``""`` where it has none."""
        return parse_options_header(self.headers.get("Content-Type", ""))[0]


def parts_of(content_type: str, body: bytes) -> Iterator[Part]:
    """Yield the parts of a ``multipart/form-data`` body; none of any other body."""
    mimetype, options = parse_options_header(content_type)
    if mimetype != "multipart/form-data" or "boundary" not in options:
        return
    decoder = MultipartDecoder(options["boundary"].encode())
    decoder.receive_data(body)
    decoder.receive_data(None)
    part: Part | None = None
    try:
        while not isinstance(event := decoder.next_event(), Epilogue):
            if isinstance(event, (Field, File)):
                filename = event.filename if isinstance(event, File) else None
                part = Part(event.name, filename, event.headers)
            elif isinstance(event, Data) and part is not None:
                part.content += event.data
                if not event.more_data:
                    yield part
    except ValueError:  # the body ends in the middle: what was whole counts
        return
