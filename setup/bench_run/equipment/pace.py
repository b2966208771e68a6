"""The pace of batches that QuickBooks received, from its own request log."""

import statistics
from collections.abc import Sequence
from datetime import datetime

# Intuit's limit of batch calls of an app in a company's last minute.
BATCHES_A_MINUTE = 40
DOCUMENTS_A_BATCH = 30


def arrivals(requests: Sequence[dict], realm_id: str) -> list[float]:
    """When the batches of one company arrived, in order: seconds since 1970.

    :param requests: of an emulator's log
    """
    return sorted(
        datetime.fromisoformat(request["time"].replace("Z", "+00:00")).timestamp()
        for request in requests
        if request["path"].endswith("/batch") and request["realm_id"] == realm_id
    )


def documents_a_minute(batches: Sequence[float], documents: int) -> float:
    """The lasting pace; the first 40 batches go at once, so each batch is compared
    with the one 40 earlier.

    :param batches: when they arrived
    :param documents: how many all of them held together
    :raises ValueError: with so few batches that the limit was never met
    """
    if len(batches) <= BATCHES_A_MINUTE:
        raise ValueError("too few batches to meet the limit of a minute")
    minutes = statistics.mean(
        (later - earlier) / 60
        for earlier, later in zip(batches, batches[BATCHES_A_MINUTE:], strict=False)
    )
    return BATCHES_A_MINUTE * documents / len(batches) / minutes
