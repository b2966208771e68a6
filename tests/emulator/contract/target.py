"""Where the contract tests go: the emulator, or Intuit's sandbox.

``QBO_CONTRACT_SANDBOX`` names a JSON file with ``client_id``, ``client_secret``,
``redirect_uri``, ``realm_id`` and ``refresh_token`` of a sandbox company; the file is
kept up to date, since the refresh token changes. ``discovery_url`` and ``api_url`` in
it name another service than the sandbox. Without the variable the tests run against the
emulator. Tests that need a person at the consent page, or a company of another kind,
are left out against the sandbox.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes

from qbo_emulator.testing import EmulatorProcess

VARIABLE = "QBO_CONTRACT_SANDBOX"
REDIRECT_URI = "http://localhost:8069/callback"
SANDBOX_API = "https://sandbox-quickbooks.api.intuit.com/v3"
_TIMEOUT_S = 20


@dataclass(frozen=True)
class Target:
    """A connected company: who asks, where, and for which company."""

    auth: AuthClient
    api_url: str
    realm_id: str


def sandbox_file() -> Path | None:
    """Return the file of the sandbox's keys, None where the emulator is meant."""
    name = os.environ.get(VARIABLE)
    return Path(name) if name else None


def sandbox(keys_file: Path) -> Target:
    """Connect to Intuit's sandbox with the refresh token of the file."""
    keys = json.loads(keys_file.read_text(encoding="utf-8"))
    auth = AuthClient(
        keys["client_id"],
        keys["client_secret"],
        keys["redirect_uri"],
        keys.get("discovery_url", "sandbox"),
    )
    auth.refresh(keys["refresh_token"])
    keys["refresh_token"] = auth.refresh_token
    keys_file.write_text(json.dumps(keys, indent=2), encoding="utf-8")
    return Target(auth, keys.get("api_url", SANDBOX_API), keys["realm_id"])


def auth_client(emulator: EmulatorProcess, **changes: str) -> AuthClient:
    """Return Intuit's own client for the emulator's app; endpoints by discovery."""
    info = emulator.info()
    return AuthClient(
        **{
            "client_id": info["client_id"],
            "client_secret": info["client_secret"],
            "redirect_uri": REDIRECT_URI,
            "environment": info["discovery_url"],
            **changes,
        }
    )


def consent(
    authorize_url: str, decision: str = "authorize", realm_id: str | None = None
) -> dict[str, str]:
    """Press a button of the consent page; return what comes back to the app."""
    page = requests.get(authorize_url, timeout=_TIMEOUT_S)
    assert page.status_code == 200, page.text
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    offered = re.findall(r'<option value="(\d+)"', page.text)
    form.update(decision=decision, realm_id=realm_id or offered[0])
    endpoint = authorize_url.partition("?")[0]
    answer = requests.post(
        endpoint, data=form, allow_redirects=False, timeout=_TIMEOUT_S
    )
    assert answer.status_code == 302, answer.text
    query = urlsplit(answer.headers["Location"]).query
    return {name: values[0] for name, values in parse_qs(query).items()}


def connect(emulator: EmulatorProcess, kind: str | None = None) -> Target:
    """Go through the whole flow with Intuit's client; ``kind`` chooses the company."""
    auth = auth_client(emulator)
    realms = emulator.info()["realms"]
    realm_id = next(
        realm["realm_id"] for realm in realms if kind in (None, realm["kind"])
    )
    back = consent(auth.get_authorization_url([Scopes.ACCOUNTING]), realm_id=realm_id)
    auth.get_bearer_token(back["code"], realm_id=back["realmId"])
    return Target(auth, f"{emulator.base_url}/v3", back["realmId"])


def unique(text: str) -> str:
    """Return a name that no other run has used: a sandbox keeps what it was given."""
    return f"{text} {uuid.uuid4().hex[:10]}"
