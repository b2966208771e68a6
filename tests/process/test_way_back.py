"""What people do in QuickBooks is in Odoo seconds later, whatever the post brings."""

from decimal import Decimal

import requests
from demo_run import invoicing
from demo_run.documents import documents
from demo_run.wait import until

from tests.emulator.conftest import App

EXPORT_TIMEOUT_S = 90
# A notification has Odoo look at once; Intuit repeats a refused one after 10 s.
FOLLOW_TIMEOUT_S = 45
CALL_TIMEOUT_S = 30


class Bookkeeper:
    """Somebody who works in QuickBooks, not in Odoo."""

    def __init__(self, quickbooks, realm_id):
        self._control = f"{quickbooks.address}/_emulator"
        self._books = App(quickbooks.view).connect(realm_id)

    def order(self, route, asked):
        """Tell the emulator itself what to do."""
        requests.post(
            f"{self._control}/{route}", json=asked, timeout=CALL_TIMEOUT_S
        ).raise_for_status()

    def void(self, qbo_id):
        invoice = self._books.read("Invoice", qbo_id)
        sent = {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]}
        self._books.post("Invoice", sent, operation="void").raise_for_status()

    def receive_payment(self, qbo_id, amount):
        invoice = self._books.read("Invoice", qbo_id)
        link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
        self._books.create(
            "Payment",
            CustomerRef={"value": invoice["CustomerRef"]["value"]},
            TotalAmt=amount,
            Line=[{"Amount": amount, "LinkedTxn": [link]}],
        )


def test_quickbooks_tells_and_odoo_follows(shop, quickbooks):
    """Forged, doubled and late notifications among them: each comes to the same."""
    paid, voided = invoices = shop.draft(documents(2))
    shop.post(invoices)

    def shown(invoice, name):
        return shop.clara.read("account.move", [invoice], [name])[0][name]

    until(
        lambda: (
            {one.status for one in invoicing.shown(shop.clara, invoices)}
            == {"exported"}
        ),
        "both invoices to be exported",
        EXPORT_TIMEOUT_S,
        poll_s=0.5,
    )
    bookkeeper = Bookkeeper(quickbooks, shop.connection.realm_id)
    webhook = f"{shop.server.url}/service_billing_qbo/webhook"
    bookkeeper.order("webhooks", {"url": webhook})
    for kind in ("webhook_forged", "webhook_duplicate", "webhook_disorder"):
        bookkeeper.order("faults", {"kind": kind, "match": {}})
    # What follows is later than the export: else it could be the export's own echo.
    bookkeeper.order("clock", {"advance_s": 60})

    open_before = Decimal(str(shown(paid, "qbo_balance")))
    bookkeeper.receive_payment(shown(paid, "qbo_id"), 1)
    bookkeeper.void(shown(voided, "qbo_id"))

    until(
        lambda: shown(voided, "qbo_status") == "voided",
        "Odoo to know that an invoice was voided",
        FOLLOW_TIMEOUT_S,
        poll_s=0.5,
    )
    until(
        lambda: Decimal(str(shown(paid, "qbo_balance"))) == open_before - 1,
        "Odoo to know what is still open",
        FOLLOW_TIMEOUT_S,
        poll_s=0.5,
    )
    assert shown(paid, "qbo_status") == "exported"
    problems = shop.bruno.api.search_read(
        "qbo.problem", [("closed_at", "=", False)], ["kind", "res_id"]
    )
    assert [(one["kind"], one["res_id"]) for one in problems] == [("changed", voided)]
