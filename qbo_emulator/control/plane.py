"""The control plane's routes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from qbo_emulator.bad_days.armed import ArmedFault
from qbo_emulator.bad_days.kinds import KINDS
from qbo_emulator.control import page, webhooks
from qbo_emulator.entities.registry import ENTITIES
from qbo_emulator.jsontext import dumps, loads
from qbo_emulator.loopback import is_loopback
from qbo_emulator.money import CENT
from qbo_emulator.oauth.endpoints import DISCOVERY_SANDBOX
from qbo_emulator.present import present
from qbo_emulator.retention import calls_so_far
from qbo_emulator.state import Emulator
from qbo_emulator.switches import SWITCHES
from qbo_emulator.wire import log
from qbo_emulator.wire.answer import Answer
from qbo_emulator.wire.exchange import Exchange

__all__ = ["PREFIX", "ControlPlane"]

PREFIX = "/_emulator"

_Handler = Callable[["ControlPlane", Exchange], Any]


class BadControlRequest(ValueError):
    """The control plane was asked for something that it does not have."""


class ControlPlane:
    """Each method answers one route with a JSON value."""

    def __init__(self, emulator: Emulator, base_url: Callable[[], str]) -> None:
        self._emulator = emulator
        self._base_url = base_url

    def answer(self, exchange: Exchange) -> Answer:
        """Return the route's answer; 404 and 400 say in words what is wrong.

        Other sites' pages in a browser here get 403: by a form of theirs, or by a name
        of theirs that leads to this machine, they would move the books.
        """
        if not _is_own(exchange):
            return Answer(403, dumps({"error": "not from another site's page"}))
        route = exchange.method, exchange.path[len(PREFIX) :].rstrip("/")
        own, other = _ROUTES.get(route), _OTHER_ROUTES.get(route)
        try:
            if own is not None:
                return Answer(200, dumps(own(self, exchange)))
            if other is not None:
                value = other(self._emulator, exchange)
                return value if isinstance(value, Answer) else Answer(200, dumps(value))
        except (
            AttributeError,
            KeyError,
            OverflowError,
            TypeError,
            ValueError,
        ) as problem:
            # what was asked is not what the route takes; UnknownFault is a ValueError
            return Answer(400, dumps({"error": f"{type(problem).__name__}: {problem}"}))
        return Answer(404, dumps({"error": f"no {exchange.method} {exchange.path}"}))

    def info(self, _exchange: Exchange) -> Any:
        """Where it is, with which keys, and the companies."""
        base, app = self._base_url(), self._emulator.app
        with self._emulator.store.transaction() as connection:
            realms = self._emulator.realms(connection)
        return {
            "base_url": base,
            "discovery_url": f"{base}{DISCOVERY_SANDBOX}/",
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "verifier_token": app.verifier_token,
            "realms": realms,
        }

    def requests(self, exchange: Exchange) -> Any:
        """The log of requests after number ``since``."""
        since = int(exchange.args.get("since", "0"))
        with self._emulator.store.transaction() as connection:
            rows = connection.execute(
                "SELECT * FROM request_log WHERE n > ? ORDER BY n", (since,)
            ).fetchall()
        return [log.shown(row) for row in rows]

    def stats(self, _exchange: Exchange) -> Any:
        """Counters since the state began or was reset; what sign-in took is not in
        them."""
        with self._emulator.store.transaction() as connection:
            counts = calls_so_far(connection)
            created = connection.execute(
                "SELECT entity, COUNT(*) AS n FROM documents WHERE NOT seeded GROUP BY"
                " entity"
            ).fetchall()
            duplicates = _duplicates(connection)
        return {
            **counts,
            "created": {row["entity"]: row["n"] for row in created},
            "duplicates": duplicates,
        }

    def books(self, exchange: Exchange) -> Any:
        """All documents of a company by entity, as a client reads them; not metered."""
        result: dict[str, list[Any]] = {}
        with self._emulator.store.transaction() as connection:
            realm_id = self._realm_id(connection, exchange)
            book = self._emulator.book(connection, realm_id)
            for name, entity in ENTITIES.items():
                rows = connection.execute(
                    "SELECT body FROM documents WHERE realm_id = ? AND entity = ?"
                    " AND deleted = 0 ORDER BY seq",
                    (realm_id, name),
                )
                result[name] = [
                    present(book, entity, loads(row["body"])) for row in rows
                ]
        return result

    def ledger(self, exchange: Exchange) -> Any:
        """The entries of a company's ledger; amounts are text, debit positive."""
        with self._emulator.store.transaction() as connection:
            realm_id = self._realm_id(connection, exchange)
            rows = connection.execute(
                "SELECT txn_type, txn_id, account_id, customer_id, amount, home"
                " FROM ledger WHERE realm_id = ?"
                " ORDER BY CAST(txn_id AS INTEGER), line",
                (realm_id,),
            ).fetchall()
        return [
            {
                **dict(row),
                "amount": str(row["amount"] * CENT),
                "home": str(row["home"] * CENT),
            }
            for row in rows
        ]

    def _realm_id(self, connection: sqlite3.Connection, exchange: Exchange) -> str:
        """Return the realm that is asked for, the first one without a name."""
        known = [realm["realm_id"] for realm in self._emulator.realms(connection)]
        realm_id = exchange.args.get("realm_id") or known[0]
        if realm_id not in known:
            raise BadControlRequest(f"no realm {realm_id}")
        return realm_id

    def reset(self, _exchange: Exchange) -> Any:
        """Back to the first start; the app's keys stay."""
        self._emulator.reset()
        return {}

    def faults(self, _exchange: Exchange) -> Any:
        """What is armed."""
        return self._emulator.faults.shown()

    def arm(self, exchange: Exchange) -> Any:
        """Arm one fault or a list; an empty list disarms all."""
        wanted = _json(exchange)
        wanted = [wanted] if isinstance(wanted, dict) else wanted
        if wanted:
            self._emulator.faults.arm([ArmedFault.read(each) for each in wanted])
        else:
            self._emulator.faults.clear()
        return self._emulator.faults.shown()

    def disarm(self, _exchange: Exchange) -> Any:
        """Disarm all."""
        self._emulator.faults.clear()
        return []

    def fault_kinds(self, _exchange: Exchange) -> Any:
        """The kinds that can be armed, each in a line."""
        return {name: kind.about for name, kind in KINDS.items()}

    def snapshot(self, exchange: Exchange) -> Any:
        """Keep everything as it is: ``{"name"}``."""
        name = str(_json(exchange).get("name", "snapshot"))
        self._emulator.snapshot(name)
        return {"name": name}

    def restore(self, exchange: Exchange) -> Any:
        """Bring back what was kept: ``{"name"}``; nothing is armed afterwards."""
        name = str(_json(exchange).get("name", "snapshot"))
        self._emulator.restore(name)
        return {"name": name}

    def use_limits(self, exchange: Exchange) -> Any:
        """Other apps use up the company's throttles: ``{"realm_id", "calls",
        "batches"}``."""
        asked = _json(exchange)
        self._emulator.limits.use(
            str(asked["realm_id"]),
            self._emulator.clock.now(),
            calls=int(asked.get("calls", 0)),
            batches=int(asked.get("batches", 0)),
        )
        return {}

    def clock(self, exchange: Exchange) -> Any:
        """Move the time: ``{"advance_s": n}``."""
        seconds = float(_json(exchange)["advance_s"])
        with self._emulator.store.transaction() as connection:
            self._emulator.advance_clock(connection, seconds)
        return {"now": self._emulator.clock.now().isoformat()}

    def expire_tokens(self, exchange: Exchange) -> Any:
        """Let tokens lapse: ``{"realm_id"?, "which": "access"|"refresh"|"all"}``."""
        asked = _json(exchange)
        which = asked.get("which", "access")
        if which not in ("access", "refresh", "all"):
            raise BadControlRequest("which is access, refresh or all")
        with self._emulator.store.transaction() as connection:
            count = self._emulator.tokens(connection).expire(
                which, asked.get("realm_id")
            )
        return {"expired": count}

    def disconnect(self, exchange: Exchange) -> Any:
        """A user disconnects the app in QuickBooks: ``{"realm_id"}``; tokens die."""
        with self._emulator.store.transaction() as connection:
            count = self._emulator.tokens(connection).disconnect(
                str(_json(exchange)["realm_id"])
            )
        return {"disconnected": count}

    def all_switches(self, _exchange: Exchange) -> Any:
        """Every switch with its default and what it means."""
        return {
            switch.name: {"default": switch.default, "meaning": switch.meaning}
            for switch in SWITCHES.values()
        }

    def switches(self, exchange: Exchange) -> Any:
        """Set what Intuit's API does not show of a company: ``{"realm_id", name:
        value}``."""
        asked = _json(exchange)
        realm_id = asked.pop("realm_id", None)
        unknown = sorted(set(asked) - set(SWITCHES))
        if unknown:
            raise BadControlRequest(f"unknown switch {', '.join(unknown)}")
        wrong = [name for name in asked if not SWITCHES[name].takes(asked[name])]
        if wrong:
            raise BadControlRequest(f"no value of {', '.join(wrong)}")
        with self._emulator.store.transaction() as connection:
            row = connection.execute(
                "SELECT switches FROM realms WHERE realm_id = ?", (realm_id,)
            ).fetchone()
            if row is None:
                raise BadControlRequest(f"no realm {realm_id}")
            switches = {**loads(row["switches"]), **asked}
            connection.execute(
                "UPDATE realms SET switches = ? WHERE realm_id = ?",
                (dumps(switches), realm_id),
            )
        return switches


