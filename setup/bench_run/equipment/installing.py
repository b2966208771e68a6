"""Filling a database with journal entries, and installing the addon on a copy."""

import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg2
from checks import databases
from checks.paths import our_addons

from bench_run.equipment.odoo_process import OdooProcess

ORIGINALS = 100
# A rewrite gives a table a new file.
FILES = """
    SELECT relname, pg_relation_filenode(oid) FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def fill(database: str, entries: int) -> None:
    """Post some invoices in Odoo, and copy them until there are so many."""
    with tempfile.TemporaryDirectory(prefix="bench-fill-") as folder:
        with OdooProcess(database, Path(folder)) as odoo:
            odoo.tell("make_catalogue")
            originals = odoo.tell("draft", count=min(ORIGINALS, entries))
            odoo.tell("post", ids=originals)
            copies = entries // len(originals) - 1
            odoo.tell("multiply", ids=originals, copies=copies)


def install_on_copy(source: str) -> tuple[float, set[str]]:
    """Install our addons on a copy of a database.

    :return: the seconds it took, and the tables that were there and were rewritten
    """
    with databases.fresh_copy(source, "bench_install") as copy:
        before = _files(copy)
        begun = time.monotonic()
        databases.install(copy, our_addons()[:1])
        took_s = time.monotonic() - begun
        after = _files(copy)
    return took_s, {name for name, file in before.items() if after.get(name) != file}


def _files(database: str) -> dict[str, int]:
    with closing(psycopg2.connect(dbname=database)) as connection:
        with connection.cursor() as cursor:
            cursor.execute(FILES)
            return dict(cursor.fetchall())
