"""What goes out to QuickBooks, and what comes back.

Everything here was saved before it is sent: after a crash the same batch goes
again with the same request id, item ids and payload, letter by letter.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..quickbooks.batch import BatchAnswer
from ..quickbooks.client import QuickBooksClient
from ..quickbooks.errors import AnswerLost, QuickBooksError

__all__ = [
    "BATCH_SIZE",
    "Batch",
    "Call",
    "DeliveryFault",
    "Outcome",
    "new_request_id",
    "pack",
]

#: Documents in one batch call at most: Intuit names 30, older pages say fewer.
BATCH_SIZE = 30
#: Fewer than this go one by one: single calls have the roomier limit
#: (500 a minute against 40 batches).
TOGETHER_FROM = 4


@dataclass(frozen=True)
class Call:
    """One object to create, update, void or delete.

    :ivar b_id: the id inside its batch; empty when it goes alone
    :ivar payload_text: the JSON that was saved before sending
    """

    export_id: int
    b_id: str
    operation: str
    entity: str
    payload_text: str


@dataclass(frozen=True)
class Batch:
    """Calls that go out together under one request id."""

    request_id: str
    calls: tuple[Call, ...]

    @property
    def alone(self) -> bool:
        """Whether this is one plain call rather than a batch call."""
        return len(self.calls) == 1 and not self.calls[0].b_id


class DeliveryFault(AnswerLost):
    """A fault of ours while a batch was sent or its answer read.

    Whether QuickBooks got it is not known. It tells nothing of QuickBooks, only of
    these calls: others go on.
    """


@dataclass(frozen=True)
class Outcome:
    """What came of a batch: an answer per call, or one error for all.

    :ivar client: what it went out with; its token may be renewed since
    :ivar answers: by item id; a call without an entry got no answer
    """

    batch: Batch
    client: QuickBooksClient
    answers: Mapping[str, BatchAnswer] = field(default_factory=dict)
    error: QuickBooksError | None = None


def new_request_id() -> str:
    """Return a request id: 32 characters, within both of Intuit's limits."""
    return uuid.uuid4().hex


def pack(export_ids: Iterable[int], size: int = BATCH_SIZE) -> dict[int, tuple]:
    """Share exports out over request ids.

    :param size: calls in one batch at most
    :return: (request id, item id) by export id, in the given order; the item
        id is empty for those that go alone
    """
    ids = list(export_ids)
    if len(ids) < TOGETHER_FROM or size < 2:
        return {export_id: (new_request_id(), "") for export_id in ids}
    packed = {}
    for start in range(0, len(ids), size):
        request_id = new_request_id()
        for number, export_id in enumerate(ids[start : start + size], 1):
            packed[export_id] = (request_id, str(number))
    return packed
