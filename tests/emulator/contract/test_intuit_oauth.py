"""Intuit's client for Python (intuit-oauth), unmodified: every flow that it knows."""

from __future__ import annotations

import pytest
import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from intuitlib.utils import validate_id_token

from qbo_emulator.testing import EmulatorProcess

from .target import Target, auth_client, consent

SCOPES = [Scopes.OPENID, Scopes.EMAIL, Scopes.ACCOUNTING]


def signed_in(auth: AuthClient, scopes: list[Scopes] | None = None) -> AuthClient:
    back = consent(auth.get_authorization_url(scopes or SCOPES))
    auth.get_bearer_token(back["code"], realm_id=back.get("realmId"))
    return auth


def api_status(emulator: EmulatorProcess, auth: AuthClient) -> int:
    return requests.get(
        f"{emulator.base_url}/v3/company/{auth.realm_id}/companyinfo/{auth.realm_id}",
        headers={
            "Authorization": f"Bearer {auth.access_token}",
            "Accept": "application/json",
        },
        timeout=20,
    ).status_code


@pytest.mark.needs_emulator
@pytest.mark.parametrize(
    "document", ["openid_configuration", "openid_sandbox_configuration"]
)
def test_discovery_gives_the_client_all_its_endpoints(
    emulator: EmulatorProcess, document: str
) -> None:
    auth = auth_client(
        emulator, environment=f"{emulator.base_url}/.well-known/{document}/"
    )
    assert auth.issuer_uri == "https://oauth.platform.intuit.com/op/v1"
    for url in (
        auth.auth_endpoint,
        auth.token_endpoint,
        auth.revoke_endpoint,
        auth.jwks_uri,
        auth.user_info_url,
    ):
        assert url.startswith(emulator.base_url)


@pytest.mark.needs_emulator
def test_code_flow_ends_with_tokens_that_open_the_company(
    emulator: EmulatorProcess, auth: AuthClient
) -> None:
    url = auth.get_authorization_url(SCOPES)
    back = consent(url)
    assert back["state"] == auth.state_token
    auth.get_bearer_token(back["code"], realm_id=back["realmId"])
    assert auth.expires_in == 3600
    assert auth.x_refresh_token_expires_in == 8726400
    assert api_status(emulator, auth) == 200


@pytest.mark.needs_emulator
def test_sign_in_without_accounting_names_no_company(auth: AuthClient) -> None:
    back = consent(auth.get_authorization_url([Scopes.OPENID, Scopes.PROFILE]))
    assert "realmId" not in back
    auth.get_bearer_token(back["code"])
    assert auth.get_user_info().json()["givenName"] == "Ana"


@pytest.mark.needs_emulator
def test_cancel_brings_access_denied(auth: AuthClient) -> None:
    back = consent(auth.get_authorization_url(SCOPES), "cancel")
    assert back == {"error": "access_denied", "state": auth.state_token}


@pytest.mark.needs_emulator
def test_id_token_passes_the_client_s_own_validation(auth: AuthClient) -> None:
    """It sets ``id_token`` only after signature, issuer, audience and expiry."""
    signed_in(auth)
    assert auth.id_token.count(".") == 2
    head, claims, signature = auth.id_token.split(".")
    forged = f"{head}.{claims}.{signature[::-1]}"
    assert not validate_id_token(forged, auth.client_id, auth.issuer_uri, auth.jwks_uri)


@pytest.mark.needs_emulator
def test_userinfo_tells_who_signed_in(auth: AuthClient) -> None:
    who = signed_in(auth).get_user_info().json()
    assert {"sub", "email", "emailVerified", "givenName", "address"} <= who.keys()


def test_refresh_brings_a_token_that_works(target: Target) -> None:
    old = target.auth.access_token
    target.auth.refresh()
    assert target.auth.access_token != old
    answer = requests.get(
        f"{target.api_url}/company/{target.realm_id}/preferences",
        headers={
            "Authorization": f"Bearer {target.auth.access_token}",
            "Accept": "application/json",
        },
        timeout=20,
    )
    assert answer.status_code == 200


@pytest.mark.needs_emulator
def test_refresh_value_changes_daily_and_the_old_one_dies(
    emulator: EmulatorProcess, auth: AuthClient
) -> None:
    first = signed_in(auth).refresh_token
    auth.refresh()
    assert auth.refresh_token == first
    emulator.advance_clock(25 * 3600)
    auth.refresh()
    assert auth.refresh_token != first
    with pytest.raises(AuthClientError, match="invalid_grant"):
        auth.refresh(first)


@pytest.mark.needs_emulator
def test_the_later_of_two_refreshing_processes_is_refused(
    emulator: EmulatorProcess, auth: AuthClient
) -> None:
    value = signed_in(auth).refresh_token
    other = auth_client(emulator)
    emulator.advance_clock(25 * 3600)
    other.refresh(value)
    with pytest.raises(AuthClientError) as refused:
        auth.refresh()
    assert refused.value.status_code == 400
    assert b"invalid_grant" in refused.value.content


@pytest.mark.needs_emulator
@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_the_connection(
    emulator: EmulatorProcess, auth: AuthClient, which: str
) -> None:
    signed_in(auth)
    assert auth.revoke(getattr(auth, which)) is True
    assert api_status(emulator, auth) == 401
    with pytest.raises(AuthClientError, match="invalid_grant"):
        auth.refresh()
    with pytest.raises(AuthClientError) as refused:
        auth.get_user_info()
    assert refused.value.status_code == 401


@pytest.mark.needs_emulator
def test_disconnect_by_the_user_is_learnt_from_the_next_call(
    emulator: EmulatorProcess, auth: AuthClient
) -> None:
    """There is no notice from server to server: a 401 and ``invalid_grant`` tell."""
    signed_in(auth)
    emulator.disconnect(auth.realm_id)
    assert api_status(emulator, auth) == 401
    with pytest.raises(AuthClientError, match="invalid_grant"):
        auth.refresh()
    signed_in(auth)
    assert api_status(emulator, auth) == 200


def test_wrong_keys_are_an_invalid_client(target: Target) -> None:
    auth = target.auth
    right, auth.client_secret = auth.client_secret, "wrong"
    try:
        with pytest.raises(AuthClientError) as refused:
            auth.refresh()
    finally:
        auth.client_secret = right
    assert refused.value.status_code == 401
    assert b"invalid_client" in refused.value.content
    assert refused.value.intuit_tid


def test_unknown_refresh_token_is_an_invalid_grant(target: Target) -> None:
    with pytest.raises(AuthClientError) as refused:
        target.auth.refresh("AB11000000000000000000000000000000000000000000000x")
    assert refused.value.status_code == 400
    assert b"invalid_grant" in refused.value.content


@pytest.mark.needs_emulator
def test_code_is_good_once_and_for_its_redirect_address(
    emulator: EmulatorProcess, auth: AuthClient
) -> None:
    code = consent(auth.get_authorization_url(SCOPES))["code"]
    other = auth_client(emulator, redirect_uri="http://localhost:8069/other")
    with pytest.raises(AuthClientError, match="invalid_grant"):
        other.get_bearer_token(code)
    auth.get_bearer_token(code)
    with pytest.raises(AuthClientError, match="invalid_grant"):
        auth.get_bearer_token(code)


@pytest.mark.needs_emulator
def test_question_without_grant_type_is_an_invalid_request(auth: AuthClient) -> None:
    answer = requests.post(
        auth.token_endpoint,
        auth=(auth.client_id, auth.client_secret),
        timeout=20,
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
