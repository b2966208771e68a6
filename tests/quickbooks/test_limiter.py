"""Intuit's limits hold for any stretch of time, whoever calls and however often."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_billing_qbo.quickbooks import Limiter, LimitReached, Paused
from tests.quickbooks.company import Company

from qbo_emulator.testing import EmulatorProcess


class ManualClock:
    """Time that passes only when somebody waits or a test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.on_wait: Callable[[], None] = lambda: None

    def monotonic(self) -> float:
        return self.now_s

    def wait(self, condition: threading.Condition, timeout_s: float) -> None:
        before = self.now_s
        self.on_wait()
        # As a real clock does: never back, and the time-out counts from the start.
        self.now_s = max(self.now_s, before + timeout_s)


def starts_of(
    limiter: Limiter, clock: ManualClock, calls: int, batch: bool
) -> list[float]:
    """Moments at which so many calls in a row may start."""
    starts = []
    for _call in range(calls):
        limiter.acquire(batch=batch)
        starts.append(clock.now_s - 1000.0)
    return starts


def most_in(starts: list[float], length_s: float) -> int:
    """Largest number of starts in any window of this length, ends excluded."""
    return max(
        sum(start <= other < start + length_s for other in starts) for start in starts
    )


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def test_eleventh_call_starts_when_the_first_is_a_second_old(
    clock: ManualClock,
) -> None:
    limiter = Limiter(clock=clock, jitter_s=0.25)

    assert starts_of(limiter, clock, 11, batch=False) == [0.0] * 10 + [1.25]


def test_forty_first_batch_starts_when_the_first_is_a_minute_old(
    clock: ManualClock,
) -> None:
    limiter = Limiter(clock=clock, jitter_s=0.0)

    starts = starts_of(limiter, clock, 41, batch=True)

    assert starts[39] == 3.0
    assert starts[40] == 60.0


def test_batches_do_not_hold_up_other_calls(clock: ManualClock) -> None:
    limiter = Limiter(clock=clock)
    starts_of(limiter, clock, 40, batch=True)
    clock.now_s += 2

    assert limiter.delay(batch=True) > 50
    assert limiter.delay() == 0


def test_margin_leaves_a_share_unused(clock: ManualClock) -> None:
    limiter = Limiter(clock=clock, margin=0.1, jitter_s=0.0)

    assert starts_of(limiter, clock, 10, batch=False)[8:] == [0.0, 1.0]


def test_margin_never_closes_the_limit_altogether(clock: ManualClock) -> None:
    limiter = Limiter(clock=clock, margin=0.99, jitter_s=0.0)

    assert starts_of(limiter, clock, 2, batch=False) == [0.0, 1.0]


@pytest.mark.parametrize("margin", [-0.1, 1.0])
def test_margin_must_be_a_share(margin: float) -> None:
    with pytest.raises(ValueError, match="margin"):
        Limiter(margin=margin)


@given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.floats(0, 30, allow_nan=False),
            st.sampled_from([0.0, 0.0, 0.0, 5.0, 61.0]),
        ),
        min_size=1,
        max_size=150,
    )
)
def test_no_window_ever_holds_more_than_its_limit(
    script: list[tuple[bool, float, float]],
) -> None:
    clock = ManualClock()
    limiter = Limiter(30, 4, 8, jitter_s=0.25, clock=clock)
    calls: list[float] = []
    batches: list[float] = []

    for batch, idle_s, pause_s in script:
        clock.now_s += idle_s
        if pause_s:
            limiter.pause(pause_s)
        allowed_at = clock.now_s + limiter.delay(batch)
        limiter.acquire(batch)
        assert clock.now_s == pytest.approx(allowed_at), "not later than allowed either"
        calls.append(clock.now_s)
        if batch:
            batches.append(clock.now_s)

    assert most_in(calls, 60.2) <= 30
    assert most_in(calls, 1.2) <= 4
    assert not batches or most_in(batches, 60.2) <= 8


def test_pause_holds_up_the_next_call(clock: ManualClock) -> None:
    limiter = Limiter(clock=clock)

    limiter.pause(60)

    assert limiter.delay() == 60
    assert starts_of(limiter, clock, 1, batch=False) == [60.0]


def test_shorter_pause_does_not_shorten_a_longer_one(clock: ManualClock) -> None:
    limiter = Limiter(clock=clock)

    limiter.pause(60)
    limiter.pause(1)

    assert limiter.delay() == 60


