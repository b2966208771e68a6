"""A real emulator process for the tests, and a plain HTTP client that signs in as an
app does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from qbo_emulator.companies import KINDS
from qbo_emulator.testing import EmulatorProcess

from .recorded import check_answers

REDIRECT_URI = "http://localhost:8069/callback"
ACCOUNTING = "com.intuit.quickbooks.accounting"
_TIMEOUT_S = 20


@dataclass
class App:
    """The app's side of OAuth: what an integrator writes, with ``requests`` alone."""

    emulator: EmulatorProcess
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.info = self.emulator.info()
        self.discovery = self.session.get(
            self.info["discovery_url"], timeout=_TIMEOUT_S
        ).json()

    def ask(self, **changes: str | None) -> requests.Response:
        """Open the consent page."""
        query = {
            "client_id": self.info["client_id"],
            "response_type": "code",
            "scope": ACCOUNTING,
            "redirect_uri": REDIRECT_URI,
            "state": "s-1",
            **changes,
        }
        return self.session.get(
            self.discovery["authorization_endpoint"],
            params=query,
            timeout=_TIMEOUT_S,
            allow_redirects=False,
        )

    def decide(
        self,
        decision: str = "authorize",
        realm_id: str | None = None,
        **changes: str | None,
    ) -> dict[str, str]:
        """Press a button of the consent page; return what the redirect carries."""
        page = self.ask(**changes)
        assert page.status_code == 200, page.text
        form = dict(
            re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        )
        form.update(
            decision=decision, realm_id=realm_id or self.info["realms"][0]["realm_id"]
        )
        answer = self.session.post(
            self.discovery["authorization_endpoint"],
            data=form,
            allow_redirects=False,
            timeout=_TIMEOUT_S,
        )
        assert answer.status_code == 302, answer.text
        location = answer.headers["Location"]
        assert location.startswith(REDIRECT_URI)
        return {
            name: values[0]
            for name, values in parse_qs(urlsplit(location).query).items()
        }

    def token(self, **form: str) -> requests.Response:
        """Call the token endpoint with the app's keys."""
        return self.session.post(
            self.discovery["token_endpoint"],
            data=form,
            timeout=_TIMEOUT_S,
            auth=(self.info["client_id"], self.info["client_secret"]),
            headers={"Accept": "application/json"},
        )

    def exchange(
        self, code: str, redirect_uri: str = REDIRECT_URI
    ) -> requests.Response:
        """Exchange a code."""
        return self.token(
            grant_type="authorization_code", code=code, redirect_uri=redirect_uri
        )

    def connect(self, realm_id: str | None = None, scope: str = ACCOUNTING) -> Books:
        """Go through the whole flow; return the company's books."""
        answer = self.decide(realm_id=realm_id, scope=scope)
        tokens = self.exchange(answer["code"]).json()
        return Books(self.info["base_url"], answer["realmId"], tokens)


