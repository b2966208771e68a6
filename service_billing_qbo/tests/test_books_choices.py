"""What a bookkeeper adds to the bare document: items, custom fields."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_documents_life import LifeCase


@tagged("post_install", "-at_install")
class TestBooksChoices(LifeCase):
    # ---- items --------------------------------------------------------------

    def wizard_for(self, *products):
        """The dialog of Create in QuickBooks, before a bookkeeper."""
        rows = self.env["qbo.mapping"].sudo()
        for product in products:
            template = product.product_tmpl_id
            rows += rows.create(
                {
                    "connection_id": self.connection.id,
                    "kind": "item",
                    "res_model": template._name,
                    "res_id": template.id,
                }
            )
        action = self.by_bookkeeper(rows.sudo(False)).action_create_in_quickbooks()
        wizard = self.by_bookkeeper(
            self.env[action["res_model"]].browse(action["res_id"])
        )
        wizard.income_account_id = wizard.income_account_ids[:1]
        return wizard

    def sold(self, name, **values):
        return self.env["product.product"].create({"name": name, **values})

    def items_named(self, name):
        return [one for one in self.in_quickbooks("Item") if one["Name"] == name]

    def test_chosen_products_become_items_and_release_what_waited(self):
        types = self.env["qbo.mapping"].search([("level", "=", "billing_type")])
        types.sudo().reference_id = False
        rental = self.sold(
            "Dock: rental",
            type="service",
            default_code="D-1",
            list_price=45.5,
            taxes_id=self.sales_tax.ids,
        )
        rope = self.sold("Rope", type="consu", taxes_id=[Command.clear()])
        untouched = self.sold("Anchor", type="consu")
        move = self.draft()
        move.invoice_line_ids.product_id = rental
        move.invoice_line_ids.copy({"product_id": rope.id, "move_id": move.id})
        move.action_post()
        self.drain()
        self.assertEqual(move.qbo_status, "problem")
        self.env["qbo.mapping"]._refresh_needed(self.connection)
        rows = self.env["qbo.mapping"].search([("level", "=", "product")])
        self.assertEqual(
            set(rows.mapped("record_name")), {"[D-1] Dock: rental", "Rope"}
        )

        action = self.by_bookkeeper(rows.sudo(False)).action_create_in_quickbooks()
        wizard = self.by_bookkeeper(self.env["qbo.create.items"]).browse(
            action["res_id"]
        )
        self.assertEqual(self.items_named("Rope"), [], "nothing is created unasked")
        self.assertEqual(wizard.summary, "2 to create, 0 to link, 0 to ignore.")
        with self.assertRaisesRegex(UserError, "Choose the income account"):
            wizard.income_account_id = False
            self.assertTrue(wizard.income_needed)
            self.assertFalse(wizard.expense_needed)
            wizard.action_apply()
        income, own_income = wizard.income_account_ids[:2]
        wizard.income_account_id = income
        goods = wizard.row_ids.filtered(lambda row: row.item_type == "NonInventory")
        goods.income_account_id = own_income
        wizard.action_apply()
        self.drain()
        self.drain()

        (item,) = self.items_named("Dock - rental")
        self.assertEqual(
            (item["Type"], item["Sku"], item["Taxable"], item["UnitPrice"]),
            ("Service", "D-1", True, 45.5),
        )
        self.assertEqual(item["IncomeAccountRef"]["value"], income.qbo_id)
        (item,) = self.items_named("Rope")
        self.assertEqual((item["Type"], item["Taxable"]), ("NonInventory", False))
        self.assertEqual(item["IncomeAccountRef"]["value"], own_income.qbo_id)
        self.assertEqual(rope.product_tmpl_id.qbo_item_id.qbo_id, item["Id"])
        self.assertEqual(self.items_named(untouched.name), [])
        self.assert_in_quickbooks(move)

    def test_name_that_is_taken_is_linked_not_created(self):
        wizard = self.wizard_for(self.sold("services"), self.sold("Buoy"))
        taken, free = wizard.row_ids
        self.assertEqual((taken.decision, free.decision), ("link", "create"))
        self.assertEqual(taken.note, "QuickBooks has an item named Services.")
        self.assertTrue(wizard.has_notes)
        self.assertFalse(self.wizard_for(self.sold("Anchor chain")).has_notes)
        taken.decision = "create"
        with self.assertRaisesRegex(UserError, "services cannot be created"):
            wizard.action_apply()
        taken.decision = "link"
        free.decision = "ignore"
        wizard.action_apply()
        self.drain()
        self.assertEqual(taken.mapping_id.reference_id.name, "Services")
        self.assertEqual(self.items_named("Buoy"), [])

    def test_account_that_is_not_offered_is_refused(self):
        """A call of a program may bring any, whose Id is another account there."""
        wizard = self.wizard_for(self.sold("Bollard"))
        income, expense = wizard.income_account_ids[:1], wizard.expense_account_ids[:1]
        foreign_company = self.env["res.company"].create({"name": "Second Harbor"})
        foreign = self.connection_of(foreign_company)
        foreign.sudo().realm_id = "77"
        inactive = income.sudo().copy({"qbo_id": "900", "active": False})
        others = {
            "of another company": {"connection_id": foreign.id, "realm_id": "77"},
            "of another realm": {"realm_id": "78"},
            "deleted": {"qbo_id": "901", "deleted": True},
        }
        refused = {
            name: income.sudo().copy(values).id for name, values in others.items()
        }
        refused |= {
            "inactive": inactive.id,
            "of another kind": expense.id,
            "no account": self.reference_named("item", "Services").id,
        }
        self.bookkeeper.sudo().company_ids += foreign_company
        wizards = self.env["qbo.create.items"].with_user(self.bookkeeper)
        companies = (self.env.company + foreign_company).ids
        call = wizards.with_context(
            allowed_company_ids=companies, active_test=False
        ).browse(wizard.id)
        for name, account_id in refused.items():
            for record in (call, call.row_ids):
                with self.subTest(account=name, record=record._name):
                    record.write({"income_account_id": account_id})
                    with self.assertRaises(UserError) as raised:
                        call.action_apply()
                    self.assertIn("cannot be used for Bollard", str(raised.exception))
                    record.write({"income_account_id": False})
            call.write({"income_account_id": income.id})
        # Needed outside the US only, and looked at wherever it is given.
        call.write({"expense_account_id": income.id})
        with self.assertRaises(UserError):
            call.action_apply()
        call.write({"expense_account_id": expense.id})
        call.action_apply()
        self.assertEqual(call.row_ids.mapping_id.income_account_id, income)

    def test_product_of_another_company_is_not_created_on_an_account_of_this(self):
        wizard = self.wizard_for(self.sold("Capstan"))
        foreign = self.connection_of(self.env["res.company"].create({"name": "Third"}))
        wizard.row_ids.mapping_id.sudo().connection_id = foreign
        self.env.flush_all()
        with self.assertRaises(UserError) as raised:
            wizard.sudo().action_apply()
        self.assertIn("cannot be used for", str(raised.exception))

    def test_one_of_two_products_of_a_name_is_created(self):
        wizard = self.wizard_for(self.sold("Fender"), self.sold("FENDER "))
        self.assertEqual(wizard.row_ids.mapped("decision"), ["create", "ignore"])
        wizard.row_ids.decision = "create"
        with self.assertRaisesRegex(UserError, "has the same name"):
            wizard.action_apply()

    def test_products_with_an_item_are_not_offered(self):
        wizard = self.wizard_for(self.sold("services"))
        wizard.action_apply()
        with self.assertRaisesRegex(UserError, "Select products without"):
            self.by_bookkeeper(wizard.row_ids.mapping_id).action_create_in_quickbooks()

    # ---- custom fields ------------------------------------------------------

    def name_custom_fields(self, *names):
        """An administrator of QuickBooks switches custom fields on."""
        self.env.flush_all()
        on = [
            {
                "Name": f"SalesFormsPrefs.UseSalesCustom{place}",
                "Type": "BooleanType",
                "BooleanValue": place <= len(names),
            }
            for place in (3, 2, 1)
        ]
        named = [
            {
                "Name": f"SalesFormsPrefs.SalesCustomName{place}",
                "Type": "StringType",
                "StringValue": name,
            }
            for place, name in enumerate(names, 1)
        ]
        groups = [{"CustomField": on}, {"CustomField": named}]
        prefs = self.in_quickbooks("Preferences")[0]["SalesFormsPrefs"]
        self.set_in_quickbooks(SalesFormsPrefs={**prefs, "CustomField": groups})

    def sent(self, move):
        return {
            field["DefinitionId"]: field.get("StringValue", "")
            for field in self.found(move).get("CustomField", [])
        }

    def test_custom_fields_carry_what_was_chosen(self):
        self.name_custom_fields("PO Number", "Sales Rep")
        fields_ = self.connection.custom_field_ids
        self.assertEqual(fields_.mapped("name"), ["PO Number", "Sales Rep"])
        po_number, salesperson = fields_
        untouched = self.posted()
        self.drain()
        self.assertNotIn("CustomField", self.row(untouched).payload_text)

        po_number.with_user(self.administrator).source = "ref"
        salesperson.with_user(self.administrator).source = "invoice_user_id"
        self.assertEqual(
            self.connection.custom_fields_text,
            "PO Number: Customer reference (PO number), Sales Rep: Salesperson",
        )
        self.bookkeeper.name = "Ana Reyes"
        move = self.posted(
            ref="PO-2026-0001 of the harbour office",
            invoice_user_id=self.bookkeeper.id,
        )
        self.drain()
        self.assertEqual(
            self.sent(move),
            {"1": "PO-2026-0001 of the harbour...", "2": "Ana Reyes"},
        )
        self.change(move, ref=False)
        self.drain()
        self.assertEqual(self.sent(move), {"1": "", "2": "Ana Reyes"})

    def test_chosen_field_that_was_switched_off_is_a_problem_not_a_dropped_text(self):
        self.name_custom_fields("PO Number", "Sales Rep")
        self.connection.custom_field_ids[0].source = "ref"
        self.name_custom_fields()
        self.assertEqual(
            self.connection.custom_field_ids.mapped("name"),
            ["PO Number"],
            "what nobody has chosen is out of sight",
        )
        move = self.posted(ref="PO 9")
        self.drain()
        self.assertIn(
            "custom field PO Number is off", self.row(move).problem_ids.message
        )
        self.name_custom_fields("PO Number")
        self.by_bookkeeper(self.row(move).problem_ids).action_retry_all()
        self.drain()
        self.assertEqual(self.sent(move), {"1": "PO 9"})
