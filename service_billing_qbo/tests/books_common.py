"""A company whose QuickBooks facts and lists are known, without any network.

What a document becomes is decided from what was read before; these tests look at
that decision. That QuickBooks takes it is shown over the emulator elsewhere.
"""

from odoo import Command, fields
from odoo.tests import tagged

from ..mappers.outcome import CannotExport
from ..quickbooks import jsonmoney
from .common import WithBooks

REALM_ID = "4620816365000000001"

# CompanyInfo.Country and Preferences by kind of company, as Intuit writes them.
KINDS = {
    "us": ("US", {"TaxPrefs": {"UsingSalesTax": True, "PartnerTaxEnabled": True}}),
    "us-manual-tax": (
        "US",
        {"TaxPrefs": {"UsingSalesTax": True, "TaxGroupCodeRef": {"value": "2"}}},
    ),
    "us-no-sales-tax": ("US", {"TaxPrefs": {"UsingSalesTax": False}}),
    "ca": ("CA", {"TaxPrefs": {"UsingSalesTax": True}}),
    "uk": ("GB", {"TaxPrefs": {"UsingSalesTax": True}}),
    "multicurrency": (
        "US",
        {
            "TaxPrefs": {"UsingSalesTax": True, "PartnerTaxEnabled": True},
            "CurrencyPrefs": {"MultiCurrencyEnabled": True},
        },
    ),
}
HOME_CURRENCY = {"ca": "CAD", "uk": "GBP"}


@tagged("post_install", "-at_install")
class BooksCase(WithBooks):
    """Base of the tests of mapping and mappers: helpers in a bookkeeper's words."""

    kind = "us"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # As the drain: rights are tested where people act.
        cls.env = cls.env(su=True)
        cls.company = cls.env.company
        currency = cls.env["res.currency"].with_context(active_test=False)
        home = currency.search([("name", "=", HOME_CURRENCY.get(cls.kind, "USD"))])
        home.active = True
        cls.company.currency_id = home
        cls.home = home
        country, preferences = KINDS[cls.kind]
        cls.connection = cls.env["qbo.connection"]._ensure_for_company(cls.company)
        cls.connection.write(
            {
                "accounting_vendor": "quickbooks",
                "realm_id": REALM_ID,
                "export_from": "2020-01-01",
                "company_info_text": jsonmoney.dumps(
                    {"CompanyName": "Harbor Books", "Country": country}
                ),
            }
        )
        cls.set_preferences(**preferences)
        cls.item = cls.reference("item", "19", "Services", type="Service")
        cls.env["qbo.mapping"]._choose(
            cls.connection,
            "item",
            cls.env["qbo.mapping"],
            {"reference_id": cls.item.id},
            "service",
        )
        cls.sales_tax = cls.tax("Sales tax 8.25 %", 8.25)
        cls.product = cls.env["product.product"].create(
            {"name": "Maintenance", "type": "service", "taxes_id": [Command.clear()]}
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Harbor Dental LLC",
                "is_company": True,
                "street": "1 Pier Rd",
                "city": "Half Moon Bay",
                "zip": "94019",
                "state_id": cls.env.ref("base.state_us_5").id,
                "country_id": cls.env.ref("base.us").id,
                "email": "billing@example.com",
            }
        )
        cls.bind(cls.customer, "Customer", "58")

    # ---- the QuickBooks side ------------------------------------------------

    @classmethod
    def set_preferences(cls, **preferences):
        """Set members of Preferences; what is not named stays as it was."""
        known = jsonmoney.loads(cls.connection.preferences_text or "{}")
        known.setdefault("SalesFormsPrefs", {"CustomTxnNumbers": True})
        known.setdefault("CurrencyPrefs", {}).setdefault(
            "HomeCurrency", {"value": cls.home.name}
        )
        for group, members in preferences.items():
            known.setdefault(group, {}).update(members)
        cls.connection.preferences_text = jsonmoney.dumps(known)

    @classmethod
    def reference(cls, entity, qbo_id, name, active=True, deleted=False, **details):
        """Add a row to one of QuickBooks' lists."""
        return cls.env["qbo.reference"].create(
            {
                "connection_id": cls.connection.id,
                "realm_id": cls.connection.realm_id,
                "entity": entity,
                "qbo_id": qbo_id,
                "name": name,
                "full_name": name,
                "active": active,
                "deleted": deleted,
                "checked_at": fields.Datetime.now(),
                "details_text": jsonmoney.dumps(details),
            }
        )

    @classmethod
    def bind(cls, record, entity, qbo_id, **values):
        """Say that a record is in QuickBooks already."""
        return cls.env["qbo.binding"].create(
            {
                "connection_id": cls.connection.id,
                "company_id": cls.company.id,
                "realm_id": cls.connection.realm_id,
                "res_model": record._name,
                "res_id": record.id,
                "entity": entity,
                "qbo_id": qbo_id,
                "sync_token": "0",
                **values,
            }
        )

    @classmethod
    def choose(cls, kind, record, reference, **values):
        """Make a choice in Account Mapping."""
        cls.env["qbo.mapping"]._choose(
            cls.connection, kind, record, {"reference_id": reference.id, **values}
        )

    # ---- the Odoo side ------------------------------------------------------

    @classmethod
    def tax(cls, name, amount, **values):
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "company_id": cls.company.id,
                **values,
            }
        )

    def invoice(self, *lines, post=True, move_type="out_invoice", **values):
        """Make an invoice; a line is a dict, or the name of a section or note."""
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.customer.id,
                "invoice_date": "2026-11-22",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(self.line_values(line, number))
                    for number, line in enumerate(lines or [{}])
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def line_values(self, line, number):
        if "display_type" in line:
            return {"sequence": number, **line}
        taxes = line.get("taxes", self.env["account.tax"])
        return {
            "sequence": number,
            "product_id": self.product.id,
            "quantity": 1,
            "price_unit": 100,
            **{key: value for key, value in line.items() if key != "taxes"},
            "tax_ids": [Command.set(taxes.ids)],
        }

    # ---- looking ------------------------------------------------------------

    def prepare(self, record):
        """Return what would be sent now."""
        binding = self.env["qbo.binding"]._find(self.connection, record)
        return record._qbo_prepare(self.connection, binding)

    def causes(self, record):
        """Return the causes that stop the record, by kind."""
        with self.assertRaises(CannotExport) as caught:
            self.prepare(record)
        return {cause.kind: cause for cause in caught.exception.causes}
