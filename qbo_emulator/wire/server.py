"""The HTTP server: threads, keep-alive, and connections that can be torn on purpose."""

from __future__ import annotations

import socket
import struct
from enum import Enum
from typing import TYPE_CHECKING

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["SEVER_KEY", "Handler", "Server", "Sever"]

#: The list in the WSGI environ into which the application puts how to break off.
SEVER_KEY = "qbo_emulator.sever"
#: A client that keeps a connection open and silent this long has forgotten it.
IDLE_S = 120


class Sever(str, Enum):
    """Ways to end a connection without a whole answer."""

    RESET = "reset"
    CLOSE = "close"
    CUT = "cut"


class Handler(WSGIRequestHandler):
    """HTTP/1.1 with keep-alive. Werkzeug's own handler closes after each answer because
    it does not know whether the body was read; this emulator reads every body."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_S
    server_version = "QuickBooksEmulator"
    sys_version = ""

    def run_wsgi(self) -> None:
        """Answer one request in one piece, or break off as the application asked."""
        if self.headers.get("Expect", "").lower().strip() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        environ = self.make_environ()
        ways: list[Sever] = []
        environ[SEVER_KEY] = ways
        chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        body = b"".join(chunks)
        sever = ways[0] if ways else None
        if sever is Sever.RESET:
            self._reset()
        if sever in (Sever.RESET, Sever.CLOSE):
            self.close_connection = True
            return
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection or sever is Sever.CUT:
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        if sever is Sever.CUT:
            body = body[: len(body) // 2]
        if self.command != "HEAD":
            self.wfile.write(body)

    def _reset(self) -> None:
        """Make closing send RST, as a machine that dies does."""
        self.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.connection.close()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the control plane keeps the log of requests."""

    def log_error(self, message: str, *details: object) -> None:
        """Say nothing of a client that fell silent: its connection just ends."""


class Server(ThreadedWSGIServer):
    """One thread a connection; threads die with the process."""

    daemon_threads = True

    def __init__(self, host: str, port: int, app: WSGIApplication) -> None:
        super().__init__(host, port, app, handler=Handler)
