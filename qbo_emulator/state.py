"""The running emulator: store, clock, chance, realms; what wire and control share."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from qbo_emulator.bad_days.armed import ArmedFaults
from qbo_emulator.bad_days.weather import CALM, Weather
from qbo_emulator.book import Book
from qbo_emulator.clock import Clock
from qbo_emulator.companies import KINDS, found_company
from qbo_emulator.entities.registry import ENTITIES
from qbo_emulator.limits import Limits
from qbo_emulator.oauth.client import App
from qbo_emulator.oauth.tokens import Tokens
from qbo_emulator.retention import FORGOTTEN, Retention
from qbo_emulator.settings import Settings
from qbo_emulator.store import Store
from qbo_emulator.webhooks import events
from qbo_emulator.webhooks.courier import Courier
from qbo_emulator.webhooks.endpoint import Endpoint
from qbo_emulator.wire.log import RequestLog

__all__ = ["Emulator"]

#: Realm ids look like Intuit's and are the same at every start.
_FIRST_REALM = 9341454816381446
_STARTS = "starts"


class Emulator:
    """One emulator. Everything that must survive is in the store; faults and throttles
    are of this process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        #: Where it listens; known when it does.
        self.base_url = ""
        self.store = Store(settings.state)
        self.clock = Clock()
        self.chance = random.Random(settings.seed)
        self.faults = ArmedFaults()
        self.log = RequestLog()
        self.retention = Retention()
        self.limits = Limits(enabled=settings.limits)
        self.stopping = threading.Event()
        self.courier = Courier(self)
        with self.store.transaction() as connection:
            self.app = App.load(connection, self.chance)
            # tokens made after a restart must differ from those of the runs before
            self._starts = int(_number(connection, _STARTS)) + 1
            self._note_starts(connection)
            self.chance.seed(f"{settings.seed}/{self._starts}")
            self._set_clock(connection)
            self._found_companies(connection)
            endpoint = Endpoint.load(connection)
        self.courier.send_to(endpoint)

    def _note_starts(self, connection: sqlite3.Connection) -> None:
        """Keep how often this state was started, whatever is brought back to it."""
        connection.execute(
            "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
            (_STARTS, str(self._starts)),
        )

    def _found_companies(self, connection: sqlite3.Connection) -> None:
        """Make the companies of the start options that the state does not have yet."""
        kinds = [
            row["kind"]
            for row in connection.execute("SELECT kind FROM realms ORDER BY position")
        ]
        for position, kind in enumerate(self.settings.companies):
            if position < len(kinds):
                continue
            realm_id = str(_FIRST_REALM + position * 1_000_003)
            connection.execute(
                "INSERT INTO realms (realm_id, position, kind, company) VALUES (?, ?,"
                " ?, ?)",
                (realm_id, position, kind, KINDS[kind].company_name),
            )
            found_company(self.book(connection, realm_id), kind)

    def book(
        self, connection: sqlite3.Connection, realm_id: str, weather: Weather = CALM
    ) -> Book:
        """Return one company's documents inside a transaction."""
        book = Book(connection, realm_id, ENTITIES, self.clock, self.settings, weather)
        book.base_url = self.base_url
        if self.courier.endpoint is not None:
            book.listener = events.record
        return book

    def tokens(self, connection: sqlite3.Connection) -> Tokens:
        """Return the tokens inside a transaction."""
        return Tokens(connection, self.clock, self.chance)

    @contextmanager
    def books(self, realm_id: str) -> Iterator[Book]:
        """One transaction on one company."""
        with self.store.transaction() as connection:
            yield self.book(connection, realm_id)

    def realms(self, connection: sqlite3.Connection) -> list[dict[str, str]]:
        """Return realm id, company and kind of each company."""
        return [
            dict(row)
            for row in connection.execute(
                "SELECT realm_id, company, kind FROM realms ORDER BY position"
            )
        ]

    def advance_clock(self, connection: sqlite3.Connection, seconds: float) -> None:
        """Move the emulator's time, also for its next start."""
        self.clock.advance(seconds)
        connection.execute(
            "INSERT INTO meta (key, value) VALUES ('clock', ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (str(self.clock.offset_s),),
        )
        self.courier.wake()

    def stop(self) -> None:
        """End what runs beside the calls; what was committed stays."""
        self.stopping.set()
        self.courier.stop()
        self.store.close()

    def snapshot(self, name: str) -> None:
        """Keep a copy of everything that must survive, under a name."""
        self.store.snapshot(name)

    def restore(self, name: str) -> None:
        """Back to a copy: books, tokens, requestids, log and clock as they were then.

        Nothing is armed afterwards, and no throttle is near. Raises ``KeyError`` for a
        name that was never kept.
        """
        self.store.restore(name)
        self.faults.clear()
        self.limits = Limits(enabled=self.settings.limits)
        with self.store.transaction() as connection:
            self.log.look_again()
            self._note_starts(connection)
            self._set_clock(connection)
            endpoint = Endpoint.load(connection)
        self.courier.send_to(endpoint)

    def _set_clock(self, connection: sqlite3.Connection) -> None:
        self.clock.offset_s = _number(connection, "clock")

    def reset(self) -> None:
        """Back to the state of the first start: companies as founded, no tokens, no
        faults.

        The app's keys stay, so that what was configured with them goes on.
        """
        self.faults.clear()
        self.limits = Limits(enabled=self.settings.limits)
        self.clock.offset_s = 0.0
        with self.store.transaction() as connection:
            for table in (
                "tokens",
                "grants",
                "replays",
                "documents",
                "ledger",
                "balances",
                "files",
                "sequences",
                "realms",
                "request_log",
            ):
                connection.execute(f"DELETE FROM {table}")
            self.log.look_again()
            connection.execute(
                "DELETE FROM meta WHERE key IN ('clock', ?)", (FORGOTTEN,)
            )
            Endpoint.forget(connection)
            self.courier.send_to(None)
            self._found_companies(connection)


def _number(connection: sqlite3.Connection, key: str) -> float:
    """Return a number that the state keeps; 0 where there is none yet."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return float(row["value"]) if row else 0.0
