"""A shop for the tests of a file: a real Odoo that is connected to a real emulator."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "setup"))

from checks import databases  # noqa: E402 - found through the path above
from demo_run import database  # noqa: E402
from demo_run.quickbooks_side import EmulatorSide  # noqa: E402
from demo_run.sample import CUSTOMERS  # noqa: E402
from demo_run.shop import Shop  # noqa: E402


@pytest.fixture(scope="module")
def quickbooks(tmp_path_factory) -> Iterator[EmulatorSide]:
    """An emulator whose books outlive its process."""
    side = EmulatorSide("us", tmp_path_factory.mktemp("quickbooks"), keep_state=True)
    side.start()
    yield side
    side.stop()


@pytest.fixture(scope="module")
def shop(quickbooks: EmulatorSide, tmp_path_factory) -> Iterator[Shop]:
    """A company that is connected and mapped, on an Odoo server of its own."""
    template = os.environ.get("QBO_TEST_TEMPLATE") or database.template()
    folder = tmp_path_factory.mktemp("odoo")
    with databases.fresh_copy(template, "shop") as copy:
        with Shop(copy, folder, quickbooks) as shop:
            shop.open(CUSTOMERS)
            shop.connect()
            yield shop
