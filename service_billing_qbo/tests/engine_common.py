"""Ground of the engine's tests: a connected US company that posts and drains."""

import itertools
from decimal import Decimal

from odoo import Command, fields

from .common import BOOKKEEPER, QboCase

#: Odoo forgets what a test did, the emulator does not: each document and customer gets
#: a number or name that no other test has.
SERIAL = itertools.count(1)


class EngineCase(QboCase):
    """Words of the tests: post, drain, what QuickBooks has, what the outbox says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()
        cls.map_services()
        cls.bookkeeper = cls.make_user("bookkeeper", BOOKKEEPER)

    def setUp(self):
        super().setUp()
        self.customer = self.make_customer("Harbor Dental LLC")

    @classmethod
    def map_services(cls):
        """Whatever is sold is the item Services in QuickBooks."""
        item = cls.env["qbo.reference"].search(
            [
                ("connection_id", "=", cls.connection.id),
                ("entity", "=", "item"),
                ("active", "=", True),
            ],
            limit=1,
        )
        Mapping = cls.env["qbo.mapping"].sudo()
        for billing_type in ("service", "goods"):
            Mapping._choose(
                cls.connection,
                "item",
                Mapping,
                {"reference_id": item.id},
                billing_type,
            )

    def make_customer(self, name: str, **values):
        name = f"{name} {next(SERIAL)}"
        return self.env["res.partner"].create(
            {"name": name, "is_company": True, "customer_rank": 1, **values}
        )

    def draft(
        self, amount: float = 100.0, customer=None, refund: bool = False, **values
    ):
        """An invoice of one line, without tax, not posted."""
        return self.env["account.move"].create(
            {
                "name": f"INV/2026/{next(SERIAL):05}",
                "move_type": "out_refund" if refund else "out_invoice",
                "partner_id": (customer or self.customer).id,
                "invoice_date": fields.Date.today(),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Maintenance",
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )

    def posted(self, amount: float = 100.0, count: int = 1, **values):
        """A posted invoice, or ``count`` of them posted together."""
        moves = self.env["account.move"]
        for number in range(count):
            moves += self.draft(amount + number, **values)
        moves.action_post()
        return moves

    # -- letting it run -----------------------------------------------------------

    def drain(self, lane: int | None = None):
        """Run the connection's lane as its scheduled action does."""
        lane = self.connection.id % 4 if lane is None else lane
        self.env.ref(f"service_billing_qbo.cron_drain_{lane}").method_direct_trigger()
        self.env.invalidate_all()

    def back_off_is_over(self):
        """Time goes by: what was put off is due, the realm may be called again."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE qbo_export SET retry_at = now() AT TIME ZONE 'UTC' - interval '1s',"
            " sent_at = sent_at - interval '1 hour' WHERE retry_at IS NOT NULL"
        )
        self.env.cr.execute("UPDATE qbo_drain SET resume_at = NULL")
        self.env.invalidate_all()

    def by_bookkeeper(self, records):
        """The same records before a bookkeeper, who may press their buttons."""
        return records.with_user(self.bookkeeper)

    # -- looking ------------------------------------------------------------------

    def in_quickbooks(self, entity: str = "Invoice") -> list[dict]:
        """What QuickBooks has, from its own ledger, unmetered."""
        return self.emulator.books(self.connection.realm_id).get(entity, [])

    def documents_of(self, move) -> list[dict]:
        entity = "CreditMemo" if move.move_type == "out_refund" else "Invoice"
        marker = f":account.move/{move.id}"
        return [
            document
            for document in self.in_quickbooks(entity)
            if (document.get("PrivateNote") or "").split("\n")[0].endswith(marker)
        ]

    def assert_in_quickbooks(self, moves):
        """Each is there exactly once, with the same total, and Odoo knows it."""
        for move in moves:
            documents = self.documents_of(move)
            self.assertEqual(len(documents), 1, f"{move.name} in QuickBooks")
            total = Decimal(str(documents[0]["TotalAmt"]))
            self.assertEqual(total, Decimal(str(round(move.amount_total, 2))))
            self.assertEqual(move.qbo_status, "exported", move.qbo_status_text)
            self.assertEqual(move.qbo_id, documents[0]["Id"])

    def assert_not_in_quickbooks(self, moves):
        for move in moves:
            self.assertEqual(self.documents_of(move), [], move.name)

    def row(self, record):
        """The record's newest row in the outbox."""
        return self.env["qbo.export"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], limit=1
        )

    def open_problems(self):
        return self.env["qbo.problem"].search([("closed_at", "=", False)])

    def stat(self, name: str) -> int:
        return self.emulator.stats()[name]
