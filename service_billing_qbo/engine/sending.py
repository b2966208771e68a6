"""Sending batches, several at a time, from threads that know nothing of Odoo."""

import logging
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from ..quickbooks import jsonmoney
from ..quickbooks.batch import BatchAnswer, BatchItem
from ..quickbooks.client import QuickBooksClient
from ..quickbooks.errors import QuickBooksError, Refused
from . import fault_points
from .outgoing import Batch, Call, DeliveryFault, Outcome

__all__ = ["Courier", "courier", "deliver"]

_logger = logging.getLogger(__name__)


def deliver(client: QuickBooksClient, batch: Batch) -> Outcome:
    """Send one batch and wait for its answer; whatever goes wrong is part of it.

    Touches neither Odoo nor the database, so that it may run in any thread.
    """
    fault_points.reached("before_send")
    try:
        answers = _call(client, batch)
    except QuickBooksError as error:
        return Outcome(batch, client, error=error)
    except Exception as fault:
        # The guard of one batch: nobody else catches what a thread raises, and the
        # others must go on whatever these hold.
        ids = [call.export_id for call in batch.calls]
        _logger.exception("Sending exports %s failed", ids)
        text = f"A fault of this program, not of QuickBooks: {type(fault).__name__}."
        return Outcome(batch, client, error=DeliveryFault(text, is_write=True))
    fault_points.reached("answer_read")
    return Outcome(batch, client, answers={answer.b_id: answer for answer in answers})


def _call(client: QuickBooksClient, batch: Batch) -> list[BatchAnswer]:
    if batch.alone:
        return [_call_alone(client, batch.calls[0], batch.request_id)]
    items = [
        BatchItem(call.b_id, call.operation, call.entity, _payload(call))
        for call in batch.calls
    ]
    return client.batch(items, batch.request_id)


def _call_alone(client: QuickBooksClient, call: Call, request_id: str) -> BatchAnswer:
    payload = _payload(call)
    try:
        if call.operation in ("void", "delete"):
            send = client.void if call.operation == "void" else client.delete
            entity = send(call.entity, payload["Id"], payload["SyncToken"], request_id)
        else:
            send = client.create if call.operation == "create" else client.update
            entity = send(call.entity, payload, request_id)
    except Refused as refusal:
        # The answer to this one call: the same shape as a refusal within a batch.
        return BatchAnswer("", None, refusal.faults)
    return BatchAnswer("", entity, ())


def _payload(call: Call) -> dict:
    return jsonmoney.loads(call.payload_text.encode())


class Courier:
    """Keeps up to ``hands`` batches in flight for one QuickBooks company.

    The caller prepares and records in its own thread: :meth:`send` never
    waits, :meth:`outcomes` waits for the first answers.
    """

    def __init__(self, client: QuickBooksClient, hands: int) -> None:
        self.client = client
        self.hands = hands
        self._pool = ThreadPoolExecutor(hands, thread_name_prefix="qbo-courier")
        self._in_flight: set[Future[Outcome]] = set()

    @property
    def free_hands(self) -> int:
        """How many more batches can go out at once."""
        return max(0, self.hands - len(self._in_flight))

    @property
    def in_flight(self) -> int:
        """How many batches have no outcome yet."""
        return len(self._in_flight)

    def send(self, batch: Batch) -> None:
        """Send ``batch`` in a thread of its own."""
        self._in_flight.add(self._pool.submit(deliver, self.client, batch))

    def outcomes(self, timeout_s: float | None = None) -> Iterator[Outcome]:
        """Yield what has come back, waiting up to ``timeout_s`` for the first."""
        done, self._in_flight = wait(
            self._in_flight, timeout=timeout_s, return_when=FIRST_COMPLETED
        )
        for future in done:
            yield future.result()

    def close(self) -> None:
        """Wait for the threads; their outcomes are lost to this process."""
        self._pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def courier(client: QuickBooksClient, hands: int) -> Iterator[Courier]:
    """Open a :class:`Courier` and close it whatever happens."""
    opened = Courier(client, hands)
    try:
        yield opened
    finally:
        opened.close()
