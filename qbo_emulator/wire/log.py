"""The log of requests, kept with the state, without secrets."""

from __future__ import annotations

import re
import sqlite3
from collections import deque
from collections.abc import Mapping

from qbo_emulator.clock import Clock, stamp_ms
from qbo_emulator.jsontext import Document, dumps, loads

__all__ = ["RequestLog", "redact"]

#: Bodies and answers of the newest requests are kept up to this many characters
#: together.
KEPT_CHARACTERS = 64_000_000
_SECRET = re.compile(
    r"""(?P<name>
        \b(?:access_token|refresh_token|id_token|token|code|client_secret|assertion)
        "?\s*[=:]\s*"?)
        (?P<value>[^"&\s,}]+)""",
    re.VERBOSE,
)
_HIDDEN_HEADERS = frozenset({"authorization", "cookie"})


def redact(text: str) -> str:
    """Return the text with tokens, codes and secrets replaced."""
    return _SECRET.sub(lambda match: match["name"] + "***", text)


class RequestLog:
    """Writes each request in the transaction that answered it."""

    def __init__(self) -> None:
        self._sizes: deque[tuple[int, int]] = deque()
        self._kept = 0

    def write(
        self,
        connection: sqlite3.Connection,
        clock: Clock,
        *,
        realm_id: str | None,
        method: str,
        path: str,
        query: str,
        request_id: str | None,
        status: int,
        body: str,
        answer: str,
        headers: Mapping[str, str],
        metered: bool,
        fault: str | None,
    ) -> None:
        """Add one request; bodies of API calls hold no secrets, those of OAuth are
        redacted."""
        if not path.startswith("/v3/"):
            body, answer, query = redact(body), redact(answer), redact(query)
        shown = {
            name: "***" if name.lower() in _HIDDEN_HEADERS else value
            for name, value in headers.items()
        }
        cursor = connection.execute(
            "INSERT INTO request_log (time, realm_id, method, path, query, requestid,"
            " status,"
            " body, answer, headers, metered, fault) VALUES (?, ?, ?, ?, ?, ?, ?, ?,"
            " ?, ?, ?, ?)",
            (
                stamp_ms(clock.now()),
                realm_id,
                method,
                path,
                query,
                request_id,
                status,
                body,
                answer,
                dumps(shown),
                int(metered),
                fault,
            ),
        )
        self._forget_old_bodies(
            connection, int(cursor.lastrowid or 0), len(body) + len(answer)
        )

    def _forget_old_bodies(
        self, connection: sqlite3.Connection, n: int, size: int
    ) -> None:
        self._sizes.append((n, size))
        self._kept += size
        while self._kept > KEPT_CHARACTERS and len(self._sizes) > 1:
            old, old_size = self._sizes.popleft()
            self._kept -= old_size
            connection.execute(
                "UPDATE request_log SET body = NULL, answer = NULL WHERE n = ?", (old,)
            )


def shown(row: sqlite3.Row) -> Document:
    """Return one logged request as the control plane gives it."""
    return {
        **dict(row),
        "headers": loads(row["headers"]),
        "metered": bool(row["metered"]),
    }
