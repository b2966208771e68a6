"""The runner of the catalogue: makes its documents in Odoo, looks at QuickBooks."""

import logging
import os
import re
from decimal import Decimal

from odoo import Command

from .catalogue import CATALOGUE, table
from .engine_common import EngineCase

_logger = logging.getLogger(__name__)

# One of so many documents: a second run of the same needs not be complete.
EVERY = int(os.environ.get("QBO_CATALOGUE_EVERY", "1"))
# Country and currency of the Odoo company beside each kind of QuickBooks company.
HOMES = {"ca": ("base.ca", "base.CAD"), "uk": ("base.uk", "base.GBP")}
# What no rate tells: which tax code stands for these taxes, and for lines without.
TAX_CODES = {
    "ca": {"0": "Zero-rated", "fix0.75": "Zero-rated", "": "Out of Scope"},
    "uk": {"0": "0.0% Z", "rc20": "0.0% Z", "": "No VAT"},
}
# Taxes that go as a line with an item of their own, where there is no sales tax.
ITEM_TAXES = ("7.5",)
# Foreign units for one of the company's.
RATES = (("EUR", 0.8), ("GBP", 0.5), ("JPY", 100), ("KWD", 0.25))
TAX = re.compile(r"(?P<how>rc|fix)?(?P<rate>[\d.]+)(?P<base>incl|on)?")


