"""The WSGI application: every request goes through :meth:`Application.answer` once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from qbo_emulator.api.files import file_of
from qbo_emulator.api.routes import is_metered
from qbo_emulator.bad_days.blow import Blow
from qbo_emulator.control.plane import PREFIX, ControlPlane
from qbo_emulator.jsontext import dumps
from qbo_emulator.oauth.endpoints import OAuthEndpoints
from qbo_emulator.retention import EVERY
from qbo_emulator.state import Emulator
from qbo_emulator.store import savepoint
from qbo_emulator.temporary_urls import FILES
from qbo_emulator.wire.answer import Answer
from qbo_emulator.wire.exchange import Exchange
from qbo_emulator.wire.gateway import Gateway
from qbo_emulator.wire.recorder import Recorder
from qbo_emulator.wire.server import SEVER_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["Application"]


class Application:
    """Reads a request, waits as long as the real service would, executes and logs it in
    one transaction, and only after the commit lets the answer out."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._gateway = Gateway(emulator)
        self._oauth = OAuthEndpoints(emulator, lambda: emulator.base_url)
        self._control = ControlPlane(emulator, lambda: emulator.base_url)
        folder = emulator.settings.record
        self._recorder = None if folder is None else Recorder(folder)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve one WSGI request."""
        try:
            answer = self.answer(Exchange.read(Request(environ)))
        except HTTPException as problem:  # a request that cannot be read
            answer = Answer(problem.code or 400, dumps({"error": problem.name}))
        if answer.sever is not None:
            environ[SEVER_KEY].append(answer.sever)
            if answer.status == 0:
                answer = Answer(200)
        return answer.response()(environ, start_response)

    def answer(self, exchange: Exchange) -> Answer:
        """Return the answer to one request. Whatever breaks, here or in a rule, is
        Intuit's own application error; the reason goes to stderr."""
        try:
            return self._answer(exchange)
        except HTTPException:
            raise
        except Exception:  # noqa: BLE001 - the last guard: each request is answered
            return self._gateway.unexpected(exchange)

    def _answer(self, exchange: Exchange) -> Answer:
        if exchange.path.startswith(PREFIX):
            return self._control.answer(exchange)
        if exchange.path.startswith(FILES):
            return self._file(exchange)
        armed = self._emulator.faults
        blow = Blow(armed.strike(exchange), armed, exchange.path)
        self._wait(exchange, blow)
        with self._emulator.store.transaction() as connection:
            answer = self._struck(connection, exchange, blow)
            n = self._emulator.log.write(
                connection,
                self._emulator.clock,
                realm_id=exchange.call.realm_id if exchange.is_api else None,
                method=exchange.method,
                path=exchange.path,
                query=exchange.query,
                request_id=exchange.args.get("requestid"),
                status=answer.status,
                body=_logged(exchange.body),
                answer=_logged(answer.body),
                headers=exchange.headers,
                metered=answer.status == 200 and _is_metered(exchange),
                fault=blow.names,
            )
            if n % EVERY == 0:
                self._emulator.retention.prune(connection, self._emulator.clock.now())
        if self._recorder is not None:
            self._recorder.keep(exchange, answer, blow.names)
        if self._emulator.courier.endpoint is not None:
            self._emulator.courier.wake()
        return answer

    def _file(self, exchange: Exchange) -> Answer:
        """A temporary address: no token is asked for, and it is no call of the API."""
        realm_id, _, id_ = exchange.path[len(FILES) :].partition("/")
        with self._emulator.store.transaction() as connection:
            book = self._emulator.book(connection, realm_id)
            content = file_of(book, id_, exchange.args)
        if content is None:
            return Answer(403, "expired", "text/plain")
        return Answer(200, content.body, content.content_type)

    def _struck(
        self, connection: sqlite3.Connection, exchange: Exchange, blow: Blow
    ) -> Answer:
        """Execute a call with all that is armed for it; what breaks is undone and
        stands in the log."""
        try:
            with savepoint(connection):
                blow.meanwhile(self._emulator, connection, exchange)
                return blow.after(self._execute(connection, exchange, blow))
        except Exception:  # noqa: BLE001 - undone by the savepoint, whatever it was
            return self._gateway.unexpected(exchange)

    def _execute(
        self, connection: sqlite3.Connection, exchange: Exchange, blow: Blow
    ) -> Answer:
        answer = blow.before()
        if answer is None and (exchange.is_api or blow.refusal is not None):
            answer = self._gateway.answer(connection, exchange, blow)
        if answer is None:
            answer = self._oauth.answer(connection, exchange)
        return answer or self._gateway.nowhere(exchange)

    def _wait(self, exchange: Exchange, blow: Blow) -> None:
        """Take the time of the real service, outside the transaction: others go on."""
        seconds = blow.delay_s
        if exchange.is_api:
            seconds += self._emulator.settings.latency.seconds(exchange.batch_items)
        if seconds > 0:
            self._emulator.stopping.wait(seconds)


def _is_metered(exchange: Exchange) -> bool:
    """True for calls that take data out, a batch that asks a question among them."""
    if not exchange.is_api:
        return False
    asks = b'"Query"' in exchange.body and "query" in exchange.operations
    return asks or is_metered(exchange.call)


def _logged(body: str | bytes) -> str:
    """Return a body as the log keeps it: of files and PDFs, how long they are."""
    if isinstance(body, str):
        return body
    try:
        return body.decode()
    except UnicodeDecodeError:
        return f"({len(body)} bytes)"
