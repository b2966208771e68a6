from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .catalogue import CATALOGUE
from .engine_common import EngineCase

# Country and currency of the Odoo company beside each kind of QuickBooks company.
HOMES = {"ca": ("base.ca", "base.CAD"), "uk": ("base.uk", "base.GBP")}
# What no rate tells: which tax code stands for 0 % and for lines without tax.
UNTAXED = {"ca": ("Zero-rated", "Out of Scope"), "uk": ("0.0% Z", "No VAT")}


class CatalogueCase(EngineCase):
    """Every document of one kind of company, over HTTP into QuickBooks' books."""

    kind = ""

    @classmethod
    def set_up_company(cls):
        result = super().set_up_company()
        country, currency = HOMES.get(cls.kind, ("base.us", "base.USD"))
        cls.env.ref(currency).active = True
        cls.env.company.country_id = cls.env.ref(country)
        cls.env.company.currency_id = cls.env.ref(currency)
        return result

    @classmethod
    def setUpClass(cls):
        cls.emulator_companies = (cls.kind,)
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
        cls.named_customers = {}
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
        cls.euro = cls.setup_other_currency("EUR", rates=[("2026-01-01", 0.8)])

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
            rates = text.split("&")
            if rates[1:]:
                children = [self.tax(rate).id for rate in rates]
                amount = {
                    "amount_type": "group",
                    "children_tax_ids": [Command.set(children)],
                }
            else:
                amount = {"amount": float(text.removesuffix("incl"))}
            included = "tax_included" if text.endswith("incl") else "tax_excluded"
            self.taxes[text] = self.env["account.tax"].create(
                {
                    "name": f"Sales tax {text}",
                    "type_tax_use": "sale",
                    "price_include_override": included,
                    **amount,
                }
            )
        return self.taxes[text]

    def map_taxes(self):
        """Map as a bookkeeper does: accept what is proposed, choose the rest."""
        mappings = self.env["qbo.mapping"].sudo()
        mappings._refresh_needed(self.connection)
        rows = mappings._all_rows(self.connection).filtered(
            lambda row: row.level == "tax" and not row.reference_id
        )
        rows._propose()
        rows.with_user(self.administrator).sudo(False).action_accept_proposals()
        zero, none = UNTAXED.get(self.kind, ("", ""))
        if zero and "0" in self.taxes:
            self.choose_tax_code(self.taxes["0"], zero)
        if none:
            self.choose_tax_code(self.env["account.tax"], none)

    def choose_tax_code(self, tax, name):
        code = self.reference_named("tax_code", name)
        self.env["qbo.mapping"].sudo()._choose(
            self.connection, "tax_code", tax, {"reference_id": code.id}
        )

    def make(self, document, number):
        values = dict(document.values)
        customer = self.customer
        if "customer" in values:
            customer = self.customer_named(values.pop("customer"))
        if "email" in values:
            customer = self.make_customer(
                f"Customer {number}", email=values.pop("email")
            )
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

    def customer_named(self, name):
        if name not in self.named_customers:
            self.named_customers[name] = self.make_customer(name)
        return self.named_customers[name]

    def line_values(self, line, place):
        if line.display_type != "product":
            return {
                "display_type": line.display_type,
                "name": line.name,
                "sequence": place,
            }
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

    def every_document_arrives_right_or_is_stopped_with_its_reason(self):
        self.env["decimal.precision"].search([("name", "=", "Product Unit")]).digits = 3
        moves = []
        documents = [document for document in CATALOGUE if document.kind == self.kind]
        for number, document in enumerate(documents):
            moves.append((document, self.make(document, number)))
        self.map_taxes()
        for _document, move in moves:
            move.action_post()
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


@tagged("post_install", "-at_install")
class TestCatalogueUnitedStates(CatalogueCase):
    kind = "us"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()


@tagged("post_install", "-at_install")
class TestCatalogueManualTax(CatalogueCase):
    kind = "us-manual-tax"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()


@tagged("post_install", "-at_install")
class TestCatalogueNoSalesTax(CatalogueCase):
    kind = "us-no-sales-tax"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()


@tagged("post_install", "-at_install")
class TestCatalogueCanada(CatalogueCase):
    kind = "ca"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()


@tagged("post_install", "-at_install")
class TestCatalogueUnitedKingdom(CatalogueCase):
    kind = "uk"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()


@tagged("post_install", "-at_install")
class TestCatalogueMulticurrency(CatalogueCase):
    kind = "multicurrency"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()
