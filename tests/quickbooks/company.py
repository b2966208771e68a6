"""A company of the emulator, connected as a person connects it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from service_billing_qbo.quickbooks import (
    Endpoints,
    Exchange,
    Limiter,
    OAuthClient,
    QuickBooksClient,
    TokenSet,
    Transport,
    authorization_url,
)

from qbo_emulator.testing import EmulatorProcess

REDIRECT_URI = "http://localhost:8069/service_billing_qbo/callback"
_TIMEOUT_S = 20


@dataclass
class Company:
    """The first company of an emulator, with its tokens and a client."""

    emulator: EmulatorProcess
    exchanges: list[Exchange] = field(default_factory=list)

    def __post_init__(self) -> None:
        info = self.emulator.info()
        self.realm_id: str = info["realms"][0]["realm_id"]
        self.name: str = info["realms"][0]["company"]
        self.client_id: str = info["client_id"]
        self.client_secret: str = info["client_secret"]
        self.endpoints = Endpoints.for_environment(
            "sandbox", info["discovery_url"], info["base_url"]
        )
        self.oauth = self.app()
        self.tokens = self.connect()
        self.limiter = Limiter()
        self.transport = Transport(
            10.0, self.limiter, on_exchange=self.exchanges.append
        )
        self.client = self.client_with(lambda: self.tokens.access_token)

    def app(self, client_secret: str | None = None) -> OAuthClient:
        """The app's side of the token endpoint."""
        return OAuthClient(
            self.endpoints,
            self.client_id,
            client_secret or self.client_secret,
            Transport(10.0, on_exchange=self.exchanges.append),
        )

    def client_with(self, access_token: Callable[[], str]) -> QuickBooksClient:
        """A client that shows another token."""
        return QuickBooksClient(
            self.endpoints, self.realm_id, access_token, self.transport
        )

    def consent(self, decision: str = "authorize", state: str = "s1") -> dict[str, str]:
        """Open the consent page and press a button; what the redirect carries."""
        url = authorization_url(self.endpoints, self.client_id, REDIRECT_URI, state)
        page = requests.get(url, timeout=_TIMEOUT_S)
        assert page.ok, page.text
        form = {
            name: unescape(value)
            for name, value in re.findall(
                r'type="hidden" name="(\w+)" value="([^"]*)"', page.text
            )
        }
        action = re.search(r'action="([^"]*)"', page.text)
        answer = requests.post(
            urljoin(url, unescape(action[1]) if action else ""),
            data={**form, "decision": decision, "realm_id": self.realm_id},
            allow_redirects=False,
            timeout=_TIMEOUT_S,
        )
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}

    def connect(self) -> TokenSet:
        """Authorize, and trade the code."""
        return self.oauth.exchange_code(self.consent()["code"], REDIRECT_URI)

    def customer(self, name: str = "Harbor Dental LLC") -> dict[str, Any]:
        """A new customer."""
        return self.client.create("Customer", {"DisplayName": name}, f"c-{name}"[:50])

    def books(self, entity: str) -> list[dict[str, Any]]:
        """What the emulator really has."""
        return self.emulator.books(self.realm_id).get(entity, [])


def an_invoice(
    customer_id: str, amount: str = "108.20", **members: Any
) -> dict[str, Any]:
    """An untaxed invoice of one line."""
    line = {
        "DetailType": "SalesItemLineDetail",
        "Amount": Decimal(amount),
        "SalesItemLineDetail": {
            "ItemRef": {"value": "1"},
            "TaxCodeRef": {"value": "NON"},
        },
    }
    return {"CustomerRef": {"value": customer_id}, "Line": [line], **members}


def client_at(
    url: str, realm_id: str = "1", limiter: Limiter | None = None
) -> QuickBooksClient:
    """A client of a server that is not QuickBooks."""
    return QuickBooksClient(
        Endpoints(*[url] * 6), realm_id, lambda: "token", Transport(5.0, limiter)
    )
