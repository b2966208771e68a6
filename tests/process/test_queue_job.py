"""The optional addon for the OCA's job queue: its own tests, and a jobs runner."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from checks import databases
from checks.results import from_odoo_log
from demo_run import database
from demo_run.emulator_view import EmulatorView
from demo_run.processes import ROOT, Server, free_port
from demo_run.wait import until

from tests.process.realms import (
    all_exported,
    ask,
    at_once,
    emulator_of,
    make_companies,
    sent_in,
    settings_of,
)

ADDON = "service_billing_qbo_queue_job"
REALM_COUNT = 2
INVOICE_COUNT = 32
INSTALL_TIMEOUT_S = 300
EXPORT_TIMEOUT_S = 90


@pytest.fixture(scope="module")
def tested(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """A database with the addon, and Odoo's log of installing and testing it there."""
    template = os.environ.get("QBO_TEST_TEMPLATE") or database.template()
    log = tmp_path_factory.mktemp("queue_job") / "odoo.log"
    with databases.fresh_copy(template, "queue_job") as name:
        command = [sys.executable, "-m", "odoo", "server", f"--database={name}"]
        command += [f"--init={ADDON}", f"--test-tags=/{ADDON}", "--stop-after-init"]
        command += [f"--http-port={free_port()}", "--max-cron-threads=0"]
        with log.open("w", encoding="utf-8") as output:
            subprocess.run(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=INSTALL_TIMEOUT_S,
                check=False,
            )
        yield name, log


@pytest.fixture
def emulator(tmp_path) -> Iterator[EmulatorView]:
    """QuickBooks with two companies."""
    with emulator_of(REALM_COUNT, tmp_path) as emulator:
        yield emulator


def odoo_with_runner(name: str, folder: Path, info: dict) -> Server:
    """An Odoo server whose jobs runner has room for two, without scheduled actions."""
    port = free_port()
    command = [str(ROOT / "setup/odoo"), "server", f"--database={name}"]
    command += [f"--db-filter=^{name}$", "--load=base,web,queue_job"]
    command += ["--http-interface=127.0.0.1", f"--http-port={port}"]
    command += ["--workers=0", "--max-cron-threads=0"]
    channels = {"ODOO_QUEUE_JOB_CHANNELS": "root:4,root.quickbooks:2"}
    environment = {**settings_of(info), **channels}
    return Server(command, f"http://localhost:{port}", folder / "odoo.log", environment)


def woken_and_exported(name: str) -> bool:
    """Whether all is exported. The runner looks for jobs whose worker died once a
    minute, and whenever something happens: something does."""
    ask(name, "SELECT pg_notify('queue_job', uuid) FROM queue_job")
    return all_exported(name)


def test_the_addons_own_tests_pass(tested) -> None:
    """They need queue_job, which no other test database has."""
    result = from_odoo_log("queue_job", tested[1])
    assert result.good, result.notes


def test_jobs_drain_two_companies_and_outlive_a_kill(
    tested, emulator, tmp_path
) -> None:
    """One job a company; its server is killed while it sends: each document once."""
    name, _log = tested
    info = emulator.info()
    connections = make_companies(name, info, INVOICE_COUNT)
    channels = {f"root.quickbooks.{id_}" for id_ in connections.values()}
    waiting = ask(name, "SELECT channel FROM queue_job WHERE state = 'pending'")
    assert sorted(channel for (channel,) in waiting) == sorted(channels)

    server = odoo_with_runner(name, tmp_path, info)
    try:
        server.start("/web/health")
        until(lambda: len(sent_in(server.log)) >= 4, "some calls", EXPORT_TIMEOUT_S)
        os.killpg(server.pid, signal.SIGKILL)
        server.stop()
        assert not all_exported(name), "it was killed at work"
        server.start("/web/health")
        until(lambda: woken_and_exported(name), "the rest", EXPORT_TIMEOUT_S)
        until(
            lambda: not ask(name, "SELECT FROM queue_job WHERE state <> 'done'"),
            "all jobs to end",
            EXPORT_TIMEOUT_S,
        )
    finally:
        server.stop()

    for realm_id in connections:
        numbers = [one["DocNumber"] for one in emulator.books(realm_id)["Invoice"]]
        assert len(numbers) == len(set(numbers)) == INVOICE_COUNT
    done = ask(name, "SELECT DISTINCT channel FROM queue_job")
    assert {channel for (channel,) in done} == channels
    by_realm = [
        [call for call in sent_in(server.log) if call[0] == realm_id]
        for realm_id in connections
    ]
    assert at_once(*by_realm), "the companies waited for each other"
