"""The emulator speaks to nobody but this machine."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["address_of", "is_loopback", "is_loopback_host"]

_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


def is_loopback_host(host: str) -> bool:
    """True for a name or address of this machine that nobody else reaches."""
    return host in _HOSTS


def address_of(host: str, port: int) -> str:
    """Return the address of a server; IPv6 stands in brackets."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_loopback(url: str) -> bool:
    """True for an http(s) address of this machine.

    Browsers read a backslash as a slash and leave out line ends, which the standard
    library does not: no such address is taken.
    """
    if "\\" in url or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.hostname in _HOSTS
