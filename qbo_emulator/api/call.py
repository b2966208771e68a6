"""One call of the API, as the rules see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qbo_emulator import errors
from qbo_emulator.jsontext import Document, JsonError, loads

__all__ = ["Call"]


@dataclass(frozen=True)
class Call:
    """What came in. ``path`` are the segments after the realm; ``args`` the query's."""

    method: str
    realm_id: str
    path: tuple[str, ...]
    args: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str = ""

    @property
    def resource(self) -> str:
        """The first segment, in lower case: the entity or the endpoint."""
        return self.path[0].lower() if self.path else ""

    @property
    def request_id(self) -> str:
        """The idempotency key, "" without one."""
        return self.args.get("requestid", "")

    @property
    def include(self) -> frozenset[str]:
        """The words of the ``include`` parameter."""
        return frozenset(
            word.strip().lower() for word in self.args.get("include", "").split(",")
        )

    def document(self) -> Document:
        """Return the JSON object of the body. Raises Fault 2010, 500 for broken
        UTF-8."""
        if "xml" in self.content_type.lower():
            raise errors.UNSUPPORTED_PROPERTY.fault(
                "This emulator reads JSON only, though QuickBooks takes XML as well."
            )
        try:
            value = loads(self.body)
        except UnicodeDecodeError:
            raise errors.UNSUPPORTED_OPERATION.fault("Unsupported Operation") from None
        except JsonError:
            value = None
        if not isinstance(value, dict):
            raise errors.UNSUPPORTED_PROPERTY.fault(
                "Property Name:failed to parse json object; a property specified is"
                " unsupported or invalid"
            )
        return value
