"""Databases for tests: templates that are made once, and cheap copies of them.

Two templates: Odoo with accounting alone (made once for an Odoo), and that with our
addons installed (made once for each state of their files). A test run works on a
copy (`createdb --template`, a fraction of a second) and drops it at its end.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
from psycopg2 import sql

from .paths import DATA_DIR, LOG_DIR, ROOT, SETUP_DIR, our_addons

# The modules that tests may build on; ours bring the rest by their dependencies.
BASE_MODULES = ["account", "l10n_us"]
READY = "complete"
# Files that are not installed into a database.
NOT_INSTALLED = ("tests", "readme", "__pycache__", "doc", "docs")
# So many templates of earlier states are kept, each state has three of them: for
# switching between branches.
KEPT_TEMPLATES = 6


# As Odoo's test classes name and make it; ours look for it by this name.
COMPANY = "company_1_data"
MAKE_COMPANY = f"""
company = env["res.company"].create({{"name": "{COMPANY}"}})
charts = env["account.chart.template"]
charts.try_loading(charts._guess_chart_template(company.country_id), company, False)
company.account_fiscal_country_id = env.ref("base.us")
env.cr.commit()
"""

# What a company that opens its shop has for long: its chart of accounts, and the
# bundles of the web client, which the first visitor of a new database waits for.
SHOP = "shop"
OPEN_SHOP = """
env["account.chart.template"].try_loading("us", env.ref("base.main_company"), False)
for name in (
    "web.assets_web",
    "web.assets_web_print",
    "web.assets_frontend",
    "web.assets_frontend_lazy",
    "web.assets_frontend_minimal",
):
    bundle = env["ir.qweb"]._get_asset_bundle(name)
    bundle.css()
    bundle.js()
env.cr.commit()
"""


class DatabaseError(Exception):
    """Odoo could not make a database; the message names its log."""


def _execute(
    statement: str, *names: str, values: tuple[str | int, ...] = ()
) -> list[tuple[str, ...]]:
    """Run a statement outside of any transaction on the database `postgres`."""
    connection = psycopg2.connect(dbname="postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL(statement).format(*map(sql.Identifier, names)), values or None
            )
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def drop(name: str) -> None:
    """Drop database ``name`` with its filestore; sessions on it are ended."""
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    shutil.rmtree(_filestore(name), ignore_errors=True)


def copy(source: str, name: str) -> None:
    """Make database ``name`` a copy of ``source``, which nobody may be using."""
    drop(name)
    _execute("CREATE DATABASE {} TEMPLATE {}", name, source)
    if _filestore(source).is_dir():
        # Odoo never writes into a stored file, it makes and removes whole ones:
        # hard links are safe to share.
        shutil.copytree(_filestore(source), _filestore(name), copy_function=os.link)


@contextlib.contextmanager
def fresh_copy(source: str, purpose: str) -> Iterator[str]:
    """A copy of ``source`` for the time of a ``with`` block, named by its purpose."""
    name = f"qbo_test_{purpose}_{os.getpid()}"
    copy(source, name)
    try:
        yield name
    finally:
        drop(name)


def base_template() -> str:
    """Name of the template with Odoo's accounting alone, made when it is missing."""
    import odoo.release

    origin = f"{odoo.release.version} {Path(odoo.release.__file__).parent}"
    name = f"qbo_base_{_digest([origin, *BASE_MODULES])}"
    with _one_at_a_time():
        if not _is_ready(name):
            drop(name)
            _odoo(name, "db", "init", name, "--force", "--country=US")
            install(name, BASE_MODULES)
            _mark_ready(name)
    return name


def addon_template() -> str:
    """Name of the template with our addons installed, made when it is missing."""
    base = base_template()
    name = f"qbo_template_{_digest([base, *_installed_files()])}"
    with _one_at_a_time():
        if not _is_ready(name):
            drop(name)
            copy(base, name)
            install(name, our_addons())
            _mark_ready(name)
            _forget_old_templates(name)
    return name