_ROUTES: dict[tuple[str, str], _Handler] = {
    ("GET", "/info"): ControlPlane.info,
    ("GET", "/requests"): ControlPlane.requests,
    ("GET", "/stats"): ControlPlane.stats,
    ("GET", "/books"): ControlPlane.books,
    ("GET", "/ledger"): ControlPlane.ledger,
    ("POST", "/reset"): ControlPlane.reset,
    ("GET", "/faults"): ControlPlane.faults,
    ("POST", "/faults"): ControlPlane.arm,
    ("DELETE", "/faults"): ControlPlane.disarm,
    ("POST", "/clock"): ControlPlane.clock,
    ("POST", "/tokens/expire"): ControlPlane.expire_tokens,
    ("POST", "/disconnect"): ControlPlane.disconnect,
    ("POST", "/switches"): ControlPlane.switches,
    ("GET", "/switches"): ControlPlane.all_switches,
    ("GET", "/faults/kinds"): ControlPlane.fault_kinds,
    ("POST", "/snapshot"): ControlPlane.snapshot,
    ("POST", "/restore"): ControlPlane.restore,
    ("POST", "/limits"): ControlPlane.use_limits,
}

#: Routes that live in modules of their own.
_OTHER_ROUTES: dict[tuple[str, str], Callable[[Emulator, Exchange], Any]] = {
    ("GET", ""): page.show,
    ("POST", ""): page.order,
    ("GET", "/webhooks"): webhooks.show,
    ("POST", "/webhooks"): webhooks.register,
    ("DELETE", "/webhooks"): webhooks.forget,
}


def _is_own(exchange: Exchange) -> bool:
    """True where Host, and Origin if a browser sends it, name this machine."""
    asked = f"http://{exchange.headers.get('host', '')}"
    return is_loopback(asked) and is_loopback(exchange.headers.get("origin", asked))


def _json(exchange: Exchange) -> Any:
    return loads(exchange.body or b"{}")


def _duplicates(connection: sqlite3.Connection) -> list[Any]:
    """Return documents of one realm with the same number, customer and total."""
    rows = connection.execute(
        "SELECT realm_id, entity, doc_number, customer_id, total, GROUP_CONCAT(id) AS"
        " ids"
        " FROM documents WHERE doc_number IS NOT NULL AND NOT deleted"
        " GROUP BY realm_id, entity, doc_number, customer_id, total HAVING COUNT(*) > 1"
    )
    return [
        {
            "realm_id": row["realm_id"],
            "entity": row["entity"],
            "doc_number": row["doc_number"],
            "customer_id": row["customer_id"],
            "total": f"{row['total']:.2f}",
            "ids": row["ids"].split(","),
        }
        for row in rows
    ]
