"""The emulator speaks to nobody but this machine."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["is_loopback"]

_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


def is_loopback(url: str) -> bool:
    """True for an http(s) address of this machine."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.hostname in _HOSTS
