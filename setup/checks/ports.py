"""Ports for servers that are started by name of their port."""

import random
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"
LOWEST = 20000
# What the kernel hands out to outgoing connections; Linux' own default.
EPHEMERAL_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
DEFAULT_EPHEMERAL = 32768
TRIES = 50


def free_port() -> int:
    """A port of the loopback interface that nobody uses.

    Not one that the kernel gives to outgoing connections: between our look and the
    server's start the tests beside us open hundreds of these.

    :raises OSError: when none can be had
    """
    for _try in range(TRIES):
        port = random.SystemRandom().randrange(LOWEST, _first_ephemeral())
        if is_free(port):
            return port
    raise OSError(f"no free port from {LOWEST} on")


def is_free(port: int) -> bool:
    """Whether a server could listen on a port of the loopback interface."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _first_ephemeral() -> int:
    try:
        first = int(EPHEMERAL_RANGE.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return DEFAULT_EPHEMERAL
    return first if first > LOWEST + TRIES else DEFAULT_EPHEMERAL
