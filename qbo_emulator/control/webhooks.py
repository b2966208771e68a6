"""``/_emulator/webhooks``: where notifications go, and how they went."""

from __future__ import annotations

from typing import Any

from qbo_emulator.jsontext import loads
from qbo_emulator.state import Emulator
from qbo_emulator.webhooks.endpoint import Endpoint
from qbo_emulator.wire.exchange import Exchange

__all__ = ["forget", "register", "show"]


def register(emulator: Emulator, exchange: Exchange) -> Any:
    """Notify this endpoint from now on: ``{"url", "delay_s"?, "content_type"?}``."""
    endpoint = Endpoint.read(loads(exchange.body or b"{}"))
    with emulator.store.transaction() as connection:
        endpoint.save(connection)
    emulator.courier.send_to(endpoint)
    return show(emulator, exchange)


def forget(emulator: Emulator, exchange: Exchange) -> Any:
    """Notify nobody; what waits is dropped."""
    emulator.courier.send_to(None)
    with emulator.store.transaction() as connection:
        Endpoint.forget(connection)
    return show(emulator, exchange)


def show(emulator: Emulator, _exchange: Exchange) -> Any:
    """The endpoint, how many events wait, and the newest attempts."""
    endpoint = emulator.courier.endpoint
    with emulator.store.transaction() as connection:
        waiting = emulator.courier.waiting(connection)
    return {
        "url": endpoint.url if endpoint is not None else None,
        "waiting": waiting,
        "attempts": list(emulator.courier.attempts),
    }
