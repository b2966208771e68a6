"""Signing in to the emulator as an app does."""

import requests

TIMEOUT_S = 60
REDIRECT_URI = "http://localhost/callback"


def access_token(info: dict, realm_id: str) -> str:
    """Go through the consent page, and return the access token for a company.

    :param info: what the emulator tells of itself
    """
    base = requests.get(info["discovery_url"], timeout=TIMEOUT_S).json()
    back = requests.post(
        base["authorization_endpoint"],
        data={
            "client_id": info["client_id"],
            "response_type": "code",
            "scope": "com.intuit.quickbooks.accounting",
            "redirect_uri": REDIRECT_URI,
            "state": "bench",
            "realm_id": realm_id,
            "decision": "authorize",
        },
        allow_redirects=False,
        timeout=TIMEOUT_S,
    )
    code = back.headers["Location"].partition("code=")[2].partition("&")[0]
    answer = requests.post(
        base["token_endpoint"],
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
        },
        auth=(info["client_id"], info["client_secret"]),
        timeout=TIMEOUT_S,
    )
    return answer.json()["access_token"]
