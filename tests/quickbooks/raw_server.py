"""A server for what no HTTP library would send: cut answers, resets, silence."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from service_billing_qbo.quickbooks import Request

TOKEN = "eyJhbGciOiJkaXIi.QUJDREVGR0g.c2VjcmV0"

Ending = Callable[["RawServer", socket.socket], None]


def close(server: RawServer, connection: socket.socket) -> None:
    """End the connection in order."""


def hang_up(server: RawServer, connection: socket.socket) -> None:
    """End the connection in order, but without having said so in the answer."""


def reset(server: RawServer, connection: socket.socket) -> None:
    """End the connection with a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hold(server: RawServer, connection: socket.socket) -> None:
    """Say nothing more until the test is over."""
    server.over.wait()


def keep(server: RawServer, connection: socket.socket) -> None:
    """Wait for the next request on the same connection."""


@dataclass(frozen=True)
class Step:
    """Answer of one request: pieces with a pause between them, then an ending."""

    pieces: tuple[bytes, ...]
    ending: Ending
    pause_s: float = 0.0


@dataclass
class RawServer:
    """Answers one request after the other; remembers each as it came.

    :param context: speak TLS with this certificate.
    """

    context: ssl.SSLContext | None = None
    requests: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    hung_up: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> RawServer:
        self._steps: deque[Step] = deque()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.over.set()
        # accept() is not woken by closing its socket; a last connection wakes it.
        socket.create_connection(self._listener.getsockname()).close()
        self._thread.join()
        self._listener.close()

    @property
    def url(self) -> str:
        scheme = "https" if self.context else "http"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def will_send(
        self, *pieces: bytes, ending: Ending = close, pause_s: float = 0.0
    ) -> None:
        """Answer the next request with these bytes."""
        self._steps.append(Step(pieces, ending, pause_s))

    def will_answer(
        self,
        status: int,
        body: bytes = b"",
        content_type: str = "application/json",
        ending: Ending = close,
        **headers: str,
    ) -> None:
        """Answer the next request as HTTP has it."""
        lines = [
            f"HTTP/1.1 {status} Whatever",
            f"Content-Type: {content_type}",
            f"Content-Length: {len(body)}",
            *(["Connection: close"] if ending is close else []),
            *(f"{name.replace('__', '-')}: {text}" for name, text in headers.items()),
        ]
        head = "\r\n".join(lines).encode() + b"\r\n\r\n"
        self.will_send(head + body, ending=ending)

    def _serve(self) -> None:
        while not self.over.is_set():
            connection, _address = self._listener.accept()
            with connection:
                try:
                    self._talk(self._wrapped(connection))
                except OSError:
                    # The client hung up: for some tests that is the point.
                    continue

    def _wrapped(self, connection: socket.socket) -> socket.socket:
        if self.context is None:
            return connection
        return self.context.wrap_socket(connection, server_side=True)

    def _talk(self, connection: socket.socket) -> None:
        while not self.over.is_set() and self._steps:
            request = _read_request(connection)
            if not request:
                self.hung_up.set()
                return
            self.requests.append(request)
            step = self._steps.popleft()
            for piece in step.pieces:
                connection.sendall(piece)
                if step.pause_s:
                    self.over.wait(step.pause_s)
            step.ending(self, connection)
            if step.ending is not keep:
                connection.close()
                self.hung_up.set()
                return


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return b""
        received += piece
    head, _separator, body = received.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def a_write(url: str, timeout_s: float = 5.0) -> Request:
    return Request(
        method="POST",
        url=f"{url}/v3/company/123/invoice?minorversion=75&requestid=r1",
        timeout_s=timeout_s,
        headers={"Authorization": f"Bearer {TOKEN}"},
        body=b'{"DocNumber":"INV/1"}',
        is_write=True,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
