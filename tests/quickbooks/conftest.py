"""Fixtures of the plain client's tests; Odoo is not imported."""

from __future__ import annotations

import ssl
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# A machine that is busy with something else is no failure.
settings.register_profile("quickbooks", deadline=None)
settings.load_profile("quickbooks")

_ADDON = Path(__file__).parents[2] / "service_billing_qbo"
if "service_billing_qbo" not in sys.modules:
    # The addon's own __init__ imports Odoo; the client lives without it.
    _package = types.ModuleType("service_billing_qbo")
    _package.__path__ = [str(_ADDON)]
    sys.modules["service_billing_qbo"] = _package

from tests.quickbooks.certificates import self_signed  # noqa: E402
from tests.quickbooks.company import Company  # noqa: E402
from tests.quickbooks.raw_server import RawServer  # noqa: E402

from qbo_emulator.testing import EmulatorProcess  # noqa: E402


@pytest.fixture
def addon_folder() -> Path:
    return _ADDON


@pytest.fixture
def raw_server() -> Iterator[RawServer]:
    """A server that answers with exactly the bytes that a test gives it."""
    with RawServer() as server:
        yield server


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1, with its key, that nobody trusts by default."""
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(self_signed("127.0.0.1"))
    return path


@pytest.fixture
def ca_bundle(certificate: Path) -> str:
    return str(certificate)


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[RawServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with RawServer(context) as server:
        yield server


@pytest.fixture(scope="session")
def emulator_process() -> Iterator[EmulatorProcess]:
    with EmulatorProcess("us") as process:
        yield process


@pytest.fixture
def emulator(emulator_process: EmulatorProcess) -> EmulatorProcess:
    """QuickBooks as it was founded: no tokens, no faults, nothing booked."""
    emulator_process.reset()
    return emulator_process


@pytest.fixture
def company(emulator: EmulatorProcess) -> Company:
    return Company(emulator)