@dataclass
class Books:
    """A connected company, over HTTP."""

    base_url: str
    realm_id: str
    tokens: dict[str, Any]
    session: requests.Session = field(default_factory=requests.Session)

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Make one API call with the company's token."""
        headers = {
            "Authorization": f"Bearer {self.tokens['access_token']}",
            "Accept": "application/json",
            **options.pop("headers", {}),
        }
        return self.session.request(
            method,
            f"{self.base_url}/v3/company/{self.realm_id}/{path}",
            headers=headers,
            timeout=_TIMEOUT_S,
            **options,
        )

    def post(
        self, entity: str, document: dict[str, Any], **params: str
    ) -> requests.Response:
        """Create or change a document."""
        return self.call("POST", entity.lower(), json=document, params=params)

    def create(self, entity: str, /, **members: Any) -> dict[str, Any]:
        """Create a document that must be accepted."""
        answer = self.post(entity, members)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()[entity])

    def update(self, entity: str, /, **members: Any) -> dict[str, Any]:
        """Change a document; the change must be accepted."""
        return self.create(entity, **members)

    def read(self, entity: str, id_: str) -> dict[str, Any]:
        """Read a document that must be there."""
        answer = self.call("GET", f"{entity.lower()}/{id_}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json()[entity])

    def query(self, statement: str) -> dict[str, Any]:
        """Run a query that must be accepted; return its QueryResponse."""
        answer = self.call("GET", "query", params={"query": statement})
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["QueryResponse"])

    def refused(self, entity: str, /, **members: Any) -> dict[str, Any]:
        """Send a document that must be refused with HTTP 400; return its one error."""
        return fault_of(self.post(entity, members))

    def prefer(self, group: str, **members: Any) -> None:
        """Change preferences of one group."""
        preferences = self.call("GET", "preferences").json()["Preferences"]
        preferences[group].update(members)
        self.update("Preferences", **preferences)

    def id_of(self, entity: str, name: str, member: str = "Name") -> str:
        """Return the Id of a list element by its name."""
        found = self.query(f"select * from {entity} where {member} = '{name}'")
        return str(found[entity][0]["Id"])

    def customer(
        self, name: str = "Harbor Dental LLC", **members: Any
    ) -> dict[str, Any]:
        """Create a customer."""
        return self.create("Customer", DisplayName=name, **members)

    def invoice(
        self, customer_id: str, *amounts: str, **members: Any
    ) -> dict[str, Any]:
        """Create an untaxed invoice with one line an amount."""
        return self.create("Invoice", **invoice_of(customer_id, *amounts, **members))


def invoice_of(
    customer_id: str, *amounts: str, code: str = "NON", **members: Any
) -> dict[str, Any]:
    """Return the smallest sales form with one line an amount."""
    return {
        "CustomerRef": {"value": customer_id},
        "Line": [
            {
                "DetailType": "SalesItemLineDetail",
                "Amount": float(amount),
                "SalesItemLineDetail": {
                    "ItemRef": {"value": "1"},
                    "TaxCodeRef": {"value": code},
                },
            }
            for amount in amounts or ("100.00",)
        ],
        **members,
    }


def fault_of(answer: requests.Response, status: int = 400) -> dict[str, Any]:
    """Return the one error of an answer in QuickBooks' own shape."""
    assert answer.status_code == status, answer.text
    fault = answer.json()["Fault"]
    (error,) = fault["Error"]
    return {**error, "type": fault["type"]}


@pytest.fixture(scope="session")
def emulator_process() -> Iterator[EmulatorProcess]:
    """One process for all tests that need no start options of their own."""
    with EmulatorProcess() as emulator:
        yield emulator


@pytest.fixture
def emulator(emulator_process: EmulatorProcess) -> Iterator[EmulatorProcess]:
    """A fresh emulator: company ``us``, nothing connected; its answers are checked."""
    emulator_process.reset()
    yield emulator_process
    check_answers(emulator_process)


@pytest.fixture
def app(emulator: EmulatorProcess) -> App:
    """An app that is not connected yet."""
    return App(emulator)


@pytest.fixture
def books(app: App) -> Books:
    """The connected books of company ``us``."""
    return app.connect()


@pytest.fixture(scope="session")
def companies_process() -> Iterator[EmulatorProcess]:
    """One process with a company of every kind."""
    with EmulatorProcess(*KINDS) as emulator:
        yield emulator


@pytest.fixture
def company(
    companies_process: EmulatorProcess,
) -> Iterator[Callable[[str], Books]]:
    """Connect to the company of a kind, as it was founded; answers are checked."""
    companies_process.reset()
    app = App(companies_process)
    realms = {realm["kind"]: realm["realm_id"] for realm in app.info["realms"]}
    yield lambda kind: app.connect(realm_id=realms[kind])
    check_answers(companies_process)


@pytest.fixture
def start() -> Iterator[Callable[..., EmulatorProcess]]:
    """Start emulators with options of their own; all end with the test."""
    started: list[EmulatorProcess] = []

    def starter(*companies: str, **options: Any) -> EmulatorProcess:
        emulator = EmulatorProcess(*companies, **options)
        started.append(emulator)
        emulator.start()
        return emulator

    yield starter
    try:
        for emulator in started:
            if emulator.is_running:
                check_answers(emulator)
    finally:
        for emulator in started:
            emulator.stop()
