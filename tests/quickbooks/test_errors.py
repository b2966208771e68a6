"""Each error has one decision, and none shows a secret."""

from __future__ import annotations

import re

import pytest
from service_billing_qbo.quickbooks import (
    AnswerLost,
    AuthenticationFailed,
    Classification,
    ClientRefused,
    Fault,
    GrantRefused,
    InsecureAddress,
    LimitReached,
    NotAuthorized,
    NotSent,
    Outcome,
    Paused,
    QuickBooksError,
    Refused,
    Throttled,
    Unavailable,
    classify_error,
    errors,
)

ALL = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, QuickBooksError)
]

DECISIONS = {
    NotSent: (Outcome.TRANSIENT, Outcome.TRANSIENT),
    LimitReached: (Outcome.TRANSIENT, Outcome.TRANSIENT),
    Paused: (Outcome.TRANSIENT, Outcome.TRANSIENT),
    InsecureAddress: (Outcome.PERSON, Outcome.PERSON),
    AnswerLost: (Outcome.TRANSIENT, Outcome.UNCERTAIN),
    Throttled: (Outcome.TRANSIENT, Outcome.TRANSIENT),
    Unavailable: (Outcome.TRANSIENT, Outcome.UNCERTAIN),
    AuthenticationFailed: (Outcome.REFRESH, Outcome.REFRESH),
    NotAuthorized: (Outcome.RECONNECT, Outcome.RECONNECT),
    GrantRefused: (Outcome.RECONNECT, Outcome.RECONNECT),
    ClientRefused: (Outcome.PERSON, Outcome.PERSON),
    Refused: (Outcome.PERSON, Outcome.PERSON),
    QuickBooksError: (Outcome.PERSON, Outcome.PERSON),
}


def test_every_error_has_a_decision() -> None:
    assert set(DECISIONS) == set(ALL)


@pytest.mark.parametrize("kind", ALL)
def test_decision_for_a_read_and_for_a_write(kind: type[QuickBooksError]) -> None:
    read, write = DECISIONS[kind]

    assert classify_error(kind("x")).outcome is read
    assert classify_error(kind("x", is_write=True)).outcome is write


def test_refusal_is_decided_by_its_first_fault() -> None:
    error = Refused("x", faults=[Fault("6140"), Fault("2010")], is_write=True)

    assert classify_error(error) == Classification(Outcome.LOOK_UP, "number")


def test_refusal_that_is_uncertain_is_transient_for_a_read() -> None:
    assert classify_error(Refused("x", faults=[Fault("10000")])).outcome is (
        Outcome.TRANSIENT
    )


def test_tree_in_the_docstring_names_every_error() -> None:
    tree = errors.__doc__ or ""
    drawn = re.findall(r"^ *(?:[|+ -]*\+-- )?([A-Z]\w+)(?: |$)", tree, re.MULTILINE)

    assert {kind.__name__ for kind in ALL} <= set(drawn)


def test_error_carries_what_support_asks_for() -> None:
    fault = Fault("6000")
    error = Refused("No", status=400, intuit_tid="1-abc", faults=[fault], is_write=True)

    assert str(error) == "No"
    assert (error.status, error.intuit_tid, error.faults) == (400, "1-abc", (fault,))
    assert (error.is_write, error.retry_after_s) == (True, None)


def test_text_of_an_error_hides_a_token() -> None:
    error = Refused("Token expired: AB11732481723vYxh3SJ1MWQZrz5Lgm2gpUOQ")

    assert str(error) == "Token expired: [hidden]"
