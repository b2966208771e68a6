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

    def __init__(self, kept_characters: int = KEPT_CHARACTERS) -> None:
        self._bound = kept_characters
        #: Number and size of each request whose bodies are kept; None: to be read.
        self._sizes: deque[tuple[int, int]] | None = None
        self._kept = 0

    def look_again(self) -> None:
        """What the state holds is another one now: it was reset or restored."""
        self._sizes = None

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
    ) -> int:
        """Add one request; return its number. Bodies of API calls hold no secrets,
        those of OAuth are redacted."""
        sizes = self._known_sizes(connection)
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
        n = int(cursor.lastrowid or 0)
        sizes.append((n, len(body) + len(answer)))
        self._kept += len(body) + len(answer)
        while self._kept > self._bound and len(sizes) > 1:
            old, old_size = sizes.popleft()
            self._kept -= old_size
            connection.execute(
                "UPDATE request_log SET body = NULL, answer = NULL WHERE n = ?", (old,)
            )
        return n

    def _known_sizes(self, connection: sqlite3.Connection) -> deque[tuple[int, int]]:
        """Return them as they are; of an earlier process's log as the state has
        them."""
        if self._sizes is None:
            rows = connection.execute(
                "SELECT n, LENGTH(body) + LENGTH(answer) FROM request_log"
                " WHERE body IS NOT NULL ORDER BY n"
            )
            self._sizes = deque((row[0], row[1]) for row in rows)
            self._kept = sum(size for _n, size in self._sizes)
        return self._sizes


def shown(row: sqlite3.Row) -> Document:
    """Return one logged request as the control plane gives it."""
    return {
        **dict(row),
        "headers": loads(row["headers"]),
        "metered": bool(row["metered"]),
    }
