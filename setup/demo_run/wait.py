"""Waiting for something outside, with a deadline: a client has no other signal."""

import time
from collections.abc import Callable
from typing import TypeVar

from demo_run.failure import DemoFailure

Found = TypeVar("Found")

POLL_S = 0.25


class TooLate(DemoFailure):
    """The deadline passed before what was waited for came."""


def until(
    question: Callable[[], Found], what: str, timeout_s: float, poll_s: float = POLL_S
) -> Found:
    """The first truthy answer of ``question``, which is asked every ``poll_s`` seconds.

    :raises TooLate: after ``timeout_s`` seconds without one
    """
    deadline = time.monotonic() + timeout_s
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise TooLate(f"after {timeout_s:.0f} s still waiting for {what}")
        time.sleep(poll_s)
    return answer
