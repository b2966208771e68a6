"""One HTTP request, read whole, so that the connection can go on after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from werkzeug.wrappers import Request

from qbo_emulator.api.call import Call
from qbo_emulator.entities.registry import ENTITIES
from qbo_emulator.jsontext import Document, JsonError, loads

__all__ = ["Exchange"]

_API = "/v3/company/"
#: First segments that name no entity but say what the call does.
_ENDPOINTS = frozenset({"query", "cdc", "upload", "download", "taxservice"})
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
        return len(self._batch)

    @cached_property
    def entities(self) -> frozenset[str]:
        """The entities that the call touches, in lower case: of the path or of a
        batch."""
        if not self.is_api:
            return frozenset()
        if self.call.resource == "batch":
            names = {name.lower() for item in self._batch for name in item}
            return frozenset(names & _ENTITY_NAMES)
        return frozenset({self.call.resource})

    @cached_property
    def operations(self) -> frozenset[str]:
        """What the call does: create, update, delete, void, read, query, cdc, ..."""
        if not self.is_api:
            return frozenset()
        call = self.call
        if call.resource == "batch":
            return frozenset(
                "query" if "Query" in item else str(item.get("operation", "")).lower()
                for item in self._batch
            )
        if call.resource in _ENDPOINTS:
            return frozenset({call.resource})
        if call.method == "GET":
            return frozenset({"read"})
        if len(call.path) > 1:
            return frozenset({call.path[-1].lower()})
        named = call.args.get("operation", "").lower()
        if "void" in call.include:
            named = "void"
        return frozenset(
            {named or ("update" if self._document.get("Id") else "create")}
        )

    @cached_property
    def changed(self) -> list[tuple[str, str]]:
        """Entity and Id of the documents that the call wants to change."""
        if self.call.resource != "batch":
            names = [name for name in ENTITIES if name.lower() == self.call.resource]
            wanted = [(name, self._document) for name in names]
        else:
            wanted = [
                (name, value)
                for item in self._batch
                for name, value in item.items()
                if name in ENTITIES and isinstance(value, dict)
            ]
        return [(name, str(doc["Id"])) for name, doc in wanted if doc.get("Id")]

    @cached_property
    def _document(self) -> Document:
        """The JSON object of the body; an empty one where there is none."""
        try:
            value = loads(self.body)
        except (JsonError, UnicodeDecodeError):
            return {}
        return value if isinstance(value, dict) else {}

    @cached_property
    def _batch(self) -> list[Document]:
        if not self.is_api or self.call.resource != "batch":
            return []
        items = self._document.get("BatchItemRequest", [])
        if not isinstance(items, list):
            return []
        return [item for item in items if isinstance(item, dict)]
