"""For all tests that are not the addon's own: they run beside Odoo, never within it."""

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def no_odoo_in_this_process() -> Iterator[None]:
    """What these tests use must work without Odoo; who needs it starts a process."""
    yield
    loaded = sorted(name for name in sys.modules if name.split(".")[0] == "odoo")
    assert not loaded, f"a test imported Odoo: {loaded[:3]}"
