"""Ground of the tests of the way back: what people do in QuickBooks."""

from decimal import Decimal

from odoo import fields

from ..quickbooks.webhooks import Event
from .engine_common import EngineCase


class ChangesCase(EngineCase):
    """Words of these tests: what people do in QuickBooks, and Odoo following."""

    def setUp(self):
        super().setUp()
        self.client = self.connection._client()
        # Its own exports of this moment are none of the changes that follow.
        self.follow()
        self.since = self.last_call_number()

    def exported(self, amount=100.0, **values):
        """An invoice that is in QuickBooks."""
        move = self.posted(amount, **values)
        self.drain()
        self.assertEqual(move.qbo_status, "exported", move.qbo_status_text)
        return move

    def there(self, move, entity="Invoice") -> dict:
        return self.client.read(entity, move.qbo_id)

    def change(self, move, **members):
        """Somebody edits the document in QuickBooks."""
        document = self.there(move)
        document.update(members)
        return self.client.update("Invoice", document, self.request_id())

    def pay(self, move, amount):
        """Somebody records a payment in QuickBooks."""
        document = self.there(move)
        link = {"TxnId": document["Id"], "TxnType": "Invoice"}
        return self.client.create(
            "Payment",
            {
                "CustomerRef": document["CustomerRef"],
                "TotalAmt": Decimal(amount),
                "Line": [{"Amount": Decimal(amount), "LinkedTxn": [link]}],
            },
            self.request_id(),
        )

    def void(self, move):
        document = self.there(move)
        return self.client.void(
            "Invoice", document["Id"], document["SyncToken"], self.request_id()
        )

    def delete(self, move, entity="Invoice"):
        document = self.there(move, entity)
        return self.client.delete(
            entity, document["Id"], document["SyncToken"], self.request_id()
        )

    def request_id(self):
        self.request_number = getattr(self, "request_number", 0) + 1
        return f"{self.id()[-30:]}-{self.request_number}"[-50:]

    def follow(self, hours=2):
        """The scheduled action, when its hour has come."""
        self.env["qbo.change.state"]._put(
            self.connection,
            known_until=fields.Datetime.subtract(fields.Datetime.now(), hours=hours),
        )
        self.run_action()

    def run_action(self):
        self.env.flush_all()
        self.env.ref("service_billing_qbo.ir_cron_changes").method_direct_trigger()
        self.env.invalidate_all()

    def tell(self, move, operation="updated", entity="invoice", seconds=60, **values):
        """A notification comes, of a change some time after our own export."""
        at = fields.Datetime.add(fields.Datetime.now(), seconds=seconds)
        event = {
            "realm_id": self.connection.realm_id,
            "entity": entity,
            "qbo_id": move.qbo_id,
            "operation": operation,
            "at": at,
            **values,
        }
        self.env["qbo.change"].sudo()._receive([Event(**event)], ["sandbox"])

    def reads(self, path="query|cdc|/invoice/"):
        return [
            call
            for call in self.calls(path, self.since)
            if call["metered"] and not call["fault"]
        ]

    def problem_of(self, move):
        return self.open_problems().filtered(
            lambda problem: problem.res_id == move.id and problem.kind == "changed"
        )

    def notes_of(self, move):
        return " ".join(move.message_ids.mapped(lambda one: str(one.body)))