def for_tests(template: str) -> str:
    """Name of a copy of ``template`` with a company that has its books already.

    Odoo's own test classes make one each, with a chart of accounts, for seconds.
    """
    return _prepared(template, COMPANY, MAKE_COMPANY)


def shop_template() -> str:
    """Name of a copy of the template with our addons that a shop can open with."""
    return _prepared(addon_template(), SHOP, OPEN_SHOP)


def _prepared(template: str, purpose: str, script: str) -> str:
    """Name of a copy of ``template`` in which a script was run, made when missing."""
    # Forgotten together with the one that it is a copy of.
    name = f"{template}_{purpose}"
    with _one_at_a_time():
        if not _is_ready(name):
            drop(name)
            copy(template, name)
            _odoo(
                name,
                *("shell", f"--database={name}", "--no-http", "--max-cron-threads=0"),
                script=script,
            )
            _mark_ready(name)
    return name


def drop_leftovers() -> None:
    """Drop the copies of test runs that were killed before they could."""
    for (name,) in _execute(
        r"SELECT datname FROM pg_database WHERE datname LIKE 'qbo\_test\_%'"
    ):
        process_id = name.rpartition("_")[2]
        if process_id.isdigit() and not Path("/proc", process_id).exists():
            drop(name)


def _filestore(name: str) -> Path:
    return DATA_DIR / "filestore" / name


def _digest(texts: list[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def _installed_files() -> Iterator[str]:
    """Path and content's digest of every file that an installation depends on."""
    for addon in our_addons():
        for path in sorted((ROOT / addon).rglob("*")):
            inner = path.relative_to(ROOT)
            if path.is_file() and not set(inner.parts) & set(NOT_INSTALLED):
                yield f"{inner} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def install(name: str, modules: list[str]) -> None:
    """Install modules into database ``name``.

    :raises DatabaseError: when Odoo cannot
    """
    log = _odoo(
        name,
        *("server", f"--database={name}", f"--init={','.join(modules)}"),
        *("--stop-after-init", "--no-http", "--max-cron-threads=0"),
    )
    if not _has_all(name, modules):
        raise DatabaseError(f"{', '.join(modules)} cannot be installed, see {log}")


def _odoo(name: str, *arguments: str, script: str = "") -> Path:
    """Run Odoo's command line; returns its log, the one of database ``name``.

    :param script: what its shell is told
    """
    log = LOG_DIR / f"database-{name}.log"
    with log.open("a") as output:
        done = subprocess.run(
            [sys.executable, "-m", "odoo", *arguments],
            input=script,
            text=True,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            check=False,
        )
    if done.returncode:
        raise DatabaseError(f"odoo {arguments[0]} failed for {name}, see {log}")
    return log


def _has_all(name: str, modules: list[str]) -> bool:
    """Are these modules installed? Odoo ends with status 0 even when one is not."""
    connection = psycopg2.connect(dbname=name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM ir_module_module"
                " WHERE state = 'installed' AND name IN %s",
                (tuple(modules),),
            )
            return bool(cursor.fetchone()[0] == len(modules))
    finally:
        connection.close()


def _is_ready(name: str) -> bool:
    """Was it made to its end? Half made ones lack the comment."""
    return bool(
        _execute(
            "SELECT 1 FROM pg_database"
            " WHERE datname = %s AND shobj_description(oid, 'pg_database') = %s",
            values=(name, READY),
        )
    )


def _mark_ready(name: str) -> None:
    # A database that somebody is connected to cannot be copied: nobody can, now.
    _execute("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)
    _execute("COMMENT ON DATABASE {} IS %s", name, values=(READY,))


def _forget_old_templates(newest: str) -> None:
    """Drop templates of earlier states of our files but the last few."""
    rows = _execute(
        "SELECT datname FROM pg_database"
        r" WHERE datname LIKE 'qbo\_template\_%%' AND datname != %s"
        " ORDER BY oid DESC OFFSET %s",
        values=(newest, KEPT_TEMPLATES),
    )
    for (name,) in rows:
        drop(name)


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two runs at once make a template once."""
    LOG_DIR.mkdir(parents=True, exist_ok=True)
    with (SETUP_DIR / "templates.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
