"""QuickBooks as the demo meets it: our emulator, or Intuit's sandbox.

Both tell the same: what Odoo has to be told to reach them, what is in the books, and
how many calls were made.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from demo_run.api import Api
from demo_run.calls import Calls
from demo_run.emulator_view import EmulatorView
from demo_run.processes import ROOT, Server, emulator, free_port

PREFIX = "SERVICE_BILLING_QBO"
SHELL_TIMEOUT_S = 300.0
BOOKS_SCRIPT = Path(__file__).with_name("read_books.py")


class QuickBooksSide(Protocol):
    """What the demo asks of QuickBooks."""

    address: str
    odoo_port_is_fixed: bool
    has_earlier_customers: bool

    def odoo_settings(self) -> dict[str, str]:
        """Environment variables of the Odoo server."""

    def realm_id(self) -> str:
        """The company to choose; empty when a person chooses it."""

    def number_series(self) -> str:
        """What the documents' numbers begin with; empty for Odoo's own series."""

    def books(self, realm_id: str, numbers: list[str]) -> dict[str, list[dict]]:
        """The objects of the books by entity, those of ``numbers`` at least."""

    def calls(self, administrator: Api) -> Calls:
        """How often QuickBooks was called."""


class EmulatorSide:
    """The emulator, started for this run with empty books."""

    odoo_port_is_fixed = False
    has_earlier_customers = False

    def __init__(
        self,
        kind: str,
        folder: Path,
        *,
        keep_state: bool = False,
        options: Sequence[str] = (),
    ) -> None:
        self.server: Server = emulator(
            free_port(), kind, folder, keep_state=keep_state, options=options
        )
        self.address = self.server.url
        self.view = EmulatorView(self.server.url)

    def start(self) -> None:
        """Start it; returns once it answers."""
        self.server.start("/_emulator/info")

    def stop(self) -> None:
        """Stop it."""
        self.server.stop()

    def odoo_settings(self) -> dict[str, str]:
        """The emulator's app keys and addresses, as an operator would set Intuit's."""
        info = self.view.info()
        return {
            f"{PREFIX}_CLIENT_ID": info["client_id"],
            f"{PREFIX}_CLIENT_SECRET": info["client_secret"],
            f"{PREFIX}_VERIFIER_TOKEN": info["verifier_token"],
            f"{PREFIX}_DISCOVERY_URL": info["discovery_url"],
            f"{PREFIX}_API_BASE_URL": info["base_url"],
        }

    def realm_id(self) -> str:
        """The company that is chosen at the consent page: the first."""
        return self.view.info()["realms"][0]["realm_id"]

    def number_series(self) -> str:
        """The books are empty, Odoo's own numbers serve."""
        return ""

    def books(self, realm_id: str, numbers: list[str]) -> dict[str, list[dict]]:
        """Everything in the company's books."""
        return self.view.books(realm_id)

    def calls(self, administrator: Api) -> Calls:
        """From the emulator's own log."""
        return self.view.calls()


class IntuitSide:
    """Intuit's sandbox, with the keys of a real app in the environment.

    Its books are read by a query in an Odoo shell: the tokens stay in the server.
    """

    address = "https://sandbox.qbo.intuit.com"
    # The redirect URI that was registered with Intuit names the port.
    odoo_port_is_fixed = True
    has_earlier_customers = True

    def __init__(self, database: str) -> None:
        self._database = database

    def odoo_settings(self) -> dict[str, str]:
        """The keys are in the environment already, which Odoo inherits."""
        return {}

    def realm_id(self) -> str:
        """A person chooses at Intuit."""
        return ""

    def number_series(self) -> str:
        """A series of its own: the sandbox keeps the invoices of earlier runs."""
        return datetime.now().strftime("D%m%d%H%M%S")

    def books(self, realm_id: str, numbers: list[str]) -> dict[str, list[dict]]:
        """The documents with these numbers, and the customers."""
        return read_books(self._database, numbers)

    def calls(self, administrator: Api) -> Calls:
        """From Odoo's request log: Intuit shows none."""
        rows = administrator.search_read(
            "qbo.log", [("path", "like", "/v3/company/")], ["method", "path", "metered"]
        )
        return Calls(
            create=sum(row["method"] == "POST" for row in rows),
            read_after_create=0,
            metered=sum(row["metered"] for row in rows),
            total=len(rows),
        )


def has_intuit_keys() -> bool:
    """Whether the person brings the keys of an Intuit app."""
    return any(
        os.environ.get(f"{PREFIX}_{scope}CLIENT_ID")
        and os.environ.get(f"{PREFIX}_{scope}CLIENT_SECRET")
        for scope in ("SANDBOX_", "")
    )


def read_books(database: str, numbers: list[str]) -> dict[str, list[dict]]:
    """Query QuickBooks for documents by number, and for all customers.

    :raises subprocess.CalledProcessError: when the Odoo shell ends with an error
    """
    answer = subprocess.run(
        [
            str(ROOT / "setup/odoo"),
            "shell",
            f"--database={database}",
            "--no-http",
            "--log-level=error",
        ],
        input=BOOKS_SCRIPT.read_text(encoding="utf-8"),
        env={**os.environ, "DEMO_NUMBERS": json.dumps(numbers)},
        stdout=subprocess.PIPE,
        timeout=SHELL_TIMEOUT_S,
        check=True,
        text=True,
    ).stdout
    return json.loads(answer.splitlines()[-1], parse_float=Decimal)
