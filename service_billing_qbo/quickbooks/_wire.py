"""Connections that know whether anything of a request was sent.

An exception of requests or urllib3 does not tell reliably whether the other side can
have seen the request: a TLS error may come from the handshake or from reading the
answer, a proxy error from the tunnel or from a reset. The only witness is the place
where bytes are written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import requests.adapters
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

__all__ = ["WitnessAdapter", "anything_sent", "forget"]

# A request is sent by the thread that asked for it, from its first byte to its last.
_this_thread = threading.local()


def forget() -> None:
    """Say that this thread begins a new request."""
    _this_thread.sent = False


def when_sent(tell: Callable[[], None]) -> None:
    """Have ``tell`` called in this thread once a whole request has left."""
    _this_thread.tell = tell


def anything_sent() -> bool:
    """Whether this thread has handed a byte to the network since ``forget``."""
    return bool(getattr(_this_thread, "sent", True))


def _connect(connect: Callable[[], object]) -> None:
    try:
        connect()
    finally:
        # What a tunnel through a proxy asks for (CONNECT) is not yet the request.
        forget()


def _send_and_remember(
    connection: Any, send: Callable[[Any], object], data: Any
) -> None:
    # http.client connects lazily when it sends; connecting first keeps a refused
    # connection apart.
    if connection.sock is None:
        connection.connect()
    _this_thread.sent = True
    send(data)


def _tell_sent() -> None:
    # The answer is asked for as soon as the last byte of the request is written.
    tell = getattr(_this_thread, "tell", None)
    if tell and anything_sent():
        tell()


class _Connection(HTTPConnection):
    def getresponse(self) -> Any:
        _tell_sent()
        return super().getresponse()

    def connect(self) -> None:
        _connect(super().connect)

    def send(self, data: Any) -> None:
        _send_and_remember(self, super().send, data)


class _SecureConnection(HTTPSConnection):
    def getresponse(self) -> Any:
        _tell_sent()
        return super().getresponse()

    def connect(self) -> None:
        _connect(super().connect)

    def send(self, data: Any) -> None:
        _send_and_remember(self, super().send, data)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}


class WitnessAdapter(requests.adapters.HTTPAdapter):
    """An adapter of requests whose connections tell ``anything_sent``."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """See requests; called by its constructor."""
        parent: Any = super()
        parent.init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """See requests; a proxy has a manager of its own."""
        parent: Any = super()
        manager = parent.proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager
