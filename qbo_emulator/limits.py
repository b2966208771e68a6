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
        while self._at and self._at[0] <= now - self._seconds:
            self._at.popleft()
        return len(self._at) >= self._most

    def add(self, now: float) -> None:
        self._at.append(now)


class Limits:
    """500 calls a minute and 10 a second per realm, 40 batches a minute (reference
    3)."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._lock = threading.Lock()
        self._calls: dict[str, tuple[_Window, _Window]] = {}
        self._batches: dict[str, tuple[_Window, ...]] = {}

    def check(self, realm_id: str, now: datetime, *, is_batch: bool) -> None:
        """Count a call. Raises ``GatewayFault`` 429 when a window is full."""
        if not self._enabled:
            return
        at = now.timestamp()
        with self._lock:
            windows: tuple[_Window, ...] = self._calls.setdefault(
                realm_id, (_Window(500, 60), _Window(10, 1))
            )
            if is_batch:
                windows += self._batches.setdefault(
                    realm_id, (_Window(40, 60), _Window(120, 60))
                )
            if any(window.is_full(at) for window in windows):
                raise errors.GatewayFault(errors.THROTTLED)
            for window in windows:
                window.add(at)
