"""SQLite: one connection, one transaction a request, answered means committed.

WAL with synchronous=NORMAL survives ``kill -9`` of the process at any moment; only a
power cut may lose the last transactions, which is not what an emulator is for.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

from qbo_emulator.tables import SCHEMA, VERSION

__all__ = ["OtherVersion", "Store", "savepoint"]

_NAME = re.compile(r"[\w-]{1,60}")


class OtherVersion(ValueError):
    """The state file's tables are not those of this version."""


class Store:
    """The emulator's state, in memory or in a file."""

    def __init__(self, path: str | None = None) -> None:
        self._lock = threading.RLock()
        self._path = path
        self._copies: dict[str, sqlite3.Connection] = {}
        self._connection = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        # What is written again and again in a row of calls is copied into a large file
        # once: books that grow stay as fast as small ones.
        self._connection.execute("PRAGMA wal_autocheckpoint = 8000")
        self._connection.execute("PRAGMA cache_size = -131072")
        self._check_version(self._connection)
        self._connection.executescript(SCHEMA)
        self._connection.execute(f"PRAGMA user_version = {VERSION}")

    @staticmethod
    def _check_version(connection: sqlite3.Connection) -> None:
        """Raise :class:`OtherVersion` for a file of tables unlike ours."""
        tables = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if tables and version != VERSION:
            raise OtherVersion(
                "the state file was made by another version of the emulator: start"
                " with a new one"
            )

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

    def snapshot(self, name: str) -> None:
        """Keep a copy of the whole state: beside the file of a state that has one."""
        with self._lock, self._copy(name) as copy:
            self._connection.backup(copy)

    def restore(self, name: str) -> None:
        """Bring a copy back. Raises ``KeyError`` where there is none of the name,
        ``OtherVersion`` for one of another version's tables."""
        if name not in self._copies and not (
            self._path and os.path.exists(self._copy_path(name))
        ):
            raise KeyError(f"no snapshot {name}")
        with self._lock, self._copy(name) as copy:
            self._check_version(copy)
            copy.backup(self._connection)

    @contextmanager
    def _copy(self, name: str) -> Iterator[sqlite3.Connection]:
        """Open the copy of this name; one in memory lives as long as the process."""
        if not _NAME.fullmatch(name):
            raise ValueError("a snapshot's name is letters, digits, - and _")
        if self._path is None:
            if name not in self._copies:
                self._copies[name] = sqlite3.connect(
                    ":memory:", check_same_thread=False
                )
            yield self._copies[name]
        else:
            with closing(sqlite3.connect(self._copy_path(name))) as copy:
                yield copy

    def _copy_path(self, name: str) -> str:
        return f"{self._path}.{name}.snapshot"

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
