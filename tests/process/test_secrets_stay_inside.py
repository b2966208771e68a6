"""What opens somebody's books is nowhere in clear: not in a log, not in a dump."""

import json
import subprocess

from demo_run import invoicing
from demo_run.documents import documents
from demo_run.processes import ROOT
from demo_run.wait import until

EXPORT_TIMEOUT_S = 90
# Runs in an Odoo shell, where the key is: who may read the tokens is the server alone.
REVEAL = """
import json
tokens = env["qbo.token"].search([])
print(json.dumps([[token._access_token(), token._refresh_token()] for token in tokens]))
"""


def tokens_of(database):
    """The access and refresh tokens that a database holds, decrypted."""
    told = subprocess.run(
        [
            ROOT / "setup/odoo",
            "shell",
            "-d",
            database,
            "--no-http",
            "--log-level=error",
        ],
        input=REVEAL,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return [token for pair in json.loads(told.splitlines()[-1]) for token in pair]


def dump_of(database):
    """The whole database as text, as a backup holds it."""
    return subprocess.run(
        ["pg_dump", database], capture_output=True, text=True, check=True
    ).stdout


def test_no_token_or_secret_leaves_the_server(shop, quickbooks):
    """Intuit's security requirements: tokens and secrets are encrypted at rest and
    never logged."""
    invoices = shop.draft(documents(3))
    shop.post(invoices)
    until(
        lambda: (
            {document.status for document in invoicing.shown(shop.clara, invoices)}
            == {"exported"}
        ),
        "the invoices to be exported",
        EXPORT_TIMEOUT_S,
    )

    info = quickbooks.view.info()
    secrets = [*tokens_of(shop.database), info["client_secret"], info["verifier_token"]]
    places = {
        "Odoo's log": shop.server.log.read_text(encoding="utf-8"),
        "QuickBooks' request log": json.dumps(quickbooks.view.requests(), default=str),
        "the output of the emulator": quickbooks.server.log.read_text(encoding="utf-8"),
        "a dump of the database": dump_of(shop.database),
    }
    assert len(secrets) >= 4
    assert all(len(secret) > 20 for secret in secrets)
    found = [place for place, text in places.items() for s in secrets if s in text]
    assert found == []
    assert all(places[place] for place in ("Odoo's log", "a dump of the database"))
