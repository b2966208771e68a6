"""Where an app wants its notifications."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from qbo_emulator.jsontext import dumps, loads
from qbo_emulator.loopback import is_loopback

__all__ = ["Endpoint"]

#: Events are gathered for a day at most.
_LONGEST_S = 86_400


@dataclass(frozen=True)
class Endpoint:
    """``delay_s``: how long events are gathered before they go out together.

    Intuit's notifications come as ``application/cloudevents+json``; a framework that
    takes nothing but application/json loses them (PROMPT webhooks-migration).
    """

    url: str
    delay_s: float | Decimal = 0
    content_type: str = "application/cloudevents+json"

    @classmethod
    def read(cls, asked: dict[str, Any]) -> Endpoint:
        """Read ``{"url", "delay_s"?, "content_type"?}``. Raises ``ValueError``,
        ``TypeError``."""
        endpoint = cls(**asked)
        if not isinstance(endpoint.url, str) or not is_loopback(endpoint.url):
            raise ValueError("url must be on this machine")
        delay_s, content_type = endpoint.delay_s, endpoint.content_type
        is_number = isinstance(delay_s, (int, Decimal)) and not isinstance(
            delay_s, bool
        )
        if not is_number or not 0 <= delay_s <= _LONGEST_S:
            raise ValueError(f"delay_s is a number from 0 to {_LONGEST_S}")
        if not isinstance(content_type, str) or not content_type.isprintable():
            raise ValueError("content_type is text")
        return endpoint

    @classmethod
    def load(cls, connection: sqlite3.Connection) -> Endpoint | None:
        """Return the one of this state, or None."""
        row = connection.execute(
            "SELECT value FROM meta WHERE key = 'webhook'"
        ).fetchone()
        return None if row is None else cls(**loads(row["value"]))

    def save(self, connection: sqlite3.Connection) -> None:
        """Keep it with the state: there is one for an app."""
        connection.execute(
            "INSERT OR REPLACE INTO meta (key, value) VALUES ('webhook', ?)",
            (dumps(asdict(self)),),
        )

    @staticmethod
    def forget(connection: sqlite3.Connection) -> None:
        """There is none any more, and nothing waits for it."""
        connection.execute("DELETE FROM meta WHERE key = 'webhook'")
        connection.execute("DELETE FROM events")
        connection.execute("DELETE FROM notifications")
