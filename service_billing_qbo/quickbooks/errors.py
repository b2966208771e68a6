"""What can go wrong with QuickBooks. Raised low, decided by ``faults.classify_error``.

::

    QuickBooksError
     +-- NotSent                certainly not executed: nothing of the request left this
     machine
     |    +-- LimitReached      waiting for our own limiter would take longer than
     allowed
     |    |    +-- Paused       QuickBooks asked for a pause that lasts longer
     |    +-- InsecureAddress   plain http to another machine; a setting is wrong
     +-- AnswerLost             the request left, its answer did not arrive whole:
     uncertain for a write
     +-- Throttled              429: not executed, wait ``retry_after_s``
     +-- Unavailable            5xx or a gateway's page: uncertain for a write
     +-- AuthenticationFailed   401: the access token is not accepted; refresh once,
     repeat
     +-- NotAuthorized          403, 3100, 120: a person must connect again
     +-- GrantRefused           invalid_grant: the refresh token or code is dead;
     connect again
     +-- ClientRefused          invalid_client: the app's keys are wrong
     +-- Refused                QuickBooks said no and why: ``faults``
"""

from __future__ import annotations

from collections.abc import Sequence

from ._fault_shapes import Fault
from .redaction import redact

__all__ = [
    "AnswerLost",
    "AuthenticationFailed",
    "ClientRefused",
    "GrantRefused",
    "InsecureAddress",
    "LimitReached",
    "NotAuthorized",
    "NotSent",
    "Paused",
    "QuickBooksError",
    "Refused",
    "Throttled",
    "Unavailable",
]


class QuickBooksError(Exception):
    """Base of all errors of this package that concern a call.

    ``str()`` holds no secret and may be logged; ``reason`` is what people read.

    :param message: one sentence for people; secrets in it are masked.
    :param status: HTTP status, None when there was no answer.
    :param intuit_tid: Intuit's transaction id, to be quoted to its support.
    :param faults: why QuickBooks refused.
    :param is_write: the call would have changed something in QuickBooks.
    :param retry_after_s: seconds after which QuickBooks asks to come back, None when
        not said.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        intuit_tid: str | None = None,
        faults: Sequence[Fault] = (),
        is_write: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(redact(message))
        self.status = status
        self.intuit_tid = intuit_tid
        self.faults = tuple(faults)
        self.is_write = is_write
        self.retry_after_s = retry_after_s

    @property
    def reason(self) -> str:
        """Why, for people: what Intuit says without its codes, else the message."""
        texts = "; ".join(fault.text for fault in self.faults)
        return redact(texts) or str(self)


class NotSent(QuickBooksError):
    """No byte of the request left: refused, no such host, TLS. Safe to repeat."""


class LimitReached(NotSent):
    """Our limiter would have made the call wait longer than its caller allows."""


class Paused(LimitReached):
    """A 429 has closed the company to calls for longer than the caller waits."""


class InsecureAddress(NotSent):
    """Neither https nor on this machine: tokens would travel in clear."""


class AnswerLost(QuickBooksError):
    """The request left, but no whole answer came: time-out, reset, cut, unreadable."""


class Throttled(QuickBooksError):
    """Too many calls. Not executed; stay away for ``retry_after_s`` seconds."""


class Unavailable(QuickBooksError):
    """QuickBooks or a gateway failed; whether a write was executed is not known."""


class AuthenticationFailed(QuickBooksError):
    """The access token is expired, revoked or malformed."""


class NotAuthorized(QuickBooksError):
    """The app has no access: disconnected, other environment, user no administrator."""


class GrantRefused(QuickBooksError):
    """The refresh token or code is invalid, used or expired: never repeat."""


class ClientRefused(QuickBooksError):
    """Client id and secret do not fit together, or are of the other environment."""


class Refused(QuickBooksError):
    """QuickBooks answered with faults; nothing was changed."""
