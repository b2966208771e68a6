"""Intuit's and other people's clients, as published, against the emulator."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator

import pytest
from intuitlib.client import AuthClient

from qbo_emulator.testing import EmulatorProcess

from ..recorded import check_answers
from .target import Target, auth_client, connect, sandbox, sandbox_file

# python-quickbooks asks for a newer requests than Odoo has on Python 3.10, where
# requirements-dev.txt leaves it out.
HAS_QUICKBOOKS = importlib.util.find_spec("quickbooks") is not None
collect_ignore_glob = [] if HAS_QUICKBOOKS else ["test_quickbooks_*.py"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "needs_emulator: cannot be done with a sandbox and without a person"
    )


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Against the sandbox only what a sandbox can answer is selected."""
    if sandbox_file() is None:
        return
    kept = [item for item in items if not item.get_closest_marker("needs_emulator")]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(autouse=True)
def plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """oauthlib's own switch for services on this machine, which speak no TLS."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture(scope="session")
def sandbox_target() -> Target | None:
    """The sandbox, connected once: each refresh is one of the app's calls."""
    keys_file = sandbox_file()
    return None if keys_file is None else sandbox(keys_file)


@pytest.fixture
def auth(emulator: EmulatorProcess) -> AuthClient:
    """Intuit's client, not connected yet."""
    return auth_client(emulator)


@pytest.fixture
def target(sandbox_target: Target | None, request: pytest.FixtureRequest) -> Target:
    """A connected company."""
    if sandbox_target is not None:
        return sandbox_target
    return connect(request.getfixturevalue("emulator"))


@pytest.fixture
def target_of_kind(
    companies_process: EmulatorProcess,
) -> Iterator[Callable[[str], Target]]:
    """A connected company of one of the emulator's kinds; answers are checked."""
    companies_process.reset()
    yield lambda kind: connect(companies_process, kind)
    check_answers(companies_process)


if HAS_QUICKBOOKS:
    from quickbooks import QuickBooks

    def quickbooks_client(target: Target) -> QuickBooks:
        """Return python-quickbooks' client; only its addresses are set."""
        client = QuickBooks(
            auth_client=target.auth, company_id=target.realm_id, minorversion=75
        )
        client.api_url_v3 = client.sandbox_api_url_v3 = target.api_url
        return client

    @pytest.fixture
    def qb(target: Target) -> QuickBooks:
        """A connected company, through python-quickbooks."""
        return quickbooks_client(target)

    @pytest.fixture
    def qb_of_kind(
        target_of_kind: Callable[[str], Target],
    ) -> Callable[..., QuickBooks]:
        """A company of one of the emulator's kinds, through python-quickbooks."""
        return lambda kind: quickbooks_client(target_of_kind(kind))
