"""The demo's database: fresh on every run, quick because it is copied.

The template, with the addon installed, is the one of the tests: made once for each
state of Odoo and of the addon.
"""

import os
import signal
import subprocess
import sys
import uuid
from contextlib import closing
from pathlib import Path

import psycopg2
from checks import databases
from checks.paths import LOG_DIR, ROOT

from demo_run.failure import DemoFailure


class NoTemplate(DemoFailure):
    """The database that is copied could not be made."""


def fresh(name: str) -> None:
    """Make database ``name`` anew, with the addon installed; an older one is dropped.

    :raises NoTemplate: when Odoo cannot make what is copied
    """
    databases.copy(template(), name)
    _make_unique(name)


def template() -> str:
    """Name of the database that is copied, made when it is missing.

    Asked of a process of its own: this one stays without Odoo.

    :raises NoTemplate: when Odoo cannot make it
    """
    ask = "from checks.databases import shop_template; print(shop_template())"
    asked = subprocess.Popen(
        [sys.executable, "-c", ask],
        env={**os.environ, "PYTHONPATH": str(ROOT / "setup")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        name, complaint = asked.communicate()
    except BaseException:
        # It works through an Odoo of its own, which must not go on without us.
        os.killpg(asked.pid, signal.SIGTERM)
        asked.communicate()
        raise
    if asked.returncode:
        raise NoTemplate(complaint.strip().rpartition("\n")[2])
    return name.strip()


def progress() -> str:
    """What Odoo said last while it made a template; empty when it says nothing."""
    logs = sorted(LOG_DIR.glob("database-*.log"), key=lambda log: log.stat().st_mtime)
    return last_lines(logs[-1], 1)[-80:] if logs else ""


def last_lines(log: Path, count: int) -> str:
    """The end of a log file."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return "\n".join(text.splitlines()[-count:])


def is_server_in_use() -> bool:
    """Whether anybody but us is connected to the database server."""
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid != pg_backend_pid()"
            )
            return cursor.fetchone()[0] > 0


def _make_unique(name: str) -> None:
    """Give a copy its own identity, as Odoo's own ``db duplicate`` does.

    What we send carries the database's uuid: two databases must never take each
    other's documents for their own.
    """
    with closing(psycopg2.connect(dbname=name)) as connection, connection:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE ir_config_parameter SET value = %s WHERE key = 'database.uuid'",
                (str(uuid.uuid4()),),
            )
