"""The decision about an error, in one place: nobody else looks at its type."""

from __future__ import annotations

from ._fault_codes import Classification, Outcome, classify
from .errors import (
    AnswerLost,
    AuthenticationFailed,
    ClientRefused,
    GrantRefused,
    InsecureAddress,
    NotAuthorized,
    NotSent,
    QuickBooksError,
    Refused,
    Throttled,
    Unavailable,
)

__all__ = ["classify_error"]

_BY_TYPE: dict[type[QuickBooksError], Classification] = {
    InsecureAddress: Classification(Outcome.PERSON, "connection"),
    NotSent: Classification(Outcome.TRANSIENT, "connection"),
    AnswerLost: Classification(Outcome.UNCERTAIN, "connection"),
    Throttled: Classification(Outcome.TRANSIENT, "connection"),
    Unavailable: Classification(Outcome.UNCERTAIN, "connection"),
    AuthenticationFailed: Classification(Outcome.REFRESH, "connection"),
    NotAuthorized: Classification(Outcome.RECONNECT, "connection"),
    GrantRefused: Classification(Outcome.RECONNECT, "connection"),
    ClientRefused: Classification(Outcome.PERSON, "connection"),
}


def classify_error(error: QuickBooksError) -> Classification:
    """Decide about any error of this package.

    A lost answer or a broken gateway is uncertain for a write and merely transient for
    a read. A refusal is decided by its first fault, since Intuit puts the cause first.
    """
    if isinstance(error, Refused) and error.faults:
        decided = classify(error.faults[0])
    else:
        known = (kind for kind in type(error).__mro__ if kind in _BY_TYPE)
        found = next(known, None)
        decided = (
            _BY_TYPE[found] if found else Classification(Outcome.PERSON, "unknown")
        )
    if decided.outcome is Outcome.UNCERTAIN and not error.is_write:
        return Classification(Outcome.TRANSIENT, decided.problem_kind)
    return decided
