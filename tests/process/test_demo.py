"""setup/demo, the first command of the README, run as a newcomer runs it."""

import json
import os
import signal
import subprocess

import psutil
import pytest
from checks import databases
from demo_run.processes import ROOT

INVOICE_COUNT = 13
TIMEOUT_S = 400


@pytest.fixture
def demo_name():
    """A name of its own: somebody may be looking at a demo on this machine."""
    name = f"qbo_test_demo_{os.getpid()}"
    yield name
    databases.drop(name)


def start(name, *arguments):
    """setup/demo with its progress on a pipe, in a session of its own."""
    return subprocess.Popen(
        [ROOT / "setup/demo", "--no-serve", *arguments],
        env={**os.environ, "DEMO_NAME": name},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def servers_of(name):
    """Command lines of what still runs for a demo."""
    return [
        command
        for process in psutil.process_iter(["cmdline"])
        if (command := " ".join(process.info["cmdline"] or ())).find(name) >= 0
    ]


def test_demo_ends_well_and_leaves_nothing_running(demo_name, tmp_path):
    result = tmp_path / "result.json"
    demo = start(demo_name, "--invoices", str(INVOICE_COUNT), "--json", str(result))
    table, progress = demo.communicate(timeout=TIMEOUT_S)
    assert demo.returncode == 0, progress
    assert servers_of(demo_name) == []

    found = json.loads(result.read_text(encoding="utf-8"))
    assert len(found["invoices"]) == INVOICE_COUNT
    assert all(row["number"] in table for row in found["invoices"])
    for row in found["invoices"]:
        assert row["state"] == "exported"
        assert row["odoo_total"] == row["qbo_total"]
        assert row["odoo_tax"] == row["qbo_tax"]
    assert found["calls"]["create"] >= INVOICE_COUNT
    assert found["calls"]["read_after_create"] == 0


def test_demo_that_is_stopped_half_way_leaves_nothing_running(demo_name):
    demo = start(demo_name)
    for line in demo.stderr:
        if "making the company" in line:
            break
    demo.send_signal(signal.SIGTERM)
    _table, progress = demo.communicate(timeout=TIMEOUT_S)
    assert demo.returncode == 130, progress
    assert servers_of(demo_name) == []
