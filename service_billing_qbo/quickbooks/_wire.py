"""Connections that know whether anything of a request was sent.

An exception of requests or urllib3 does not tell reliably whether the other side can have seen the
request: a TLS error may come from the handshake or from reading the answer, a proxy error from the
tunnel or from a reset. The only witness is the place where bytes are written.
"""

from __future__ import annotations

import threading
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


def anything_sent() -> bool:
    """Whether this thread has handed at least one byte to the network since ``forget``."""
    return bool(getattr(_this_thread, "sent", True))


class _Connection(HTTPConnection):
    def send(self, data: Any) -> None:
        # http.client connects lazily inside send(); connecting first keeps a refusal a refusal.
        if self.sock is None:
            self.connect()
        _this_thread.sent = True
        super().send(data)


class _SecureConnection(HTTPSConnection):
    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        _this_thread.sent = True
        super().send(data)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class WitnessAdapter(requests.adapters.HTTPAdapter):
    """An adapter of requests whose connections tell ``anything_sent``; it never repeats a request."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
        return manager
