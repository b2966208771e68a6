"""One HTTP request, read whole, so that the connection can go on after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from werkzeug.wrappers import Request

from qbo_emulator.api.call import Call
from qbo_emulator.entities.registry import ENTITIES
from qbo_emulator.jsontext import JsonError, loads

__all__ = ["Exchange"]

_API = "/v3/company/"
_ENTITY_NAMES = {name.lower() for name in ENTITIES}


@dataclass(frozen=True)
class Exchange:
    """Method, path, query, headers (names in lower case) and body of a request."""

    method: str
    path: str
    query: str
    args: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def read(cls, request: Request) -> Exchange:
        """Read the body to its end, also a chunked one."""
        body = request.get_data(cache=True, parse_form_data=False)
        return cls(
            request.method,
            request.path,
            request.query_string.decode("utf-8", "replace"),
            request.args.to_dict(),
            request.form.to_dict(),
            {name.lower(): value for name, value in request.headers.items()},
            body,
        )

    @property
    def is_api(self) -> bool:
        """True for ``/v3/company/<realm>/...``."""
        return self.path.startswith(_API)

    @cached_property
    def call(self) -> Call:
        """The API call in it (only for API paths)."""
        realm_id, _, rest = self.path[len(_API) :].partition("/")
        segments = tuple(segment for segment in rest.split("/") if segment)
        return Call(
            self.method,
            realm_id,
            segments,
            self.args,
            self.body,
            self.headers.get("content-type", ""),
        )

    @property
    def wants_json(self) -> bool:
        """True when the client names JSON; without that QuickBooks answers in XML."""
        return "json" in self.headers.get("accept", "").lower()

    @cached_property
    def batch_items(self) -> int:
        """How many items a batch has, 0 for any other call."""
        return len(self._batch())

    @cached_property
    def entities(self) -> frozenset[str]:
        """The entities that the call touches, in lower case: of the path or of a
        batch."""
        if not self.is_api:
            return frozenset()
        if self.call.resource == "batch":
            names = {name.lower() for item in self._batch() for name in item}
            return frozenset(names & _ENTITY_NAMES)
        return frozenset({self.call.resource})

    def _batch(self) -> list[dict[str, object]]:
        if not self.is_api or self.call.resource != "batch":
            return []
        try:
            items = loads(self.body).get("BatchItemRequest", [])
        except (JsonError, UnicodeDecodeError, AttributeError):
            return []
        return (
            [item for item in items if isinstance(item, dict)]
            if isinstance(items, list)
            else []
        )
