from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .books_common import BooksCase


@tagged("post_install", "-at_install")
class TestManualTax(BooksCase):
    kind = "us-manual-tax"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reference("tax_rate", "3", "State", rate=Decimal("7.25"))
        cls.reference("tax_rate", "4", "County", rate=Decimal("1"))
        cls.code = cls.reference("tax_code", "2", "Half Moon Bay", rate_ids=["3", "4"])

    def test_document_names_its_one_tax_code_and_odoos_tax(self):
        self.choose("tax_code", self.sales_tax, self.code)
        payload = self.prepare(self.invoice({"taxes": self.sales_tax}, {})).payload
        self.assertEqual(
            payload["TxnTaxDetail"],
            {"TotalTax": Decimal("8.25"), "TxnTaxCodeRef": {"value": "2"}},
        )
        codes = [line["SalesItemLineDetail"]["TaxCodeRef"] for line in payload["Line"]]
        self.assertEqual(codes, [{"value": "TAX"}, {"value": "NON"}])

    def test_unmapped_tax_is_stopped(self):
        cause = self.causes(self.invoice({"taxes": self.sales_tax}))["unmapped"]
        self.assertEqual(cause.message, "Sales tax 8.25 % has no QuickBooks tax code.")

    def test_another_rate_there_is_stopped_before_the_total_differs(self):
        other = self.tax("Sales tax 8 %", 8)
        self.choose("tax_code", other, self.code)
        cause = self.causes(self.invoice({"taxes": other}))["data"]
        self.assertIn(
            "8 % in Odoo, Half Moon Bay is 8.25 % in QuickBooks", cause.message
        )

    def test_two_sales_taxes_on_one_document_are_refused(self):
        self.choose("tax_code", self.sales_tax, self.code)
        other = self.tax("Sales tax 7.25 %", 7.25)
        self.choose(
            "tax_code", other, self.reference("tax_code", "5", "State", rate_ids=["3"])
        )
        move = self.invoice({"taxes": self.sales_tax}, {"taxes": other})
        self.assertIn("one sales tax for a document", self.causes(move)["data"].message)


@tagged("post_install", "-at_install")
class TestNoSalesTax(BooksCase):
    kind = "us-no-sales-tax"

    def test_untaxed_invoice_goes_without_any_tax(self):
        prepared = self.prepare(self.invoice())
        self.assertNotIn("TxnTaxDetail", prepared.payload)

    def test_taxed_invoice_is_stopped_for_quickbooks_would_drop_the_tax(self):
        cause = self.causes(self.invoice({"taxes": self.sales_tax}))["feature"]
        self.assertEqual(cause.message, "Sales tax is off in QuickBooks.")

    def test_tax_goes_as_a_line_where_it_has_an_item(self):
        self.choose("item", self.sales_tax, self.reference("item", "50", "Sales tax"))
        prepared = self.prepare(self.invoice({"taxes": self.sales_tax}))
        line = prepared.payload["Line"][-1]
        self.assertEqual(line["Amount"], Decimal("8.25"))
        self.assertEqual(line["SalesItemLineDetail"]["ItemRef"], {"value": "50"})
        self.assertEqual(prepared.expected_total, Decimal("108.25"))
        self.assertEqual(prepared.expected_tax, 0)


@tagged("post_install", "-at_install")
class TestCanada(BooksCase):
    kind = "ca"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reference("tax_rate", "1", "GST", rate=Decimal("5"))
        cls.reference("tax_rate", "2", "PST BC", rate=Decimal("7"))
        cls.reference("tax_rate", "3", "Zero", rate=Decimal("0"))
        codes = {
            "gst": ("11", ["1"]),
            "pst": ("12", ["2"]),
            "both": ("13", ["1", "2"]),
            "exempt": ("14", ["3"]),
        }
        cls.codes = {
            name: cls.reference("tax_code", qbo_id, name, rate_ids=rate_ids)
            for name, (qbo_id, rate_ids) in codes.items()
        }
        cls.gst = cls.tax("GST 5 %", 5)
        cls.pst = cls.tax("PST 7 %", 7)
        cls.choose("tax_code", cls.gst, cls.codes["gst"])
        cls.choose("tax_code", cls.pst, cls.codes["pst"])

    def sent_codes(self, move):
        lines = self.prepare(move).payload["Line"]
        return [line["SalesItemLineDetail"]["TaxCodeRef"]["value"] for line in lines]

    def test_line_names_its_tax_code(self):
        move = self.invoice({"taxes": self.gst}, {"taxes": self.pst})
        self.assertEqual(self.sent_codes(move), ["11", "12"])
        payload = self.prepare(move).payload
        self.assertEqual(payload["GlobalTaxCalculation"], "TaxExcluded")
        self.assertNotIn("TxnTaxDetail", payload)

    def test_two_taxes_on_a_line_need_the_code_that_holds_both(self):
        move = self.invoice({"taxes": self.gst + self.pst})
        self.assertEqual(self.sent_codes(move), ["13"])
        self.codes["both"].active = False
        cause = self.causes(self.invoice({"taxes": self.gst + self.pst}))["data"]
        self.assertIn("no single tax code that holds GST 5 % + PST 7 %", cause.message)

    def test_group_of_taxes_is_mapped_as_one(self):
        group = self.tax(
            "GST + PST",
            0,
            amount_type="group",
            children_tax_ids=[Command.set((self.gst + self.pst).ids)],
        )
        self.choose("tax_code", group, self.codes["both"])
        self.assertEqual(self.sent_codes(self.invoice({"taxes": group})), ["13"])

    def test_line_without_tax_needs_a_code_too(self):
        cause = self.causes(self.invoice({}))["unmapped"]
        self.assertIn("lines without tax", cause.message)
        self.choose("tax_code", self.env["account.tax"], self.codes["exempt"])
        self.assertEqual(self.sent_codes(self.invoice({})), ["14"])

    def test_tax_that_quickbooks_would_round_otherwise_goes_rate_by_rate(self):
        """Per line 3 x 0.02 is 0.06; QuickBooks rounds 5 % of 1.02 once, to 0.05."""
        self.company.tax_calculation_rounding_method = "round_per_line"
        lines = [{"price_unit": 0.34, "taxes": self.gst}] * 3
        prepared = self.prepare(self.invoice(*lines))
        self.assertEqual(prepared.expected_tax, Decimal("0.06"))
        detail = prepared.payload["TxnTaxDetail"]
        self.assertEqual(detail["TotalTax"], Decimal("0.06"))
        self.assertEqual(
            detail["TaxLine"],
            [
                {
                    "Amount": Decimal("0.06"),
                    "DetailType": "TaxLineDetail",
                    "TaxLineDetail": {
                        "TaxRateRef": {"value": "1"},
                        "PercentBased": True,
                        "TaxPercent": Decimal("5"),
                        "NetAmountTaxable": Decimal("1.02"),
                    },
                }
            ],
        )


