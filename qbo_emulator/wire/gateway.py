"""The gateway in front of the API: bearer token, realm, throttles, envelopes,
meters."""

from __future__ import annotations

import sqlite3
import sys
import traceback

from qbo_emulator import errors
from qbo_emulator.api import routes
from qbo_emulator.api.answers import fault_body, gateway_body
from qbo_emulator.api.content import Content
from qbo_emulator.api.xmltext import to_xml
from qbo_emulator.bad_days.blow import Blow
from qbo_emulator.clock import stamp_ms
from qbo_emulator.jsontext import Document, dumps
from qbo_emulator.state import Emulator
from qbo_emulator.store import savepoint
from qbo_emulator.wire.answer import JSON, Answer, intuit_tid
from qbo_emulator.wire.exchange import Exchange

__all__ = ["Gateway"]

_VERSION = "1995.142"
_XML = "application/xml;charset=UTF-8"
_CHALLENGE = 'Bearer realm="Intuit", error="invalid_token"'
#: A bearer token shorter or longer than this is no token to the gateway.
_TOKEN_LENGTHS = range(20, 4097)


class Gateway:
    """Answers API calls inside the request's transaction. The one place that turns a
    refusal into an answer."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def answer(
        self,
        connection: sqlite3.Connection,
        exchange: Exchange,
        blow: Blow,
    ) -> Answer:
        """Return the answer to a call; ``blow`` is what was armed for it."""
        headers = {"intuit_tid": intuit_tid(), "QBO-Version": _VERSION}
        refusal = blow.refusal
        try:
            with savepoint(connection):
                if refusal is not None and not refusal.committed:
                    raise refusal.refusal
                self._admit(connection, exchange)
                book = self._emulator.book(
                    connection, exchange.call.realm_id, blow.weather()
                )
                body = routes.handle(book, exchange.call)
            if refusal is not None:
                raise refusal.refusal
            if isinstance(body, Content):
                return Answer(200, body.body, body.content_type, headers)
            return self._written(exchange, 200, body, headers)
        except errors.Fault as fault:
            return self._written(
                exchange, fault.kind.status, fault_body(fault), headers
            )
        except errors.GatewayFault as fault:
            if fault.kind.status == 401:
                headers["www-authenticate"] = _CHALLENGE
            body = gateway_body(fault, self._emulator.clock.now())
            return self._written(exchange, fault.kind.status, body, headers)
        except Exception:  # noqa: BLE001 - a client sees 10000, never a stack
            return self.unexpected(exchange)

    def unexpected(self, exchange: Exchange) -> Answer:
        """Answer a fault of ours, while it is being handled, as Intuit answers its own
        (10000); the reason goes to stderr."""
        traceback.print_exc(file=sys.stderr)
        return self._refused(exchange, errors.APPLICATION.fault())

    def nowhere(self, exchange: Exchange) -> Answer:
        """Answer a path that nothing is at (500, Unsupported Operation)."""
        return self._refused(
            exchange,
            errors.UNSUPPORTED_OPERATION.fault(
                f"Operation {exchange.method} {exchange.path} is not supported."
            ),
        )

    def _refused(self, exchange: Exchange, fault: errors.Fault) -> Answer:
        headers = {"intuit_tid": intuit_tid(), "QBO-Version": _VERSION}
        return self._written(exchange, fault.kind.status, fault_body(fault), headers)

    def _admit(self, connection: sqlite3.Connection, exchange: Exchange) -> None:
        scheme, _, value = exchange.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or len(value) not in _TOKEN_LENGTHS:
            raise errors.GatewayFault(
                errors.TOKEN_INVALID, "Malformed bearer token: too short or too long"
            )
        grant = self._emulator.tokens(connection).check_access(value)
        if grant is None:
            raise errors.GatewayFault(
                errors.TOKEN_INVALID, f"Token expired: {value[:4]}..."
            )
        call = exchange.call
        if grant.realm_id != call.realm_id or not grant.opens_books:
            raise errors.GatewayFault(errors.NOT_AUTHORIZED)
        self._emulator.limits.check(
            call.realm_id, self._emulator.clock.now(), is_batch=call.resource == "batch"
        )

    def _written(
        self, exchange: Exchange, status: int, body: Document, headers: dict[str, str]
    ) -> Answer:
        now = self._emulator.clock.now()
        if status != 200 or exchange.call.resource not in routes.BARE:
            body.setdefault("time", stamp_ms(now))
        if exchange.wants_json:
            return Answer(status, dumps(body), JSON, headers)
        return Answer(status, to_xml(body, now), _XML, headers)
