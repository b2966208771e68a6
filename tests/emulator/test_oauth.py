"""Sign-in, tokens and their ends."""

from __future__ import annotations

import requests

from qbo_emulator.testing import EmulatorProcess

from .conftest import REDIRECT_URI, App

DAY_S = 24 * 3600


def refresh(app: App, value: str) -> requests.Response:
    return app.token(grant_type="refresh_token", refresh_token=value)


def error_of(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_discovery_names_intuit_and_endpoints_on_this_machine(
    app: App,
) -> None:
    for path in ("openid_configuration", "openid_sandbox_configuration"):
        url = f"{app.info['base_url']}/.well-known/{path}/"
        found = requests.get(url, timeout=10).json()
        assert found["issuer"] == "https://oauth.platform.intuit.com/op/v1"
        assert found["token_endpoint"].startswith(app.info["base_url"])


def test_consent_leads_to_tokens_of_the_chosen_company(app: App) -> None:
    answer = app.decide()
    assert answer["state"] == "s-1"
    assert answer["realmId"] == app.info["realms"][0]["realm_id"]
    tokens = app.exchange(answer["code"]).json()
    assert tokens["token_type"] == "bearer"
    assert tokens["expires_in"] == 3600
    assert tokens["x_refresh_token_expires_in"] == 8726400
    assert tokens["refresh_token"].startswith("AB11")
    assert "id_token" not in tokens


def test_company_picker_offers_every_company(start) -> None:
    app = App(start("us", "us"))
    second = app.info["realms"][1]["realm_id"]
    assert second in app.ask().text
    assert app.connect(realm_id=second).realm_id == second


def test_cancel_is_told_to_the_app(app: App) -> None:
    assert app.decide("cancel") == {"error": "access_denied", "state": "s-1"}


def test_wrong_questions_never_reach_the_consent_page(app: App) -> None:
    assert app.ask(client_id="unknown").status_code == 400
    assert app.ask(redirect_uri="https://elsewhere.example.com/cb").status_code == 400
    wrong_scope = app.ask(scope="world.domination")
    assert wrong_scope.headers["Location"].startswith(
        f"{REDIRECT_URI}?error=invalid_scope"
    )


def test_code_works_once_and_its_second_use_kills_the_tokens(app: App) -> None:
    code = app.decide()["code"]
    tokens = app.exchange(code).json()
    assert error_of(app.exchange(code)) == (400, "invalid_grant")
    assert error_of(refresh(app, tokens["refresh_token"])) == (400, "invalid_grant")


def test_code_is_bound_to_its_redirect_uri(app: App) -> None:
    code = app.decide()["code"]
    answer = app.exchange(code, "http://localhost:8069/other")
    assert error_of(answer) == (400, "invalid_grant")


def test_wrong_keys_are_an_invalid_client(app: App) -> None:
    answer = requests.post(
        app.discovery["token_endpoint"],
        data={"grant_type": "refresh_token", "refresh_token": "x"},
        auth=(app.info["client_id"], "wrong"),
        timeout=10,
    )
    assert error_of(answer) == (401, "invalid_client")


def test_refresh_token_keeps_its_value_for_a_day_and_then_changes(
    emulator: EmulatorProcess, app: App
) -> None:
    first = app.connect().tokens["refresh_token"]
    same = refresh(app, first).json()
    assert same["refresh_token"] == first
    emulator.advance_clock(DAY_S + 1)
    changed = refresh(app, first).json()["refresh_token"]
    assert changed != first
    assert error_of(refresh(app, first)) == (400, "invalid_grant")
    assert refresh(app, changed).status_code == 200


def test_refresh_token_dies_unused_after_its_window_and_after_five_years(
    emulator: EmulatorProcess, app: App
) -> None:
    value = app.connect().tokens["refresh_token"]
    for _ in range(18):  # each refresh within the window keeps it alive, to a limit
        emulator.advance_clock(100 * DAY_S)
        answer = refresh(app, value)
        assert answer.status_code == 200
        value = answer.json()["refresh_token"]
    emulator.advance_clock(30 * DAY_S)
    assert error_of(refresh(app, value)) == (400, "invalid_grant")


def test_hard_expiry_is_told_to_those_who_ask(app: App) -> None:
    tokens = requests.post(
        app.discovery["token_endpoint"],
        data={
            "grant_type": "authorization_code",
            "code": app.decide()["code"],
            "redirect_uri": REDIRECT_URI,
        },
        auth=(app.info["client_id"], app.info["client_secret"]),
        headers={"x-include-refresh-token-hard-expires-in": "true"},
        timeout=10,
    ).json()
    assert 157_000_000 < tokens["x_refresh_token_hard_expires_in"] <= 157_680_000


def test_access_token_lapses_after_an_hour(emulator: EmulatorProcess, app: App) -> None:
    books = app.connect()
    emulator.advance_clock(3601)
    answer = books.call("GET", "preferences")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["fault"]["error"][0]["code"] == "3200"


def test_revoked_pair_is_dead(app: App) -> None:
    books = app.connect()
    answer = requests.post(
        app.discovery["revocation_endpoint"],
        json={"token": books.tokens["refresh_token"]},
        auth=(app.info["client_id"], app.info["client_secret"]),
        timeout=10,
    )
    assert (answer.status_code, answer.text) == (200, "")
    assert books.call("GET", "preferences").status_code == 401
    assert error_of(refresh(app, books.tokens["refresh_token"])) == (
        400,
        "invalid_grant",
    )


def test_token_of_one_company_does_not_open_another(start) -> None:
    app = App(start("us", "us"))
    books = app.connect(realm_id=app.info["realms"][0]["realm_id"])
    books.realm_id = app.info["realms"][1]["realm_id"]
    answer = books.call("GET", "preferences")
    assert answer.status_code == 403
    error = answer.json()["fault"]["error"][0]
    assert error["code"] == "3100"
    assert "ApplicationAuthorizationFailed" in error["message"]


def test_openid_scope_brings_a_signed_id_token_and_userinfo(app: App) -> None:
    scope = "openid email com.intuit.quickbooks.accounting"
    tokens = app.connect(scope=scope).tokens
    assert tokens["id_token"].count(".") == 2
    who = requests.get(
        app.discovery["userinfo_endpoint"],
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
        timeout=10,
    ).json()
    assert who["givenName"] == "Ana"
    (key,) = requests.get(app.discovery["jwks_uri"], timeout=10).json()["keys"]
    assert key["alg"] == "RS256"
