"""SQLite: one connection, one transaction a request, answered means committed.

WAL with synchronous=NORMAL survives ``kill -9`` of the process at any moment; only a
power cut may lose the last transactions, which is not what an emulator is for.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from qbo_emulator.tables import SCHEMA

__all__ = ["Store", "savepoint"]


class Store:
    """The emulator's state, in memory or in a file."""

    def __init__(self, path: str | None = None) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA cache_size = -65536")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside is kept together, or not at all when an exception leaves
        it."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file; what was committed stays in it."""
        with self._lock:
            self._connection.close()


@contextmanager
def savepoint(connection: sqlite3.Connection) -> Iterator[None]:
    """Undo what was done inside when an exception leaves it; the transaction goes
    on."""
    connection.execute("SAVEPOINT step")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK TO step")
        connection.execute("RELEASE step")
        raise
    connection.execute("RELEASE step")
