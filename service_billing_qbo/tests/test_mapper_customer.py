from odoo import Command
from odoo.tests import new_test_user, tagged

from ..models.roles import BOOKKEEPER
from .books_common import BooksCase


@tagged("post_install", "-at_install")
class TestMapperCustomer(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls.env["res.partner"].create(
            {
                "name": "Acme: Café & Söhne",
                "is_company": True,
                "street": "12 Ocean Dr.",
                "street2": "Suite 4",
                "city": "Half Moon Bay",
                "zip": "94213",
                "email": "Ana Reyes <ana@example.com>, office@example.com",
                "phone": "(415) 444-6538",
                "website": "https://acme.example.com",
                "comment": "<p>Pays <b>late</b></p>",
            }
        )

    def test_customer_becomes_what_quickbooks_takes(self):
        payload = dict(self.prepare(self.acme).payload)
        notes = payload.pop("Notes").split("\n")
        self.assertEqual(
            payload,
            {
                "DisplayName": "Acme - Café & Söhne",
                "PrintOnCheckName": "Acme - Café & Söhne",
                "CompanyName": "Acme - Café & Söhne",
                "PrimaryEmailAddr": {"Address": "ana@example.com"},
                "PrimaryPhone": {"FreeFormNumber": "(415) 444-6538"},
                "WebAddr": {"URI": "https://acme.example.com"},
                "BillAddr": {
                    "Line1": "12 Ocean Dr.",
                    "Line2": "Suite 4",
                    "City": "Half Moon Bay",
                    "PostalCode": "94213",
                },
                "ShipAddr": {
                    "Line1": "12 Ocean Dr.",
                    "Line2": "Suite 4",
                    "City": "Half Moon Bay",
                    "PostalCode": "94213",
                },
                "Taxable": True,
            },
        )
        self.assertRegex(notes[0], rf"^odoo:\w{{8}}:res\.partner/{self.acme.id}$")
        self.assertEqual(notes[1], "More e-mail addresses: office@example.com")
        self.assertEqual(notes[2], "Pays *late*")

    def test_customer_in_quickbooks_is_left_alone(self):
        self.assertEqual(self.prepare(self.customer).operation, "nothing")

    def test_name_of_a_vendor_is_stopped_and_a_free_name_offered(self):
        self.reference("vendor", "7", "ACME - café & söhne", active=False)
        self.reference("customer", "8", "Acme - Café & Söhne (Customer)")
        cause = self.causes(self.acme)["customer"]
        self.assertIn("QuickBooks has a vendor named", cause.message)
        self.assertIn("(inactive)", cause.message)
        self.assertIn('"Acme - Café & Söhne 2 (Customer)"', cause.todo)
        self.assertEqual((cause.res_model, cause.res_id), ("res.partner", self.acme.id))

    def test_chosen_name_is_used_instead(self):
        self.reference("vendor", "7", "Acme - Café & Söhne")
        bookkeeper = new_test_user(self.env, "names customers", BOOKKEEPER)
        self.acme.with_user(bookkeeper)._qbo_create_as(
            self.connection, "Acme (Customer)"
        )
        payload = self.prepare(self.acme).payload
        self.assertEqual(payload["DisplayName"], "Acme (Customer)")

    def test_wildcards_in_a_name_match_themselves_only(self):
        self.reference("customer", "8", "100x Wool")
        self.acme.name = "100% Wool"
        self.assertEqual(self.prepare(self.acme).payload["DisplayName"], "100% Wool")

    def test_name_without_latin_letters_asks_for_one(self):
        self.acme.name = "株式会社"
        cause = self.causes(self.acme)["customer"]
        self.assertIn("Latin letters", cause.message)
        self.acme.qbo_name = "Kabushiki"
        self.assertEqual(self.prepare(self.acme).payload["DisplayName"], "Kabushiki")

    def test_accents_that_us_companies_lack_are_written_plainly(self):
        self.acme.name = "Łódź “Młyn” – Żuraw"
        self.assertEqual(
            self.prepare(self.acme).payload["DisplayName"], 'Lódz "Mlyn" - Zuraw'
        )

    def test_wrong_email_is_stopped_before_quickbooks_refuses_it(self):
        self.acme.email = "ana@example"
        cause = self.causes(self.acme)["data"]
        self.assertIn("ana@example", cause.message)
        self.assertEqual(cause.turn, "clerk")

    def test_phone_that_would_be_cut_goes_to_the_notes_whole(self):
        self.acme.phone = "+1 415 444 6538 extension 1234 (mornings)"
        payload = self.prepare(self.acme).payload
        self.assertNotIn("PrimaryPhone", payload)
        self.assertIn("+1 415 444 6538 extension 1234 (mornings)", payload["Notes"])

    def test_exempt_customer_is_not_taxable(self):
        self.company.account_sale_tax_id = self.sales_tax
        exempt = self.tax(
            "Exempt", 0, original_tax_ids=[Command.link(self.sales_tax.id)]
        )
        position = self.env["account.fiscal.position"].create(
            {"name": "Exempt", "tax_ids": [Command.link(exempt.id)]}
        )
        exempt.fiscal_position_ids = position
        self.acme.property_account_position_id = position
        self.assertIs(self.prepare(self.acme).payload["Taxable"], False)

    def test_child_contact_is_not_a_customer_of_its_own(self):
        contact = self.env["res.partner"].create(
            {"name": "Ana", "parent_id": self.acme.id}
        )
        self.assertEqual(self.prepare(contact).operation, "nothing")

    def test_linking_makes_the_next_invoice_use_the_chosen_customer(self):
        reference = self.reference("customer", "77", "Acme Corp")
        self.acme._qbo_link_customer(self.connection, reference)
        move = self.invoice(partner_id=self.acme.id)
        self.assertEqual(self.prepare(move).payload["CustomerRef"], {"value": "77"})
