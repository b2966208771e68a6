"""A state that runs for weeks stays as large as its books, and tells no token twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qbo_emulator.clock import Clock
from qbo_emulator.retention import EVERY, Retention
from qbo_emulator.settings import Settings
from qbo_emulator.state import Emulator
from qbo_emulator.store import Store
from qbo_emulator.testing import EmulatorProcess
from qbo_emulator.webhooks import events
from qbo_emulator.wire.log import RequestLog

from .conftest import App

SMALL = Retention(requests=5, replays=3, notifications=2, events=4)
DAY_S = 86_400


def count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


def log_call(
    connection: sqlite3.Connection, log: RequestLog, size: int = 1, status: int = 200
) -> None:
    log.write(
        connection,
        Clock(),
        realm_id="1",
        method="GET",
        path="/v3/company/1/query",
        query="",
        request_id=None,
        status=status,
        body="b" * size,
        answer="",
        headers={},
        metered=status == 200,
        fault=None,
    )


def test_log_is_bounded_and_counters_go_on(tmp_path: Path) -> None:
    """What the log forgets was called all the same."""
    emulator = Emulator(Settings(state=str(tmp_path / "state")))
    with emulator.store.transaction() as connection:
        for status in (200, 429) * 6:
            log_call(connection, emulator.log, status=status)
            SMALL.prune(connection, emulator.clock.now())
        assert count(connection, "request_log") == SMALL.requests
    emulator.stop()
    with EmulatorProcess(state=tmp_path / "state") as process:
        stats = process.stats()
        assert (stats["calls"], stats["metered"], stats["throttled"]) == (12, 6, 6)
        assert len(process.requests()) == SMALL.requests
        process.reset()
        assert process.stats()["calls"] == 0


def test_bodies_of_an_earlier_process_count(tmp_path: Path) -> None:
    """The bound is of the state, not of a process."""
    with closing(Store(str(tmp_path / "state"))) as store:
        for log in (RequestLog(100), RequestLog(100)):
            with store.transaction() as connection:
                for _ in range(5):
                    log_call(connection, log, size=30)
        with store.transaction() as connection:
            kept = "SELECT SUM(LENGTH(body)) FROM request_log"
            assert connection.execute(kept).fetchone()[0] == 90
            assert count(connection, "request_log") == 10


def test_answers_of_old_requestids_are_forgotten() -> None:
    emulator = Emulator(Settings())
    with emulator.store.transaction() as connection:
        for n in range(9):
            connection.execute(
                "INSERT INTO replays VALUES (?, ?, 0, '', '')", ("1", f"r{n}")
            )
        SMALL.prune(connection, emulator.clock.now())
        rows = connection.execute("SELECT request_id FROM replays").fetchall()
    assert [row[0] for row in rows] == ["r6", "r7", "r8"]
    emulator.stop()


def test_events_are_bounded_delivered_or_not() -> None:
    """Also those for an endpoint that never answers."""
    emulator = Emulator(Settings())
    realm_id = "9341454816381446"
    with emulator.store.transaction() as connection:
        book = emulator.book(connection, realm_id)
        for n in range(1, 7):
            events.record(book, "Invoice", str(n), "created")
            connection.execute(
                "INSERT INTO notifications (due_at, state, faults) VALUES (0, ?, '')",
                ("delivered" if n % 2 else "waiting",),
            )
            connection.execute("UPDATE events SET notification = n WHERE n = ?", (n,))
        SMALL.prune(connection, emulator.clock.now())
        rows = connection.execute("SELECT n FROM events ORDER BY n").fetchall()
        assert [row[0] for row in rows] == [4, 5, 6]
        assert count(connection, "notifications") == 3
    emulator.stop()


def test_events_that_just_came_stay() -> None:
    """No notification was made of them yet, perhaps none was ever made."""
    emulator = Emulator(Settings())
    with emulator.store.transaction() as connection:
        book = emulator.book(connection, "9341454816381446")
        events.record(book, "Invoice", "1", "created")
        SMALL.prune(connection, emulator.clock.now())
        assert count(connection, "events") == 1
    emulator.stop()


def test_lapsed_tokens_are_forgotten_living_ones_work(
    emulator: EmulatorProcess, app: App
) -> None:
    """Through a real process: a look every so many requests."""
    books = app.connect()
    app.connect()
    emulator.expire_tokens("access")
    emulator.advance_clock(3 * DAY_S)
    for _ in range(EVERY):
        books.call("GET", "preferences")
    refreshed = app.token(
        grant_type="refresh_token", refresh_token=books.tokens["refresh_token"]
    )
    assert refreshed.status_code == 200
    books.tokens = refreshed.json()
    assert books.call("GET", "preferences").status_code == 200


def test_grant_without_tokens_goes_with_them() -> None:
    emulator = Emulator(Settings())
    with emulator.store.transaction() as connection:
        tokens = emulator.tokens(connection)
        pair = tokens.exchange(tokens.authorize("1", "openid", "u"), "u")
        tokens.authorize("1", "openid", "u")
        emulator.clock.advance(2 * DAY_S)
        SMALL.prune(connection, emulator.clock.now())
        assert count(connection, "tokens") == count(connection, "grants") == 1
        assert tokens.refresh(pair.refresh_token).access_token
    emulator.stop()


@pytest.mark.parametrize("way", ["reset", "restore"])
def test_no_token_is_given_twice(
    start: Callable[..., EmulatorProcess], tmp_path: Path, way: str
) -> None:
    """Chance begins anew at each start, also when the state forgot all tokens."""
    emulator = start(state=tmp_path / "state")
    emulator.snapshot()
    seen: list[dict[str, Any]] = []
    for _ in range(3):
        seen.append(App(emulator).connect().tokens)
        if way == "reset":
            emulator.reset()
        else:
            emulator.restore()
        seen.append(App(emulator).connect().tokens)
        emulator.reset()
        emulator.stop()
        emulator.start()
    for name in ("access_token", "refresh_token"):
        values = [tokens[name] for tokens in seen]
        assert len(set(values)) == len(values)