@tagged("post_install", "-at_install")
class TestUnitedKingdom(BooksCase):
    kind = "uk"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reference("tax_rate", "1", "20.0% S", rate=Decimal("20"))
        cls.reference("tax_rate", "2", "0.0% ECG", rate=Decimal("0"))
        cls.standard = cls.reference("tax_code", "3", "20.0% S", rate_ids=["1"])
        cls.zero = cls.reference("tax_code", "9", "0.0% ECG", rate_ids=["2"])
        cls.vat = cls.tax("VAT 20 %", 20)
        cls.choose("tax_code", cls.vat, cls.standard)

    def test_price_with_vat_goes_as_net_amount_with_odoos_vat(self):
        included = self.tax("VAT 20 % incl.", 20, price_include_override="tax_included")
        self.choose("tax_code", included, self.standard)
        lines = [{"price_unit": 10, "taxes": included}] * 3
        prepared = self.prepare(self.invoice(*lines))
        self.assertEqual(prepared.expected_total, Decimal("30.00"))
        sent = sum(line["Amount"] for line in prepared.payload["Line"])
        self.assertEqual(sent + prepared.expected_tax, Decimal("30.00"))

    def test_reverse_charge_is_a_rate_of_nothing(self):
        reverse = self.tax(
            "Reverse charge 20 %",
            20,
            invoice_repartition_line_ids=[
                Command.create({"repartition_type": "base", "factor_percent": 100}),
                Command.create({"repartition_type": "tax", "factor_percent": 100}),
                Command.create({"repartition_type": "tax", "factor_percent": -100}),
            ],
            refund_repartition_line_ids=[
                Command.create({"repartition_type": "base", "factor_percent": 100}),
                Command.create({"repartition_type": "tax", "factor_percent": 100}),
                Command.create({"repartition_type": "tax", "factor_percent": -100}),
            ],
        )
        self.choose("tax_code", reverse, self.zero)
        prepared = self.prepare(self.invoice({"taxes": reverse}))
        line = prepared.payload["Line"][0]["SalesItemLineDetail"]
        self.assertEqual(line["TaxCodeRef"], {"value": "9"})
        self.assertEqual(prepared.expected_total, Decimal("100.00"))

    def test_letters_of_all_scripts_go_outside_the_us(self):
        move = self.invoice({"name": "Przegląd 保守", "taxes": self.vat})
        self.assertEqual(
            self.prepare(move).payload["Line"][0]["Description"], "Przegląd 保守"
        )


@tagged("post_install", "-at_install")
class TestCurrencies(BooksCase):
    kind = "multicurrency"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2026-01-01", 0.8)])

    def test_rate_is_home_units_for_one_foreign_unit(self):
        """Odoo: 0.8 EUR for a dollar. QuickBooks: 1.25 dollars for a euro."""
        payload = self.prepare(self.invoice(currency_id=self.euro.id)).payload
        self.assertEqual(payload["CurrencyRef"], {"value": "EUR"})
        self.assertEqual(payload["ExchangeRate"], Decimal("1.25"))

    def test_home_currency_needs_no_rate(self):
        payload = self.prepare(self.invoice()).payload
        self.assertEqual(payload["CurrencyRef"], {"value": "USD"})
        self.assertNotIn("ExchangeRate", payload)

    def test_customer_of_another_currency_is_a_problem_before_sending(self):
        self.reference("customer", "58", "Harbor Dental LLC", currency="USD")
        cause = self.causes(self.invoice(currency_id=self.euro.id))["currency"]
        self.assertEqual(
            cause.message,
            "Harbor Dental LLC is in USD in QuickBooks, the invoice in EUR.",
        )

    def test_new_customer_gets_the_currency_of_its_waiting_invoice(self):
        partner = self.env["res.partner"].create({"name": "Berlin GmbH"})
        self.invoice(partner_id=partner.id, currency_id=self.euro.id)
        self.assertEqual(self.prepare(partner).payload["CurrencyRef"], {"value": "EUR"})
