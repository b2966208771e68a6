"""The WSGI application: every request goes through :meth:`Application.answer` once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request

from qbo_emulator.api.routes import is_metered
from qbo_emulator.bad_days.armed import ArmedFault
from qbo_emulator.bad_days.kinds import FaultKind
from qbo_emulator.control.plane import PREFIX, ControlPlane
from qbo_emulator.jsontext import dumps
from qbo_emulator.oauth.endpoints import OAuthEndpoints
from qbo_emulator.state import Emulator
from qbo_emulator.wire.answer import Answer
from qbo_emulator.wire.exchange import Exchange
from qbo_emulator.wire.gateway import Gateway
from qbo_emulator.wire.log import RequestLog
from qbo_emulator.wire.server import SEVER_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["Application"]

_NO_FAULT = FaultKind()


class Application:
    """Reads a request, waits as long as the real service would, executes and logs it in
    one transaction, and only after the commit lets the answer out."""

    def __init__(self, emulator: Emulator) -> None:
        self.base_url = ""
        self._emulator = emulator
        self._gateway = Gateway(emulator)
        self._oauth = OAuthEndpoints(emulator, lambda: self.base_url)
        self._control = ControlPlane(emulator, lambda: self.base_url)
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
        struck = self._emulator.faults.strike(
            exchange.method, exchange.path, exchange.entities
        )
        fault, kind = struck if struck is not None else (None, _NO_FAULT)
        self._wait(exchange, fault, kind)
        options: dict[str, Any] = fault.options if fault is not None else {}
        with self._emulator.store.transaction() as connection:
            if kind.before is not None:
                answer = kind.before(options)
            elif exchange.is_api:
                refusal = kind.refusal(options) if kind.refusal is not None else None
                answer = self._gateway.answer(connection, exchange, refusal)
            else:
                known = self._oauth.answer(connection, exchange)
                answer = known or Answer(404, dumps({"error": f"no {exchange.path}"}))
            self._log.write(
                connection,
                self._emulator.clock,
                realm_id=exchange.call.realm_id if exchange.is_api else None,
                method=exchange.method,
                path=exchange.path,
                query=exchange.query,
                request_id=exchange.args.get("requestid"),
                status=answer.status,
                body=exchange.body.decode("utf-8", "replace"),
                answer=str(answer.body),
                headers=exchange.headers,
                metered=exchange.is_api
                and answer.status == 200
                and is_metered(exchange.call),
                fault=fault.kind if fault is not None else None,
            )
        return kind.after(answer) if kind.after is not None else answer

    def _wait(
        self, exchange: Exchange, fault: ArmedFault | None, kind: FaultKind
    ) -> None:
        """Take the time of the real service, outside the transaction: others go on."""
        seconds = kind.delay_s
        if fault is not None and kind.delay_s:
            seconds = float(fault.options.get("seconds", kind.delay_s))
        if exchange.is_api:
            seconds += self._emulator.settings.latency.seconds(exchange.batch_items)
        if seconds > 0:
            self._emulator.stopping.wait(seconds)