def test_pause_holds_up_a_call_that_waits_already(clock: ManualClock) -> None:
    """A 429 comes while other threads wait for their turn."""
    limiter = Limiter(1, 1, 1, jitter_s=0.0, clock=clock)
    limiter.acquire()
    pauses = iter([120.0])

    def meanwhile() -> None:
        for seconds in pauses:
            limiter.pause(seconds)

    clock.on_wait = meanwhile
    limiter.acquire()

    assert clock.now_s - 1000.0 == 120.0


def test_call_that_would_wait_too_long_is_refused_and_not_counted(
    clock: ManualClock,
) -> None:
    limiter = Limiter(1, 10, 1, jitter_s=0.0, clock=clock)
    limiter.acquire()

    with pytest.raises(LimitReached, match="in 60 seconds") as caught:
        limiter.acquire(max_wait_s=59)

    assert caught.value.retry_after_s == 60
    assert clock.now_s == 1000.0, "it is refused at once"
    limiter.acquire(max_wait_s=60)
    assert clock.now_s == 1060.0


def test_long_pause_is_told_at_once_a_short_one_is_waited_for(
    clock: ManualClock,
) -> None:
    """Whose call comes after a 429 has better things to do than to wait a minute."""
    limiter = Limiter(clock=clock)
    limiter.pause(60)

    with pytest.raises(Paused, match="in 60 seconds") as caught:
        limiter.acquire(batch=True, max_pause_s=5)

    assert caught.value.retry_after_s == 60
    assert clock.now_s == 1000.0, "it is told at once"
    clock.now_s += 55
    limiter.acquire(batch=True, max_pause_s=5)
    assert clock.now_s == 1060.0


def test_full_window_is_waited_for_however_short_a_pause_may_be(
    clock: ManualClock,
) -> None:
    """Waiting for the limits is how they are used to the full."""
    limiter = Limiter(1, 1, 1, jitter_s=0.0, clock=clock)
    limiter.acquire(max_pause_s=5)
    limiter.acquire(max_pause_s=5)

    assert clock.now_s == 1060.0


def test_pause_ends_the_wait_of_a_call_that_waits_already(clock: ManualClock) -> None:
    limiter = Limiter(1, 1, 1, jitter_s=0.0, clock=clock)
    limiter.acquire()
    clock.on_wait = lambda: limiter.pause(120.0)

    with pytest.raises(Paused):
        limiter.acquire(max_pause_s=5)


def test_memory_goes_over_to_another_process(clock: ManualClock) -> None:
    """Another node takes over the realm: Intuit still counts the calls of the first."""
    first = Limiter(clock=clock, jitter_s=0.0)
    starts_of(first, clock, 40, batch=True)
    first.pause(7)
    elsewhere = ManualClock()
    elsewhere.now_s = 5.0
    second = Limiter(clock=elsewhere, jitter_s=0.0)

    second.restore(first.snapshot(now_s=1_700_000_000.0), now_s=1_700_000_010.0)

    assert second.delay(batch=True) == pytest.approx(60 - 3 - 10)
    assert second.delay() == 0
    second.restore(first.snapshot(now_s=1_700_000_000.0), now_s=1_700_000_001.0)
    assert second.delay() == pytest.approx(6)


def test_nothing_remembered_is_nothing_to_wait_for(clock: ManualClock) -> None:
    limiter = Limiter(clock=clock)
    limiter.pause(5)

    limiter.restore({}, now_s=0.0)

    assert limiter.delay() == 0


def test_threads_together_keep_the_limit() -> None:
    """On the machine's own clock: 8 calls of 4 threads, 5 a second."""
    limiter = Limiter(1000, 5, 1000, jitter_s=0.0)

    def start(_call: int) -> float:
        limiter.acquire()
        return time.monotonic()

    with ThreadPoolExecutor(4) as pool:
        starts = sorted(pool.map(start, range(8)))

    assert starts[5] - starts[0] > 0.99
    assert starts[7] - starts[0] < 1.5, "a waiting thread wakes when its time has come"


def test_calls_cannot_arrive_further_apart_than_they_left() -> None:
    with pytest.raises(ValueError, match="jitter"):
        Limiter(jitter_s=-1)


def test_limits_of_intuit_are_never_met() -> None:
    """Four threads as fast as they may; the emulator throttles as Intuit does."""
    with EmulatorProcess("us", limits="intuit") as emulator:
        company = Company(emulator)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(company.customer, map(str, range(25))))

        assert emulator.stats()["throttled"] == 0
        assert emulator.stats()["created"]["Customer"] == 25
