"""Two Odoo servers on one database, four QuickBooks companies: each document once."""

import os
from contextlib import ExitStack

import pytest
from checks import databases
from demo_run import database
from demo_run.processes import free_port, odoo
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

REALM_COUNT = 4
INVOICE_COUNT = 16
EXPORT_TIMEOUT_S = 60


@pytest.fixture
def emulator(tmp_path):
    """QuickBooks with four companies."""
    with emulator_of(REALM_COUNT, tmp_path) as emulator:
        yield emulator


def test_four_companies_are_drained_by_two_nodes(emulator, tmp_path):
    """No company by two nodes at a time, and no document twice or never."""
    info = emulator.info()
    template = os.environ.get("QBO_TEST_TEMPLATE") or database.template()
    with databases.fresh_copy(template, "nodes") as name, ExitStack() as servers:
        realm_ids = make_companies(name, info, INVOICE_COUNT)
        nodes = [
            odoo(free_port(), name, tmp_path / f"node{number}", settings_of(info))
            for number in (1, 2)
        ]
        for node in nodes:
            servers.callback(node.stop)
            node.start("/web/health")
        ask("postgres", f"SELECT pg_notify('cron_trigger', '{name}')")

        until(
            lambda: all_exported(name), "all invoices to be exported", EXPORT_TIMEOUT_S
        )

    for realm_id in realm_ids:
        numbers = [one["DocNumber"] for one in emulator.books(realm_id)["Invoice"]]
        assert len(numbers) == len(set(numbers)) == INVOICE_COUNT
    first, second = (sent_in(node.log) for node in nodes)
    assert first, "the first node did nothing"
    assert second, "the second node did nothing"
    assert [pair for pair in at_once(first, second) if pair[0][0] == pair[1][0]] == []
