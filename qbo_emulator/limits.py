"""Intuit's throttles, as sliding windows per realm (and app: there is one)."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime

from qbo_emulator import errors

__all__ = ["Limits"]


class _Window:
    """At most ``most`` calls in any ``seconds``."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._at: deque[float] = deque()

    def is_full(self, now: float) -> bool:
        while self._at and self._at[-1] > now:  # the clock was set back
            self._at.pop()
        while self._at and self._at[0] <= now - self._seconds:
            self._at.popleft()
        return len(self._at) >= self._most

    def add(self, now: float) -> None:
        self._at.append(now)


class _Realm:
    """The windows of one company: all apps together, and our app alone."""

    def __init__(self) -> None:
        self.calls = _Window(500, 60)
        self.calls_of_app = _Window(10, 1)
        self.batches = _Window(120, 60)
        self.batches_of_app = _Window(40, 60)

    def windows(self, *, is_batch: bool) -> tuple[_Window, ...]:
        """Return those that a call of our app must pass."""
        if is_batch:
            return self.calls, self.calls_of_app, self.batches, self.batches_of_app
        return self.calls, self.calls_of_app


class Limits:
    """Reference 3: 500 calls a minute of a realm, 10 a second of a realm and app; 40
    batches a minute of a realm and app, 120 of a realm."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._lock = threading.Lock()
        self._realms: dict[str, _Realm] = {}

    def check(self, realm_id: str, now: datetime, *, is_batch: bool) -> None:
        """Count a call. Raises ``GatewayFault`` 429 when a window is full."""
        if not self._enabled:
            return
        at = now.timestamp()
        with self._lock:
            realm = self._realms.setdefault(realm_id, _Realm())
            windows = realm.windows(is_batch=is_batch)
            if any(window.is_full(at) for window in windows):
                raise errors.GatewayFault(errors.THROTTLED)
            for window in windows:
                window.add(at)

    def use(self, realm_id: str, now: datetime, *, calls: int, batches: int) -> None:
        """Let other apps of a company make calls and batches: they fill its own
        windows."""
        with self._lock:
            realm = self._realms.setdefault(realm_id, _Realm())
            for _ in range(calls + batches):
                realm.calls.add(now.timestamp())
            for _ in range(batches):
                realm.batches.add(now.timestamp())
