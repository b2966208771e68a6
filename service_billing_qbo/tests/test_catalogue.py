from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .catalogue import CATALOGUE
from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestCatalogue(EngineCase):
    """Every document of the catalogue, over HTTP into QuickBooks' books, all at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = {
            "service": cls.make_product("Maintenance", "service"),
            "goods": cls.make_product("Kit", "consu"),
            "unmapped": cls.make_product("Router", "consu"),
        }
        cls.env["product.template"].browse(
            cls.products["unmapped"].product_tmpl_id.ids
        ).qbo_billing_type = "expense"
        cls.taxes = {}
        cls.terms = {}
        mappings = cls.env["qbo.mapping"].sudo()
        mappings._refresh_needed(cls.connection)
        term = cls.term("30 Days")
        mappings._choose(
            cls.connection,
            "term",
            term,
            {"reference_id": cls.reference_named("term", "Net 30").id},
        )
        cls.env.ref("base.EUR").active = True

    @classmethod
    def make_product(cls, name, type_):
        return cls.env["product.product"].create(
            {"name": name, "type": type_, "taxes_id": [Command.clear()]}
        )

    @classmethod
    def reference_named(cls, entity, name):
        return cls.env["qbo.reference"].search(
            [
                ("connection_id", "=", cls.connection.id),
                ("entity", "=", entity),
                ("name", "=", name),
            ]
        )

    @classmethod
    def term(cls, name):
        if name not in cls.terms:
            cls.terms[name] = cls.env["account.payment.term"].create(
                {
                    "name": name,
                    "line_ids": [
                        Command.create(
                            {
                                "value": "percent",
                                "value_amount": 100,
                                "nb_days": int(name.split()[0]),
                            }
                        )
                    ],
                }
            )
        return cls.terms[name]

    def tax(self, text):
        if text not in self.taxes:
            self.taxes[text] = self.env["account.tax"].create(
                {
                    "name": f"Sales tax {text}",
                    "amount": float(text.removesuffix("incl")),
                    "amount_type": "percent",
                    "type_tax_use": "sale",
                    "price_include_override": "tax_included"
                    if text.endswith("incl")
                    else "tax_excluded",
                }
            )
        return self.taxes[text]

    def make(self, document, number):
        values = dict(document.values)
        customer = self.customer
        if "email" in values:
            customer = self.make_customer(f"Customer {number}", email=values.pop("email"))
        if "term" in values:
            values["invoice_payment_term_id"] = self.term(values.pop("term")).id
        if "currency" in values:
            values["currency_id"] = self.env.ref(f"base.{values.pop('currency')}").id
        lines = [
            Command.create(self.line_values(line, place))
            for place, line in enumerate(document.lines)
        ]
        return self.env["account.move"].create(
            {
                "move_type": "out_refund" if document.refund else "out_invoice",
                "partner_id": customer.id,
                "invoice_date": "2026-11-22",
                "invoice_payment_term_id": False,
                "invoice_line_ids": lines,
                **values,
            }
        )

    def line_values(self, line, place):
        if line.display_type != "product":
            return {"display_type": line.display_type, "name": line.name, "sequence": place}
        taxes = self.env["account.tax"]
        for text in filter(None, line.tax.split("+")):
            taxes |= self.tax(text)
        return {
            "sequence": place,
            "name": line.name,
            "product_id": self.products[line.product].id if line.product else False,
            "quantity": line.quantity,
            "price_unit": line.price,
            "discount": line.discount,
            "tax_ids": [Command.set(taxes.ids)],
        }

    def test_every_document_arrives_right_or_is_stopped_with_its_reason(self):
        self.env["decimal.precision"].search([("name", "=", "Product Unit")]).digits = 3
        moves = []
        for number, document in enumerate(CATALOGUE):
            move = self.make(document, number)
            move.action_post()
            moves.append((document, move))
        for _pass in range(3):
            self.drain()
        books = self.in_quickbooks("Invoice") + self.in_quickbooks("CreditMemo")
        by_id = {(doc["Id"]): doc for doc in books}
        for document, move in moves:
            with self.subTest(document.title, feature=document.feature):
                if document.stopped:
                    self.assert_stopped(document, move)
                else:
                    self.assert_arrived(document, move, by_id)

    def assert_stopped(self, document, move):
        problems = self.row(move).problem_ids
        self.assertEqual(move.qbo_status, "problem")
        self.assertIn(document.stopped, problems.mapped("kind"))
        self.assertIn(document.says, " ".join(problems.mapped("message")))

    def assert_arrived(self, document, move, by_id):
        self.assertEqual(move.qbo_status, "exported", move.qbo_status_text)
        self.assertEqual(len(self.documents_of(move)), 1)
        found = by_id[move.qbo_id]
        tax = (found.get("TxnTaxDetail") or {}).get("TotalTax", 0)
        self.assertEqual(Decimal(str(found["TotalAmt"])), Decimal(document.total))
        self.assertEqual(Decimal(str(tax)), Decimal(document.tax))
        if document.texts:
            texts = [
                line["Description"].split("\n")[0]
                for line in found["Line"]
                if "Description" in line
            ]
            self.assertEqual(texts, list(document.texts))
