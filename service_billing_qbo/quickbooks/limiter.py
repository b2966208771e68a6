"""Intuit's limits are kept here, so that they are never met as a 429.

Source: developer.intuit.com, "Limits and throttles": per realm 500 calls a minute, per
realm and app 10 calls a second and 40 batch calls a minute.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Protocol

from .errors import LimitReached, Paused

__all__ = ["Clock", "Limiter", "SystemClock"]


class Clock(Protocol):
    """Time and waiting; tests give their own."""

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""

    def wait(self, condition: threading.Condition, timeout_s: float) -> None:
        """Release ``condition`` until it is notified or the time is over."""


class SystemClock:
    """The machine's own clock."""

    def monotonic(self) -> float:
        """See ``time.monotonic``."""
        return time.monotonic()

    def wait(self, condition: threading.Condition, timeout_s: float) -> None:
        """See ``threading.Condition.wait``."""
        condition.wait(timeout_s)


class _Window:
    """At most ``limit`` starts within any ``length_s`` seconds."""

    def __init__(self, limit: int, length_s: float) -> None:
        self.limit = limit
        self.length_s = length_s
        self.starts: deque[float] = deque(maxlen=limit)

    def free_at(self) -> float:
        """Moment from which one more start fits: when the oldest counted one leaves."""
        if len(self.starts) < self.limit:
            return float("-inf")
        return self.starts[0] + self.length_s


class Limiter:
    """Sliding windows for one realm, shared by all threads that call it.

    A window holds for any stretch of time, not for calendar minutes, and is a little
    longer than Intuit's: Intuit counts arrivals, and two calls that left a window apart
    may arrive closer.

    :param calls_per_minute: calls of any kind in 60 seconds.
    :param calls_per_second: calls of any kind in 1 second.
    :param batches_per_minute: batch calls in 60 seconds.
    :param margin: share of each limit left unused, 0 <= margin < 1 (others may use the
        same realm).
    :param jitter_s: how much closer calls may arrive than they left, in seconds.
    :param clock: time and waiting.
    """

    def __init__(
        self,
        calls_per_minute: int = 500,
        calls_per_second: int = 10,
        batches_per_minute: int = 40,
        margin: float = 0.0,
        jitter_s: float = 0.25,
        clock: Clock | None = None,
    ) -> None:
        if not 0 <= margin < 1:
            raise ValueError("margin must be at least 0 and less than 1")
        if jitter_s < 0:
            raise ValueError("jitter_s must not be negative")

        def window(limit: int, length_s: float) -> _Window:
            return _Window(max(1, int(limit * (1 - margin))), length_s + jitter_s)

        self.margin = margin
        self._minute = window(calls_per_minute, 60)
        self._second = window(calls_per_second, 1)
        self._batch_minute = window(batches_per_minute, 60)
        self._paused_until = float("-inf")
        self._clock = clock or SystemClock()
        self._changed = threading.Condition()

    def acquire(
        self,
        batch: bool = False,
        max_wait_s: float | None = None,
        max_pause_s: float | None = None,
    ) -> None:
        """Wait until one more call may start, and count it.

        :param batch: the call is a batch call.
        :param max_wait_s: give up at once when the wait would be longer; None waits as
            long as it takes.
        :param max_pause_s: give up as soon as a pause lasts longer, also one that
            begins during the wait; the windows are waited for all the same.
        :raises LimitReached: see ``max_wait_s``; nothing is counted.
        :raises Paused: see ``max_pause_s``; nothing is counted.
        """
        with self._changed:
            give_up_at = (
                None if max_wait_s is None else self._clock.monotonic() + max_wait_s
            )
            while True:
                now = self._clock.monotonic()
                free_at = self._free_at(batch)
                if free_at <= now:
                    break
                pause_s = self._paused_until - now
                if max_pause_s is not None and pause_s > max_pause_s:
                    raise Paused(
                        "QuickBooks asked for a pause; the next call may start in "
                        f"{pause_s:.0f} seconds.",
                        retry_after_s=pause_s,
                    )
                if give_up_at is not None and free_at > give_up_at:
                    raise LimitReached(
                        "Too many calls to QuickBooks for now; the next may start in "
                        f"{free_at - now:.0f} seconds.",
                        retry_after_s=free_at - now,
                    )
                self._clock.wait(self._changed, free_at - now)
            for window in self._windows(batch):
                window.starts.append(now)

    def pause(self, seconds: float) -> None:
        """Let no call start for ``seconds`` seconds, those that wait already included.

        For an answer 429: Intuit's advice is 60 seconds.
        """
        with self._changed:
            self._paused_until = max(
                self._paused_until, self._clock.monotonic() + seconds
            )
            self._changed.notify_all()

    def delay(self, batch: bool = False) -> float:
        """Seconds until a call could start, 0.0 when it could now."""
        with self._changed:
            return max(0.0, self._free_at(batch) - self._clock.monotonic())

    def snapshot(self, now_s: float) -> dict[str, list[float]]:
        """What the limiter remembers, for another process to go on with.

        :param now_s: the present as seconds of a clock that both processes share
            (``time.time()``).
        :return: lists of such seconds, fit for JSON as text or for pickling.
        """
        with self._changed:
            shift = now_s - self._clock.monotonic()
            paused = (
                [self._paused_until + shift]
                if self._paused_until > float("-inf")
                else []
            )
            return {
                "calls": [start + shift for start in self._minute.starts],
                "batches": [start + shift for start in self._batch_minute.starts],
                "paused_until": paused,
            }

    def restore(self, snapshot: Mapping[str, Sequence[float]], now_s: float) -> None:
        """Take over a ``snapshot`` of another process, instead of the own memory."""
        with self._changed:
            shift = self._clock.monotonic() - now_s
            calls = sorted(start + shift for start in snapshot.get("calls", ()))
            batches = sorted(start + shift for start in snapshot.get("batches", ()))
            for window, starts in (
                (self._minute, calls),
                (self._second, calls),
                (self._batch_minute, batches),
            ):
                window.starts.clear()
                window.starts.extend(starts)
            paused = [until + shift for until in snapshot.get("paused_until", ())]
            self._paused_until = max(paused, default=float("-inf"))
            self._changed.notify_all()

    def _windows(self, batch: bool) -> tuple[_Window, ...]:
        always = (self._minute, self._second)
        return (*always, self._batch_minute) if batch else always

    def _free_at(self, batch: bool) -> float:
        return max(
            self._paused_until, *(window.free_at() for window in self._windows(batch))
        )
