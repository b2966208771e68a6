"""Sending a batch: whatever goes wrong in the thread comes back as an outcome."""

from __future__ import annotations

import logging

import pytest
from service_billing_qbo.engine.judging import Verdict, is_of_content, judge_error
from service_billing_qbo.engine.outgoing import Batch, Call, DeliveryFault
from service_billing_qbo.engine.sending import courier, deliver
from service_billing_qbo.quickbooks import QuickBooksClient
from tests.quickbooks.company import Company


def call(export_id: int, b_id: str, payload: str) -> Call:
    return Call(export_id, b_id, "create", "Customer", payload)


@pytest.fixture
def client(company: Company) -> QuickBooksClient:
    return company.client


def test_fault_of_ours_is_an_uncertain_outcome_of_these_calls(
    client: QuickBooksClient, caplog: pytest.LogCaptureFixture
) -> None:
    batch = Batch("a" * 32, (call(1, "1", "{"), call(2, "2", "{}")))

    with caplog.at_level(logging.ERROR):
        outcome = deliver(client, batch)

    assert isinstance(outcome.error, DeliveryFault)
    assert judge_error(outcome.error).verdict is Verdict.CHECK
    assert outcome.client is client
    assert "Traceback" in caplog.text
    assert "[1, 2]" in caplog.text


def test_batch_that_fails_keeps_no_other_from_its_outcome(
    client: QuickBooksClient,
) -> None:
    good = Batch("b" * 32, (call(3, "", '{"DisplayName": "Pier 39"}'),))
    bad = Batch("c" * 32, (call(4, "", "no JSON"),))
    with courier(client, hands=2) as hands:
        hands.send(bad)
        hands.send(good)
        outcomes = []
        while hands.in_flight:
            outcomes += hands.outcomes()

    by_id = {outcome.batch.request_id[0]: outcome for outcome in outcomes}
    assert isinstance(by_id["c"].error, DeliveryFault)
    assert by_id["b"].error is None


def test_more_batches_than_hands_leave_no_hand_free(client: QuickBooksClient) -> None:
    """What is settled goes out at once, however many; no more is prepared for it."""
    with courier(client, hands=1) as hands:
        for letter in "de":
            hands.send(Batch(letter * 32, (call(5, "", "no JSON"),)))
        assert hands.free_hands == 0
        while hands.in_flight:
            list(hands.outcomes())


@pytest.mark.parametrize(
    ("code", "expected"), [("2010", True), ("4000", True), ("6190", False)]
)
def test_refusal_of_a_batch_concerns_its_content_or_the_company(
    company: Company, client: QuickBooksClient, code: str, expected: bool
) -> None:
    company.emulator.arm("refused", code=code, path="/batch")
    batch = Batch("f" * 32, (call(6, "1", "{}"), call(7, "2", "{}")))

    error = deliver(client, batch).error

    assert error is not None
    assert is_of_content(error) is expected
