"""Named points at which a fault run may kill this process.

Without the environment variable nothing happens. With
``SERVICE_BILLING_QBO_FAULT_POINT=sent:3`` the process ends with SIGKILL, as by
a power cut, the third time that point is reached.
"""

import os
import signal
import threading
from collections import Counter

from ..quickbooks.transport import Request

__all__ = ["POINTS", "VARIABLE", "reached", "sent"]

VARIABLE = "SERVICE_BILLING_QBO_FAULT_POINT"
POINTS = ("before_send", "sent", "answer_read", "before_commit", "after_commit")

_hits: Counter[str] = Counter()
_lock = threading.Lock()


def reached(point: str) -> None:
    """Say that ``point`` was reached; end here when the fault run wants so."""
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return
    name, _separator, nth = wanted.partition(":")
    if name != point:
        return
    with _lock:
        _hits[point] += 1
        hit = _hits[point]
    if hit == int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)


def sent(request: Request) -> None:
    """Say that a request has left as a whole and nothing came back yet."""
    if request.is_write:
        reached("sent")
