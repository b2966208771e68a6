"""The variable that points the contract tests elsewhere does so."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qbo_emulator.testing import EmulatorProcess

from .target import REDIRECT_URI, VARIABLE, connect

FOLDER = Path(__file__).parent


@pytest.mark.needs_emulator
def test_contract_tests_run_with_the_keys_of_a_file(
    start: Callable[..., EmulatorProcess], tmp_path: Path
) -> None:
    """Another emulator stands for the sandbox: the tests reach it by the file alone,
    leave out what needs a person, and keep the refresh token in the file alive."""
    elsewhere = start()
    info, connected = elsewhere.info(), connect(elsewhere)
    keys = {
        "client_id": info["client_id"],
        "client_secret": info["client_secret"],
        "redirect_uri": REDIRECT_URI,
        "realm_id": connected.realm_id,
        "refresh_token": connected.auth.refresh_token,
        "discovery_url": info["discovery_url"],
        "api_url": connected.api_url,
    }
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(keys))
    elsewhere.advance_clock(25 * 3600)  # the next refresh brings a new value
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:odoo", "-q"),
            *("-p", "no:cacheprovider", str(FOLDER / "test_intuit_oauth.py")),
        ],
        cwd=FOLDER.parents[2],
        env={**os.environ, VARIABLE: str(file)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"3 passed, \d+ deselected", done.stdout), done.stdout
    calls = [call["path"] for call in elsewhere.requests()]
    assert f"/v3/company/{connected.realm_id}/preferences" in calls
    assert json.loads(file.read_text())["refresh_token"] != keys["refresh_token"]
