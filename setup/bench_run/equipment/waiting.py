"""Waiting for exports by looking into the database, so that no server is disturbed."""

import time
from collections.abc import Sequence
from contextlib import closing

import psycopg2

OPEN = ("waiting", "sending", "retry", "checking")
POLL_S = 0.2
FINE_POLL_S = 0.01


class NotExported(Exception):
    """The time was over, or something needs a person; the text says what is open."""


def until_exported(
    database: str, timeout_s: float, connection_ids: Sequence[int] = ()
) -> None:
    """Return when nothing is open any more, of these connections if any are named.

    :raises NotExported: a problem stops something, or it takes too long
    """
    deadline = time.monotonic() + timeout_s
    with closing(psycopg2.connect(dbname=database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            while open_rows := _open(cursor, connection_ids):
                if "problem" in open_rows or time.monotonic() > deadline:
                    causes = _causes(cursor)
                    raise NotExported(f"still open: {open_rows} {causes}".rstrip())
                time.sleep(POLL_S)


def _open(cursor, connection_ids: Sequence[int]) -> dict[str, int]:
    cursor.execute(
        "SELECT state, count(*) FROM qbo_export WHERE state = ANY(%s)"
        " AND (%s OR connection_id = ANY(%s)) GROUP BY state",
        ([*OPEN, "problem"], not connection_ids, list(connection_ids)),
    )
    return dict(cursor.fetchall())


def _causes(cursor) -> str:
    cursor.execute("SELECT message FROM qbo_problem WHERE closed_at IS NULL LIMIT 3")
    return "; ".join(message for (message,) in cursor.fetchall())


def until_bound(cursor, move_id: int, timeout_s: float) -> float:
    """Return the moment (``time.monotonic``) at which an invoice's binding is there.

    :param cursor: of a connection that commits by itself
    :raises NotExported: it takes too long
    """
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        cursor.execute(
            "SELECT 1 FROM qbo_binding WHERE res_model = 'account.move'"
            " AND res_id = %s",
            (move_id,),
        )
        if cursor.fetchone():
            return time.monotonic()
        time.sleep(FINE_POLL_S)
    raise NotExported(f"invoice {move_id} has no binding after {timeout_s} s")
