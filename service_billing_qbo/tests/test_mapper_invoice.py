from decimal import Decimal

from odoo.tests import tagged

from ..mappers.outcome import NeedsFirst
from .books_common import BooksCase


@tagged("post_install", "-at_install")
class TestMapperInvoice(BooksCase):
    def test_invoice_becomes_the_document_that_the_reference_shows(self):
        move = self.invoice(
            {"name": "Maintenance Nov", "quantity": 2, "taxes": self.sales_tax},
            {"name": "Advice", "price_unit": 50},
            invoice_date_due="2026-12-22",
            narration="<p>Thank you</p>",
        )
        prepared = self.prepare(move)
        payload = dict(prepared.payload)
        note = payload.pop("PrivateNote").split("\n")
        address = {
            "Line1": "1 Pier Rd",
            "City": "Half Moon Bay",
            "CountrySubDivisionCode": "CA",
            "PostalCode": "94019",
            "Country": "United States",
        }
        self.assertEqual(
            payload,
            {
                "DocNumber": move.name,
                "TxnDate": "2026-11-22",
                "DueDate": "2026-12-22",
                "CustomerRef": {"value": "58"},
                "BillAddr": address,
                "ShipAddr": address,
                "BillEmail": {"Address": "billing@example.com"},
                "CustomerMemo": {"value": "Thank you"},
                "EmailStatus": "NotSet",
                "Line": [
                    {
                        "LineNum": 1,
                        "DetailType": "SalesItemLineDetail",
                        "Amount": Decimal("200.00"),
                        "Description": "Maintenance Nov",
                        "SalesItemLineDetail": {
                            "ItemRef": {"value": "19"},
                            "Qty": Decimal("2"),
                            "UnitPrice": Decimal("100"),
                            "TaxCodeRef": {"value": "TAX"},
                        },
                    },
                    {
                        "LineNum": 2,
                        "DetailType": "SalesItemLineDetail",
                        "Amount": Decimal("50.00"),
                        "Description": "Advice",
                        "SalesItemLineDetail": {
                            "ItemRef": {"value": "19"},
                            "Qty": Decimal("1"),
                            "UnitPrice": Decimal("50"),
                            "TaxCodeRef": {"value": "NON"},
                        },
                    },
                ],
                "TxnTaxDetail": {"TotalTax": Decimal("16.50")},
            },
        )
        self.assertRegex(note[0], rf"^odoo:\w{{8}}:account\.move/{move.id}$")
        self.assertIn(str(move.id), note[1])
        self.assertEqual(
            (prepared.entity, prepared.operation, prepared.currency),
            ("Invoice", "create", "USD"),
        )
        self.assertEqual(prepared.expected_total, Decimal("266.50"))
        self.assertEqual(prepared.expected_tax, Decimal("16.50"))

    def test_credit_note_becomes_a_credit_memo_with_positive_amounts(self):
        move = self.invoice({"taxes": self.sales_tax}, move_type="out_refund")
        prepared = self.prepare(move)
        self.assertEqual(prepared.entity, "CreditMemo")
        self.assertEqual(prepared.payload["Line"][0]["Amount"], Decimal("100.00"))
        self.assertEqual(
            prepared.payload["TxnTaxDetail"], {"TotalTax": Decimal("8.25")}
        )
        self.assertNotIn("DueDate", prepared.payload)
        self.assertNotIn("EmailStatus", prepared.payload)

    def test_discount_is_in_the_unit_price_and_told_in_the_description(self):
        move = self.invoice({"quantity": 3, "price_unit": 33.33, "discount": 10})
        line = self.prepare(move).payload["Line"][0]
        self.assertEqual(line["Amount"], Decimal("89.99"))
        detail = line["SalesItemLineDetail"]
        self.assertEqual(round(detail["Qty"] * detail["UnitPrice"], 2), line["Amount"])
        self.assertEqual(line["Description"], "Maintenance\nDiscount 10 % on 33.33")

    def test_section_and_note_become_lines_of_text_in_their_place(self):
        move = self.invoice(
            {"display_type": "line_section", "name": "Repairs"},
            {"name": "Pump"},
            {"display_type": "line_note", "name": "Two years of warranty"},
        )
        lines = self.prepare(move).payload["Line"]
        self.assertEqual(
            [(line["DetailType"], line["Description"]) for line in lines],
            [
                ("DescriptionOnly", "Repairs"),
                ("SalesItemLineDetail", "Pump"),
                ("DescriptionOnly", "Two years of warranty"),
            ],
        )

    def test_company_that_lets_quickbooks_number_gets_no_number(self):
        self.set_preferences(SalesFormsPrefs={"CustomTxnNumbers": False})
        self.assertNotIn("DocNumber", self.prepare(self.invoice()).payload)

    def test_customer_not_yet_in_quickbooks_goes_first(self):
        newcomer = self.env["res.partner"].create({"name": "Newcomer"})
        move = self.invoice(partner_id=newcomer.id)
        with self.assertRaises(NeedsFirst) as caught:
            self.prepare(move)
        self.assertEqual(caught.exception.records, newcomer)

    def test_reposted_invoice_is_updated_with_id_and_sync_token(self):
        move = self.invoice()
        self.bind(move, "Invoice", "238", sync_token="3")
        prepared = self.prepare(move)
        self.assertEqual(prepared.operation, "update")
        self.assertEqual(prepared.payload["Id"], "238")
        self.assertEqual(prepared.payload["SyncToken"], "3")

    def test_draft_waits_and_cancelled_invoice_is_voided(self):
        move = self.invoice()
        self.bind(move, "Invoice", "238", sync_token="3")
        move.button_draft()
        self.assertEqual(self.prepare(move).operation, "nothing")
        move.button_cancel()
        prepared = self.prepare(move)
        self.assertEqual(prepared.operation, "void")
        self.assertEqual(prepared.payload, {"Id": "238", "SyncToken": "3"})

    def test_cancelled_invoice_that_never_went_stays_away(self):
        move = self.invoice()
        move.button_draft()
        move.button_cancel()
        self.assertEqual(self.prepare(move).operation, "nothing")
