"""The demo's database: fresh on every run, quick because it is copied from a prepared one.

Three databases stand on one another: ``demo_base`` (Odoo's accounting, for the US),
``demo_ready`` (with our addon) and the copy that a run works in. What a prepared one was made
of is kept as its comment in PostgreSQL, so a change of Odoo or of the addon makes it again.
"""

import hashlib
import importlib.util
from collections.abc import Iterable
from pathlib import Path

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT
from psycopg2.sql import SQL, Identifier, Literal

from demo_run import commands
from demo_run.processes import ROOT

BASE = "demo_base"
READY = "demo_ready"
BASE_MODULES = "account,l10n_us"
ADDON = "service_billing_qbo"


class Databases:
    """Makes and copies databases with the filestores that belong to them, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fresh(self, name: str) -> None:
        """A new database ``name`` with the addon installed; one of that name is dropped."""
        base, ready = _odoo_fingerprint(), _addon_fingerprint()
        if _comment(BASE) != base:
            self._make_base(base)
        if _comment(READY) != ready:
            self._make_ready(ready)
        self._copy(READY, name)

    def drop(self, name: str) -> None:
        """Drop a database and its filestore."""
        self._odoo("db", f"dropping database {name}", "drop", name)

    def _make_base(self, fingerprint: str) -> None:
        self._odoo("db", "making Odoo's database", "init", BASE, "--force", "--country=US")
        self._install(BASE, BASE_MODULES)
        _set_comment(BASE, fingerprint)

    def _make_ready(self, fingerprint: str) -> None:
        self._copy(BASE, READY)
        self._install(READY, ADDON)
        _set_comment(READY, fingerprint)

    def _install(self, name: str, modules: str) -> None:
        self._odoo(
            "server",
            f"installing {modules} in {name}",
            f"--database={name}",
            f"--init={modules}",
            "--stop-after-init",
            "--no-http",
            "--max-cron-threads=0",
        )

    def _copy(self, source: str, name: str) -> None:
        self._odoo("db", f"copying {source} to {name}", "duplicate", "--force", source, name)

    def _odoo(self, command: str, what: str, *arguments: str) -> None:
        data = f"--data-dir={self._folder / 'data'}"
        commands.run(
            [str(ROOT / "setup/odoo"), command, data, *arguments],
            what,
            self._folder / f"{what.split()[0]}.log",
        )


def _comment(name: str) -> str | None:
    """The comment on a database; None when there is no such database, or no comment on it."""
    with _cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", (name,)
        )
        found = cursor.fetchone()
        return found[0] if found else None


def _set_comment(name: str, text: str) -> None:
    with _cursor() as cursor:
        cursor.execute(SQL("COMMENT ON DATABASE {} IS {}").format(Identifier(name), Literal(text)))


def _cursor():
    connection = psycopg2.connect(dbname="postgres")
    connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    return connection.cursor()


def _odoo_fingerprint() -> str:
    """Which Odoo, and which of its modules, the base is made of."""
    release = importlib.util.find_spec("odoo.release")
    if release is None or release.origin is None:
        raise ModuleNotFoundError("odoo is not importable; start this by setup/demo")
    return _fingerprint([Path(release.origin)], release.origin + BASE_MODULES)


def _addon_fingerprint() -> str:
    """What the addon consists of, but for its tests."""
    addon = ROOT / ADDON
    files = [
        path
        for path in addon.rglob("*")
        if path.is_file() and not {"__pycache__", "tests"} & set(path.relative_to(addon).parts)
    ]
    return _fingerprint(files, _odoo_fingerprint())


def _fingerprint(files: Iterable[Path], more: str) -> str:
    digest = hashlib.sha256(more.encode())
    for path in sorted(files):
        digest.update(f"{path}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:32]
