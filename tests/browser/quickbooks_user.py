"""Somebody who works in QuickBooks itself: what Odoo learns of only afterwards."""

import re
from urllib.parse import parse_qs, urlsplit

import requests

REDIRECT_URI = "http://localhost:8069/callback"
ACCOUNTING = "com.intuit.quickbooks.accounting"
TIMEOUT_S = 30


class QuickBooksUser:
    """Changes the books of the first company, with an authorization of its own."""

    def __init__(self, quickbooks) -> None:
        self._session = requests.Session()
        self._address = f"{quickbooks.url}/v3/company/{quickbooks.realm_id}"
        self._session.headers.update(
            {
                "Authorization": f"Bearer {self._sign_in(quickbooks)}",
                "Accept": "application/json",
            }
        )

    def close_books(self, until: str) -> None:
        """Close the books until that day, included; open them when it is empty."""
        preferences = self._ask("GET", "preferences")["Preferences"]
        preferences["AccountingInfoPrefs"]["BookCloseDate"] = until
        self._ask("POST", "preferences", json=preferences)

    def make_item(self, name: str, active: bool) -> None:
        """Make an item active or inactive; QuickBooks marks an inactive one's name."""
        query = (
            f"SELECT * FROM Item WHERE Name LIKE '{name}%' AND Active IN (true, false)"
        )
        answer = self._ask("GET", "query", params={"query": query})
        [item] = answer["QueryResponse"]["Item"]
        change = {"Id": item["Id"], "SyncToken": item["SyncToken"], "sparse": True}
        if active:
            change["Name"] = name
        self._ask("POST", "item", json={**change, "Active": active})

    def void_invoice(self, number: str) -> None:
        """Void the invoice of that number."""
        query = f"SELECT * FROM Invoice WHERE DocNumber = '{number}'"
        answer = self._ask("GET", "query", params={"query": query})
        [invoice] = answer["QueryResponse"]["Invoice"]
        which = {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]}
        self._ask("POST", "invoice", params={"operation": "void"}, json=which)

    def add_customer(self, name: str, email: str) -> None:
        """Enter a customer."""
        self._ask(
            "POST",
            "customer",
            json={"DisplayName": name, "PrimaryEmailAddr": {"Address": email}},
        )

    def _ask(self, method: str, path: str, **options: object) -> dict:
        address = f"{self._address}/{path}"
        answer = self._session.request(method, address, timeout=TIMEOUT_S, **options)
        answer.raise_for_status()
        return answer.json()

    def _sign_in(self, quickbooks) -> str:
        """Go through Intuit's pages as an app of its own would; the access token."""
        found = self._session.get(quickbooks.discovery_url, timeout=TIMEOUT_S).json()
        authorize = found["authorization_endpoint"]
        asked = {
            "client_id": quickbooks.client_id,
            "response_type": "code",
            "scope": ACCOUNTING,
            "redirect_uri": REDIRECT_URI,
            "state": "by-hand",
        }
        page = self._session.get(authorize, params=asked, timeout=TIMEOUT_S)
        page.raise_for_status()
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        back = self._session.post(
            authorize,
            data={
                **dict(hidden),
                "decision": "authorize",
                "realm_id": quickbooks.realm_id,
            },
            allow_redirects=False,
            timeout=TIMEOUT_S,
        )
        query = parse_qs(urlsplit(back.headers["Location"]).query)
        tokens = self._session.post(
            found["token_endpoint"],
            data={
                "grant_type": "authorization_code",
                "code": query["code"][0],
                "redirect_uri": REDIRECT_URI,
            },
            auth=(quickbooks.client_id, quickbooks.client_secret),
            timeout=TIMEOUT_S,
        )
        tokens.raise_for_status()
        return tokens.json()["access_token"]
