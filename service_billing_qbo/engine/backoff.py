"""When a failed attempt is made again.

Exponential, so that a long outage costs few calls, and with jitter, so that
rows which failed together do not come back together.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["FAULT", "REALM", "ROW", "BackOff"]


@dataclass(frozen=True)
class BackOff:
    """Delays that double from ``first_s`` to ``longest_s``."""

    first_s: float
    longest_s: float

    def delay_s(
        self, failure_count: int, chance: Callable[[], float] = random.random
    ) -> float:
        """Seconds until the next attempt after ``failure_count`` failures.

        :param failure_count: how often it failed in a row, from 1
        :param chance: a number from 0 to 1; the delay is between half of the
            full one and the full one
        """
        if failure_count < 1:
            raise ValueError("there is no delay before the first failure")
        # The exponent is bounded: 2 ** 10000 would be a very long number.
        full_s = min(self.longest_s, self.first_s * 2 ** min(failure_count - 1, 32))
        return full_s * (0.5 + chance() / 2)


#: One document that QuickBooks could not take for a passing reason.
ROW = BackOff(first_s=10, longest_s=3600)
#: A whole QuickBooks company that could not be reached. Short: it is asked by one cheap
#: call, and people wait for what they posted.
REALM = BackOff(first_s=5, longest_s=60)
#: A QuickBooks company whose pass failed by a fault of ours: each costs a traceback.
FAULT = BackOff(first_s=10, longest_s=600)
