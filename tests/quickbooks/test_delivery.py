"""Sending a batch: whatever goes wrong in the thread comes back as an outcome."""

from __future__ import annotations

import logging

import pytest
from service_billing_qbo.engine.judging import Verdict, judge_error
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
