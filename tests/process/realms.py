"""Several QuickBooks companies, each with an Odoo company whose invoices wait."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2
from demo_run.emulator_view import EmulatorView
from demo_run.processes import ROOT, Server, free_port

# Slow enough that passes last for seconds.
LATENCY = "250+10"
# Small batches: several calls of each company, of few invoices.
BATCH_SIZE = 4
COMPANIES = "from demo_run.several_companies import main; main(env)\n"
# What is sent; others may read a company at the same time (its lists, its changes).
SENT = re.compile(
    r"(?P<time>\S+ \S+) .*: POST /v3/company/(?P<realm>\d+)/(batch|customer|invoice) "
    r"\d+ .* (?P<ms>\d+) ms"
)


@contextmanager
def emulator_of(realm_count: int, folder: Path) -> Iterator[EmulatorView]:
    """QuickBooks with so many companies, some time away."""
    port = free_port()
    command = [str(ROOT / "setup/emulator"), "--port", str(port), "--latency", LATENCY]
    command += ["--company", "us"] * realm_count
    server = Server(command, f"http://127.0.0.1:{port}", folder / "emulator.log", {})
    server.start("/_emulator/info")
    try:
        yield EmulatorView(server.url)
    finally:
        server.stop()


def settings_of(info: dict) -> dict[str, str]:
    """The environment by which Odoo finds this QuickBooks and its app's keys."""
    return {
        "SERVICE_BILLING_QBO_CLIENT_ID": info["client_id"],
        "SERVICE_BILLING_QBO_CLIENT_SECRET": info["client_secret"],
        "SERVICE_BILLING_QBO_DISCOVERY_URL": info["discovery_url"],
        "SERVICE_BILLING_QBO_API_BASE_URL": info["base_url"],
    }


def make_companies(name: str, info: dict, invoice_count: int) -> dict[str, int]:
    """Connect a company to each realm and post invoices; connection ids by realm."""
    realm_ids = [realm["realm_id"] for realm in info["realms"]]
    environment = {
        **os.environ,
        **settings_of(info),
        "REALM_IDS": " ".join(realm_ids),
        "INVOICE_COUNT": str(invoice_count),
        "BATCH_SIZE": str(BATCH_SIZE),
    }
    command = [ROOT / "setup/odoo", "shell", "-d", name, "--no-http"]
    told = subprocess.run(
        [*command, "--max-cron-threads=0", "--log-level=error"],
        input=COMPANIES,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    made: dict[str, int] = json.loads(told.splitlines()[-1])
    assert list(made) == realm_ids
    return made


def ask(name: str, statement: str) -> list[tuple]:
    """The rows that a statement finds in a database."""
    with closing(psycopg2.connect(dbname=name)) as connection, connection:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()


def all_exported(name: str) -> bool:
    """Whether nothing in the outbox of a database is left to do."""
    return not ask(name, "SELECT FROM qbo_export WHERE state <> 'exported' LIMIT 1")


def sent_in(log: Path) -> list[tuple]:
    """(realm, begin, end) of each call that sent something, as a server logged it."""
    calls = []
    for line in log.read_text(encoding="utf-8").splitlines():
        if found := SENT.match(line):
            end = datetime.strptime(found["time"], "%Y-%m-%d %H:%M:%S,%f")
            begin = end - timedelta(milliseconds=int(found["ms"]))
            calls.append((found["realm"], begin, end))
    return calls


def at_once(first: list[tuple], second: list[tuple]) -> list[tuple]:
    """Pairs of calls, one of each list, that were under way at the same time."""
    return [
        (mine, theirs)
        for mine in first
        for theirs in second
        if mine[1] < theirs[2] and theirs[1] < mine[2]
    ]
