"""Connecting Odoo with QuickBooks as the administrator does it, page by page."""

from dataclasses import dataclass
from datetime import date, timedelta

from demo_run.browser import Browser, Page, UnexpectedPage
from demo_run.console import say
from demo_run.people import Person
from demo_run.wait import until

PERSON_TIMEOUT_S = 900.0
SUCCESS = "Connected to"
# Asked of a company that was not connected before; its absence needs no button.
HELD = "This is the right company"
CONFIRMED = "is the right company"
# Invoices of the demo are some days old; this lets all of them go.
START_DAYS_AGO = 31


@dataclass(frozen=True)
class Connection:
    """The connection of the demo's company, once it is authorized."""

    id: int
    realm_id: str
    company_name: str


def choose_quickbooks(person: Person) -> int:
    """Configuration > Edit: the vendor is QuickBooks; returns the connection's id."""
    connection_id = person.api.call("qbo.connection", "action_open_configuration")[
        "res_id"
    ]
    person.api.write(
        "qbo.connection",
        [connection_id],
        {"accounting_vendor": "quickbooks", "environment": "sandbox"},
    )
    return connection_id


def connect(person: Person, connection_id: int, realm_id: str) -> Connection:
    """Connect to QuickBooks: to the consent page, Authorize there, back to Odoo's page.

    There the administrator sees the company and, asked the first time, presses "This is
    the right company".

    :param realm_id: the company to choose at the emulator's consent page
    :raises UnexpectedPage: when a page does not say that it worked
    """
    page = authorize(person.browser, start_path(connection_id), realm_id)
    if HELD in page.text:
        _confirm(person.browser, page)
    return _connected(person, connection_id)


def let_a_person_connect(
    person: Person, connection_id: int, base_url: str, password: str
) -> Connection:
    """Ask the person at the terminal to authorize at Intuit, and wait for it."""
    say(f"open {base_url}{start_path(connection_id)} in a browser,")
    say(f"log in as {person.login}, password {password}, authorize a sandbox company")
    say("and press This is the right company")
    until(
        lambda: _is_confirmed(person, connection_id),
        "the authorization at Intuit",
        PERSON_TIMEOUT_S,
        poll_s=2.0,
    )
    return _connected(person, connection_id)


def start_path(connection_id: int) -> str:
    """Where Connect to QuickBooks leads."""
    return f"/service_billing_qbo/connect/{connection_id}"


def authorize(browser: Browser, path: str, realm_id: str) -> Page:
    """Press Connect to QuickBooks, choose the company, authorize; the last page.

    :raises UnexpectedPage: when it does not say that it is connected
    """
    page = browser.open(path)
    form = page.form_with("decision")
    page = browser.submit(page, form, realm_id=realm_id, decision="authorize")
    if SUCCESS not in page.text:
        raise UnexpectedPage(f"not connected: {page.text[:300]}")
    return page


def _confirm(browser: Browser, page: Page) -> None:
    page = browser.submit(page, page.form_with("confirmed_realm"))
    if CONFIRMED not in page.text:
        raise UnexpectedPage(f"not confirmed: {page.text[:300]}")


def _is_confirmed(person: Person, connection_id: int) -> bool:
    found = person.api.read("qbo.connection", [connection_id], ["company_confirmed"])
    return found[0]["company_confirmed"]


def _connected(person: Person, connection_id: int) -> Connection:
    """Choose from when on invoices go, and look at what was connected."""
    start = date.today() - timedelta(days=START_DAYS_AGO)
    person.api.write(
        "qbo.connection", [connection_id], {"export_from": start.isoformat()}
    )
    found = person.api.read(
        "qbo.connection", [connection_id], ["state", "realm_id", "qbo_company_name"]
    )[0]
    if found["state"] != "connected":
        raise UnexpectedPage(f"Odoo shows the connection as {found['state']}")
    return Connection(connection_id, found["realm_id"], found["qbo_company_name"])
