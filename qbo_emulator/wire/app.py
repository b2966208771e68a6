"""The WSGI application: every request goes through :meth:`Application.answer` once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from qbo_emulator.api.files import file_of
from qbo_emulator.api.routes import is_metered
from qbo_emulator.bad_days.blow import Blow
from qbo_emulator.control.plane import PREFIX, ControlPlane
from qbo_emulator.jsontext import dumps
from qbo_emulator.oauth.endpoints import OAuthEndpoints
from qbo_emulator.state import Emulator
from qbo_emulator.temporary_urls import FILES
from qbo_emulator.wire.answer import Answer
from qbo_emulator.wire.exchange import Exchange
from qbo_emulator.wire.gateway import Gateway
from qbo_emulator.wire.log import RequestLog
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
        self._log = RequestLog()

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve one WSGI request."""
        exchange = Exchange.read(Request(environ))
        answer = self.answer(exchange)
        if answer.sever is not None:
            environ[SEVER_KEY].append(answer.sever)
            if answer.status == 0:
                answer = Answer(200)
        return answer.response()(environ, start_response)

    def answer(self, exchange: Exchange) -> Answer:
        """Return the answer to one request."""
        if exchange.path.startswith(PREFIX):
            return self._control.answer(exchange)
        if exchange.path.startswith(FILES):
            return self._file(exchange)
        armed = self._emulator.faults
        blow = Blow(armed.strike(exchange), armed, exchange.path)
        self._wait(exchange, blow)
        with self._emulator.store.transaction() as connection:
            blow.meanwhile(self._emulator, connection, exchange)
            answer = blow.after(self._execute(connection, exchange, blow))
            self._log.write(
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
                metered=exchange.is_api
                and answer.status == 200
                and is_metered(exchange.call),
                fault=blow.names,
            )
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

    def _execute(
        self, connection: sqlite3.Connection, exchange: Exchange, blow: Blow
    ) -> Answer:
        answer = blow.before()
        if answer is None and (exchange.is_api or blow.refusal is not None):
            answer = self._gateway.answer(connection, exchange, blow)
        if answer is None:
            answer = self._oauth.answer(connection, exchange)
        return answer or Answer(404, dumps({"error": f"no {exchange.path}"}))

    def _wait(self, exchange: Exchange, blow: Blow) -> None:
        """Take the time of the real service, outside the transaction: others go on."""
        seconds = blow.delay_s
        if exchange.is_api:
            seconds += self._emulator.settings.latency.seconds(exchange.batch_items)
        if seconds > 0:
            self._emulator.stopping.wait(seconds)


def _logged(body: str | bytes) -> str:
    """Return a body as the log keeps it: of files and PDFs, how long they are."""
    if isinstance(body, str):
        return body
    try:
        return body.decode()
    except UnicodeDecodeError:
        return f"({len(body)} bytes)"
