"""Two Odoo servers on one database, four QuickBooks companies: each document once."""

import json
import os
import re
import subprocess
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2
import pytest
from checks import databases
from demo_run import database
from demo_run.emulator_view import EmulatorView
from demo_run.processes import ROOT, Server, free_port, odoo
from demo_run.wait import until

REALM_COUNT = 4
INVOICE_COUNT = 16
EXPORT_TIMEOUT_S = 60
# Slow enough that passes last for seconds.
LATENCY = "250+10"
COMPANIES = Path(__file__).with_name("four_companies.py")
# What is sent; others may read a company at the same time (its lists, its changes).
SENT = re.compile(
    r"(?P<time>\S+ \S+) .*: POST /v3/company/(?P<realm>\d+)/(batch|customer|invoice) "
    r"\d+ .* (?P<ms>\d+) ms"
)


@pytest.fixture
def emulator(tmp_path):
    """QuickBooks with four companies, some time away."""
    port = free_port()
    command = [str(ROOT / "setup/emulator"), "--port", str(port), "--latency", LATENCY]
    command += ["--company", "us"] * REALM_COUNT
    server = Server(command, f"http://127.0.0.1:{port}", tmp_path / "emulator.log", {})
    server.start("/_emulator/info")
    yield EmulatorView(server.url)
    server.stop()


def settings_of(info):
    return {
        "SERVICE_BILLING_QBO_CLIENT_ID": info["client_id"],
        "SERVICE_BILLING_QBO_CLIENT_SECRET": info["client_secret"],
        "SERVICE_BILLING_QBO_DISCOVERY_URL": info["discovery_url"],
        "SERVICE_BILLING_QBO_API_BASE_URL": info["base_url"],
    }


def make_companies(name, info):
    """Four companies that are connected, with invoices that wait; their realms."""
    realm_ids = [realm["realm_id"] for realm in info["realms"]]
    environment = {
        **os.environ,
        **settings_of(info),
        "REALM_IDS": " ".join(realm_ids),
        "INVOICE_COUNT": str(INVOICE_COUNT),
    }
    command = [ROOT / "setup/odoo", "shell", "-d", name, "--no-http"]
    told = subprocess.run(
        [*command, "--max-cron-threads=0", "--log-level=error"],
        input=COMPANIES.read_text(encoding="utf-8"),
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    assert list(json.loads(told.splitlines()[-1])) == realm_ids
    return realm_ids


def ask(name, statement):
    with closing(psycopg2.connect(dbname=name)) as connection, connection:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()


def sent_in(log):
    """(realm, begin, end) of each call that sent something, as a server logged it."""
    calls = []
    for line in log.read_text(encoding="utf-8").splitlines():
        if found := SENT.match(line):
            end = datetime.strptime(found["time"], "%Y-%m-%d %H:%M:%S,%f")
            begin = end - timedelta(milliseconds=int(found["ms"]))
            calls.append((found["realm"], begin, end))
    return calls


def test_four_companies_are_drained_by_two_nodes(emulator, tmp_path):
    """No company by two nodes at a time, and no document twice or never."""
    info = emulator.info()
    template = os.environ.get("QBO_TEST_TEMPLATE") or database.template()
    with databases.fresh_copy(template, "nodes") as name, ExitStack() as servers:
        realm_ids = make_companies(name, info)
        nodes = [
            odoo(free_port(), name, tmp_path / f"node{number}", settings_of(info))
            for number in (1, 2)
        ]
        for node in nodes:
            servers.callback(node.stop)
            node.start("/web/health")
        ask("postgres", f"SELECT pg_notify('cron_trigger', '{name}')")

        until(
            lambda: (
                not ask(
                    name, "SELECT FROM qbo_export WHERE state <> 'exported' LIMIT 1"
                )
            ),
            "all invoices to be exported",
            EXPORT_TIMEOUT_S,
        )

    for realm_id in realm_ids:
        numbers = [one["DocNumber"] for one in emulator.books(realm_id)["Invoice"]]
        assert len(numbers) == len(set(numbers)) == INVOICE_COUNT
    first, second = (sent_in(node.log) for node in nodes)
    assert first, "the first node did nothing"
    assert second, "the second node did nothing"
    together = [
        (mine, theirs)
        for mine in first
        for theirs in second
        if mine[0] == theirs[0] and mine[1] < theirs[2] and theirs[1] < mine[2]
    ]
    assert together == []
