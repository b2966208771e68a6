"""The thread that delivers notifications, and tries again as Intuit does."""

from __future__ import annotations

import http.client
import sqlite3
import threading
import urllib.error
import urllib.request
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qbo_emulator.clock import microseconds, stamp_ms
from qbo_emulator.webhooks import events
from qbo_emulator.webhooks.endpoint import Endpoint

if TYPE_CHECKING:
    from qbo_emulator.state import Emulator

__all__ = ["RETRY_S", "Courier"]

#: Seconds to the next attempt after the first, second, ... failure; the last one is for
#: all that follow (WHBP, policy of February 2026).
RETRY_S = (10, 20, 30, 300, 1200, 7200, 14400, 21600)
#: An endpoint must answer 200 within this time (WHBP).
ANSWER_S = 3.0
_SECOND = 1_000_000
_HELD_BACK_S = 10
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class _Notification:
    """As faults see it."""

    entities: frozenset[str]
    operations: frozenset[str]
    method: str = "POST"
    path: str = "webhook"


class Courier:
    """Gathers events to notifications and posts them. Notifications do not wait for
    each other: their order is not guaranteed (WHBP)."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._due = threading.Event()
        self._thread: threading.Thread | None = None
        self.endpoint: Endpoint | None = None
        #: The newest attempts, for the control plane.
        self.attempts: deque[dict[str, Any]] = deque(maxlen=1000)

    def send_to(self, endpoint: Endpoint | None) -> None:
        """Deliver to this endpoint from now on."""
        self.endpoint = endpoint
        if endpoint is not None and self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        self.wake()

    def wake(self) -> None:
        """Look for what is due: something changed, or the clock was moved."""
        self._due.set()

    def stop(self) -> None:
        """Wait for the attempt that is under way; ``stopping`` must be set."""
        self.wake()
        if self._thread is not None:
            self._thread.join(2 * ANSWER_S)

    def waiting(self, connection: sqlite3.Connection) -> int:
        """Return how many events are not delivered yet."""
        row = connection.execute(
            "SELECT COUNT(*) FROM events LEFT JOIN notifications"
            " ON notifications.n = events.notification"
            " WHERE state IS NULL OR state = 'waiting'"
        ).fetchone()
        return int(row[0])

    def _run(self) -> None:
        while not self._emulator.stopping.is_set():
            self._due.wait(self._idle_s())
            self._due.clear()
            endpoint = self.endpoint  # a reset may take it away at any moment
            if self._emulator.stopping.is_set() or endpoint is None:
                continue
            self._gather(endpoint)
            for number in self._ready():
                self._attempt(endpoint, number)

    def _now(self) -> int:
        return microseconds(self._emulator.clock.now())

    def _idle_s(self) -> float | None:
        """Return the seconds until something is due by itself, None when nothing is."""
        endpoint = self.endpoint
        if endpoint is None:
            return None
        with self._emulator.store.transaction() as connection:
            gathered = connection.execute(
                "SELECT MIN(at) FROM events WHERE notification IS NULL"
            ).fetchone()[0]
            due = connection.execute(
                "SELECT MIN(due_at) FROM notifications WHERE state = 'waiting'"
            ).fetchone()[0]
        if gathered is not None:
            gathered += int(endpoint.delay_s * _SECOND)
        moments = [each for each in (gathered, due) if each is not None]
        return max(0.0, (min(moments) - self._now()) / _SECOND) if moments else None

    def _gather(self, endpoint: Endpoint) -> None:
        """Make one notification of all events whose time has come."""
        now = self._now()
        with self._emulator.store.transaction() as connection:
            rows = connection.execute(
                "SELECT * FROM events WHERE notification IS NULL AND at <= ?",
                (now - int(endpoint.delay_s * _SECOND),),
            ).fetchall()
            if not rows:
                return
            faults = self._emulator.faults.strike(
                _Notification(
                    frozenset(row["entity"].lower() for row in rows),
                    frozenset(row["operation"] for row in rows),
                )
            )
            kinds = {fault.kind: fault for fault in faults}
            held = kinds.get("webhook_disorder")
            held_s = float(held.options.get("seconds", _HELD_BACK_S)) if held else 0.0
            cursor = connection.execute(
                "INSERT INTO notifications (due_at, state, faults) VALUES (?, ?, ?)",
                (
                    now + int(held_s * _SECOND),
                    "lost" if "webhook_lost" in kinds else "waiting",
                    ",".join(kinds),
                ),
            )
            connection.execute(
                "UPDATE events SET notification = ? WHERE n BETWEEN ? AND ?"
                " AND notification IS NULL",
                (cursor.lastrowid, rows[0]["n"], rows[-1]["n"]),
            )

    def _ready(self) -> list[int]:
        with self._emulator.store.transaction() as connection:
            rows = connection.execute(
                "SELECT n FROM notifications WHERE state = 'waiting' AND due_at <= ?"
                " ORDER BY due_at, n",
                (self._now(),),
            ).fetchall()
        return [row["n"] for row in rows]

    def _attempt(self, endpoint: Endpoint, number: int) -> None:
        """Post a notification, outside of any transaction, and note how it went."""
        app, begun = self._emulator.app, self._now()
        with self._emulator.store.transaction() as connection:
            note = connection.execute(
                "SELECT * FROM notifications WHERE n = ?", (number,)
            ).fetchone()
            rows = connection.execute(
                "SELECT * FROM events WHERE notification = ? ORDER BY n", (number,)
            ).fetchall()
        if note is None or not rows:
            return  # the state was reset meanwhile
        faults = note["faults"].split(",") if note["attempts"] == 0 else []
        if "webhook_disorder" in note["faults"].split(","):
            rows.reverse()
        payload = events.body(rows, events.source_of(app.client_id))
        signature = events.signature(payload, app.verifier_token)
        if "webhook_forged" in faults:
            self._post(endpoint, number, payload, signature[::-1])
        status = self._post(endpoint, number, payload, signature)
        if "webhook_duplicate" in faults:
            self._post(endpoint, number, payload, signature)
        wait_s = RETRY_S[min(note["attempts"], len(RETRY_S) - 1)]
        with self._emulator.store.transaction() as connection:
            connection.execute(
                "UPDATE notifications SET attempts = attempts + 1, state = ?,"
                " due_at = ? WHERE n = ?",
                (
                    "delivered" if status == 200 else "waiting",
                    begun + wait_s * _SECOND,
                    number,
                ),
            )

    def _post(
        self, endpoint: Endpoint, number: int, payload: bytes, signature: str
    ) -> int:
        """Return the endpoint's status, 0 when there was no answer in time."""
        request = urllib.request.Request(
            endpoint.url,
            payload,
            {
                "Content-Type": endpoint.content_type,
                "intuit-signature": signature,
                "User-Agent": "intuit_notification_server/1.0",
            },
        )
        try:
            with _OPENER.open(request, timeout=ANSWER_S) as answer:
                status = int(answer.status)
        except urllib.error.HTTPError as problem:
            status = problem.code
        except (OSError, http.client.HTTPException):
            # refused, reset, too slow, no HTTP: all the same to the sender
            status = 0
        self.attempts.append(
            {
                "time": stamp_ms(self._emulator.clock.now()),
                "notification": number,
                "status": status,
                "body": payload.decode(),
            }
        )
        return status
