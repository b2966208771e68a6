"""How much is kept of what no rule needs any more: a state that runs for weeks stays
as large as its books."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from qbo_emulator.clock import microseconds
from qbo_emulator.jsontext import dumps, loads

__all__ = ["EVERY", "FORGOTTEN", "Retention", "calls_so_far"]

#: Requests between two looks at what is too much.
EVERY = 256
_DAY = 86_400_000_000
#: Where the counts of calls are that the log has no more.
FORGOTTEN = "forgotten_calls"
#: What ``stats`` counts in the log, of calls of the API.
_COUNTED = (
    "SELECT COUNT(*) AS calls, COALESCE(SUM(metered), 0) AS metered,"
    " COALESCE(SUM(status = 429), 0) AS throttled FROM request_log"
    " WHERE path LIKE '/v3/%'"
)


@dataclass(frozen=True)
class Retention:
    """The newest so many of each kind; of tokens those that somebody may still send,
    and ``token_days`` more."""

    requests: int = 100_000
    replays: int = 250_000
    notifications: int = 10_000
    events: int = 100_000
    token_days: int = 1

    def prune(self, connection: sqlite3.Connection, now: datetime) -> None:
        """Forget what is beyond the bounds, inside the request's transaction."""
        self._requests(connection)
        connection.execute(
            "DELETE FROM replays WHERE rowid <= (SELECT MAX(rowid) FROM replays) - ?",
            (self.replays,),
        )
        self._tokens(connection, microseconds(now))
        self._notifications(connection)

    def _requests(self, connection: sqlite3.Connection) -> None:
        """The log forgets; the counters of :func:`calls_so_far` do not."""
        last = connection.execute("SELECT MAX(n) FROM request_log").fetchone()[0]
        if last is None:
            return
        bound = (last - self.requests,)
        row = connection.execute(f"{_COUNTED} AND n <= ?", bound).fetchone()
        connection.execute("DELETE FROM request_log WHERE n <= ?", bound)
        if not row["calls"]:
            return
        known = _forgotten(connection)
        counts = {name: known[name] + row[name] for name in known}
        connection.execute(
            "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
            (FORGOTTEN, dumps(counts)),
        )

    def _tokens(self, connection: sqlite3.Connection, now: int) -> None:
        """A token that lapsed long ago is unknown; so is a consent without tokens."""
        connection.execute(
            "DELETE FROM tokens WHERE expires_at < ?", (now - self.token_days * _DAY,)
        )
        connection.execute(
            "DELETE FROM grants WHERE id NOT IN (SELECT grant_id FROM tokens)"
        )

    def _notifications(self, connection: sqlite3.Connection) -> None:
        """What was delivered, and what waits for an endpoint that never answers."""
        connection.execute(
            "DELETE FROM notifications WHERE state != 'waiting'"
            " AND n <= (SELECT MAX(n) FROM notifications) - ?",
            (self.notifications,),
        )
        connection.execute(
            "DELETE FROM events WHERE n <= (SELECT MAX(n) FROM events) - ?"
            # not yet gathered: NULL is in no list, not even in an empty one
            " OR (notification IS NOT NULL"
            " AND notification NOT IN (SELECT n FROM notifications))",
            (self.events,),
        )
        connection.execute(
            "DELETE FROM notifications WHERE n NOT IN"
            " (SELECT notification FROM events WHERE notification IS NOT NULL)"
        )


def _forgotten(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the counts of calls that the log has no more: calls, metered,
    throttled."""
    row = connection.execute(
        "SELECT value FROM meta WHERE key = ?", (FORGOTTEN,)
    ).fetchone()
    known = loads(row["value"]) if row else {}
    return {name: int(known.get(name, 0)) for name in ("calls", "metered", "throttled")}


def calls_so_far(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many calls of the API there were since the state began."""
    logged = connection.execute(_COUNTED).fetchone()
    before = _forgotten(connection)
    return {name: before[name] + logged[name] for name in before}