class CatalogueCase(EngineCase):
    """Every document of one kind of company, over HTTP into QuickBooks' books."""

    kind = ""

    @classmethod
    def set_up_company(cls):
        result = super().set_up_company()
        country, currency = HOMES.get(cls.books, ("base.us", "base.USD"))
        cls.env.ref(currency).active = True
        cls.env.company.country_id = cls.env.ref(country)
        cls.env.company.currency_id = cls.env.ref(currency)
        return result

    @classmethod
    def setUpClass(cls):
        # Before the slash: the company in QuickBooks. After it: what Odoo's does.
        cls.books, _slash, cls.way = cls.kind.partition("/")
        cls.emulator_companies = (cls.books,)
        super().setUpClass()
        cls.products = {
            "service": cls.make_product("Maintenance", "service"),
            "goods": cls.make_product("Kit", "consu"),
            "unmapped": cls.make_product("Router", "consu"),
            "inactive": cls.make_product("Old kit", "consu"),
        }
        templates = {key: one.product_tmpl_id for key, one in cls.products.items()}
        templates["unmapped"].qbo_billing_type = "expense"
        cls.taxes, cls.named_customers, cls.terms = {}, {}, {}
        cls.connection.export_from = "2026-01-01"
        cls.env["qbo.mapping"].sudo()._refresh_needed(cls.connection)
        for name in ("30 Days", "30 Days -2"):
            cls.choose("term", cls.term(name), cls.reference_named("term", "Net 30"))
        cls.choose(
            "item",
            cls.env["qbo.mapping"],
            cls.reference_named("item", "Services"),
            "rounding",
        )
        for code, rate in RATES:
            if cls.env.company.currency_id.name != code:
                cls.setup_other_currency(code, rates=[("2026-01-01", rate)])
        getattr(cls, f"use_{cls.way}", lambda _templates: None)(templates)

    @classmethod
    def use_dimensions(cls, templates):
        """Use classes, locations and overrides."""
        cls.connection.write({"use_classes": True, "allow_overrides": True})
        service = templates["service"]
        item = cls.reference_named("item", "Services")
        north = cls.reference_named("class", "North")
        cls.choose("item", service, item, class_id=north.id)
        hourly = cls.customer_named("Hourly Ltd")
        cls.choose("item", hourly, cls.reference_named("item", "Hours"))
        journal = cls.company_data["default_journal_sale"]
        cls.choose(
            "department", journal, cls.reference_named("department", "San Mateo")
        )

    @classmethod
    def use_each(cls, _templates):
        """Have a QuickBooks customer for each currency."""
        cls.connection.currency_customers = True

    @classmethod
    def choose(cls, kind, record, reference, billing_type=False, **values):
        cls.env["qbo.mapping"].sudo()._choose(
            cls.connection,
            kind,
            record,
            {"reference_id": reference.id, **values},
            billing_type,
        )

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
        """A term by its name: "30 Days", or "30 Days -2" for 2 % within ten days."""
        if name not in cls.terms:
            days, _days, *discount = name.split()
            line = {"value": "percent", "value_amount": 100, "nb_days": int(days)}
            values = {"name": name, "line_ids": [Command.create(line)]}
            if discount:
                values.update(
                    early_discount=True,
                    discount_percentage=-float(discount[0]),
                    discount_days=10,
                )
            cls.terms[name] = cls.env["account.payment.term"].create(values)
        return cls.terms[name]

    # ---- taxes --------------------------------------------------------------

    def tax(self, text):
        if text not in self.taxes:
            parts = text.split("&")
            if parts[1:]:
                children = [self.tax(part).id for part in parts]
                values = {
                    "amount_type": "group",
                    "children_tax_ids": [Command.set(children)],
                }
            else:
                values = self.tax_values(TAX.fullmatch(text))
            self.taxes[text] = self.env["account.tax"].create(
                {
                    "name": f"Sales tax {text}",
                    "type_tax_use": "sale",
                    "sequence": len(self.taxes),
                    **values,
                }
            )
        return self.taxes[text]

    def tax_values(self, parts):
        values = {
            "amount": float(parts["rate"]),
            "amount_type": "fixed" if parts["how"] == "fix" else "percent",
            "price_include_override": (
                "tax_included" if parts["base"] == "incl" else "tax_excluded"
            ),
            "include_base_amount": parts["base"] == "on",
        }
        if parts["how"] == "rc":
            lines = [{"repartition_type": "base"}]
            lines += [
                {"repartition_type": "tax", "factor_percent": factor}
                for factor in (100, -100)
            ]
            for kind in ("invoice", "refund"):
                values[f"{kind}_repartition_line_ids"] = [
                    Command.clear(),
                    *map(Command.create, lines),
                ]
        return values

    def map_taxes(self):
        """Map as a bookkeeper does: accept what is proposed, choose the rest."""
        mappings = self.env["qbo.mapping"].sudo()
        mappings._refresh_needed(self.connection)
        rows = mappings._all_rows(self.connection).filtered(
            lambda row: row.level == "tax" and not row.reference_id
        )
        rows._propose()
        rows.with_user(self.administrator).sudo(False).action_accept_proposals()
        for text, name in TAX_CODES.get(self.books, {}).items():
            tax = self.taxes.get(text) if text else self.env["account.tax"]
            if tax is not None:
                self.choose("tax_code", tax, self.reference_named("tax_code", name))
        for text in ITEM_TAXES:
            if text in self.taxes:
                item = self.reference_named("item", "Services")
                self.choose("item", self.taxes[text], item)

    # ---- documents ----------------------------------------------------------

    def make_all(self, documents):
        """Return the documents in Odoo, as drafts in their order."""
        return self.env["account.move"].create(
            [self.move_values(one, number) for number, one in enumerate(documents)]
        )

    def move_values(self, document, number):
        values = dict(document.values)
        customer = self.customer
        if "customer" in values:
            customer = self.customer_named(values.pop("customer"))
        if "partner" in values:
            customer = self.new_customer(number, values.pop("partner"))
        if "term" in values:
            values["invoice_payment_term_id"] = self.term(values.pop("term")).id
        if "currency" in values:
            values["currency_id"] = self.env.ref(f"base.{values.pop('currency')}").id
        if "cash_rounding" in values:
            rounding = self.cash_rounding(values.pop("cash_rounding"))
            values["invoice_cash_rounding_id"] = rounding.id
        lines = [
            Command.create(self.line_values(line, place))
            for place, line in enumerate(document.lines)
        ]
        return {
            "move_type": "out_refund" if document.refund else "out_invoice",
            "partner_id": customer.id,
            "invoice_date": "2026-11-22",
            "invoice_payment_term_id": False,
            "invoice_line_ids": lines,
            **values,
        }

    @classmethod
    def customer_named(cls, name):
        if name not in cls.named_customers:
            cls.named_customers[name] = cls.make_customer(cls, name)
        return cls.named_customers[name]

    def new_customer(self, number, values):
        values = dict(values)
        name = values.pop("name", f"Customer {number}")
        exact = values.pop("exact_name", False)
        if code := values.pop("country", ""):
            values["country_id"] = self.env.ref(f"base.{code.lower()}").id
        if code := values.pop("state", ""):
            country = self.env.ref("base.us")
            values["country_id"] = country.id
            values["state_id"] = country.state_ids.filtered(
                lambda state: state.code == code
            ).id
        customer = self.make_customer(name, **values)
        if exact:
            customer.name = name
        return customer

    def cash_rounding(self, amount):
        return self.env["account.cash.rounding"].create(
            {
                "name": f"To {amount}",
                "rounding": amount,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )

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
        values = {
            "sequence": place,
            "name": line.name,
            "product_id": self.products[line.product].id if line.product else False,
            "quantity": line.quantity,
            "price_unit": line.price,
            "discount": line.discount,
            "tax_ids": [Command.set(taxes.ids)],
        }
        if line.unit:
            values["product_uom_id"] = self.env.ref(line.unit).id
        if line.item:
            values["qbo_item_id"] = self.reference_named("item", line.item).id
        if line.class_:
            values["qbo_class_id"] = self.reference_named("class", line.class_).id
        return values

    # ---- what becomes of them -----------------------------------------------

    def every_document_arrives_right_or_is_stopped_with_its_reason(self):
        self.env["decimal.precision"].search([("name", "=", "Product Unit")]).digits = 3
        of_kind = [document for document in CATALOGUE if document.kind == self.kind]
        documents = of_kind[::EVERY]
        moves = self.make_all(documents)
        self.map_taxes()
        self.make_an_item_inactive()
        moves.action_post()
        for _pass in range(3):
            self.drain()
        books = self.in_quickbooks("Invoice") + self.in_quickbooks("CreditMemo")
        by_id = {document["Id"]: document for document in books}
        for document, move in zip(documents, moves, strict=True):
            with self.subTest(document.title, feature=document.feature):
                if document.stopped:
                    self.assert_stopped(document, move)
                else:
                    self.assert_arrived(document, move, by_id)
        _logger.info("Catalogue, %s:\n%s", self.kind, "\n".join(table(documents)))

    def make_an_item_inactive(self):
        item = self.reference_named("item", "Installation Kit")
        if item:
            self.choose("item", self.products["inactive"].product_tmpl_id, item)
            item.sudo().active = False

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
        for path, value in document.shows.items():
            self.assertEqual(member_at(found, path), value, path)


def member_at(document, path):
    """Return a member of a QuickBooks document as text, None where it has none.

    :param str path: names and numbers of list places, with dots between
    """
    value = document
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value.get(step)
        if value is None:
            return None
    if isinstance(value, (int, float, Decimal)):
        return f"{Decimal(str(value)).normalize():f}"
    return value
