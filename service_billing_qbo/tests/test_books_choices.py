"""What a bookkeeper adds to the bare document: items, custom fields, its PDF."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_documents_life import LifeCase

PDF = b"%PDF-1.4\n% an invoice\n%%EOF\n"
CHANGED_PDF = b"%PDF-1.4\n% the changed invoice\n%%EOF\n"


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
            wizard.action_apply()
        income = wizard.income_account_ids[:1]
        wizard.income_account_id = income
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
        self.assertEqual(rope.product_tmpl_id.qbo_item_id.qbo_id, item["Id"])
        self.assertEqual(self.items_named(untouched.name), [])
        self.assert_in_quickbooks(move)

    def test_name_that_is_taken_is_linked_not_created(self):
        wizard = self.wizard_for(self.sold("services"), self.sold("Buoy"))
        taken, free = wizard.row_ids
        self.assertEqual((taken.decision, free.decision), ("link", "create"))
        self.assertEqual(taken.note, "QuickBooks has an item named Services.")
        taken.decision = "create"
        with self.assertRaisesRegex(UserError, "services cannot be created"):
            wizard.action_apply()
        taken.decision = "link"
        free.decision = "ignore"
        wizard.action_apply()
        self.drain()
        self.assertEqual(taken.mapping_id.reference_id.name, "Services")
        self.assertEqual(self.items_named("Buoy"), [])

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

    # ---- PDF ----------------------------------------------------------------

    def attach_pdfs(self):
        self.env.flush_all()
        self.env.ref("service_billing_qbo.ir_cron_attach_pdf").method_direct_trigger()
        self.env.invalidate_all()

    def print_pdf(self, move, content=PDF):
        """Somebody prints the invoice, or sends it by e-mail."""
        self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": content,
                "res_model": move._name,
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        move.invalidate_recordset()

    def with_pdf(self):
        """A posted invoice that was printed, exported."""
        self.connection.attach_pdf = True
        move = self.posted()
        self.print_pdf(move)
        self.drain()
        return move

    def files_of(self, move):
        return [
            attachable
            for attachable in self.in_quickbooks("Attachable")
            if attachable["AttachableRef"][0]["EntityRef"]
            == {"type": "Invoice", "value": move.qbo_id}
        ]

    def attachment_of(self, move):
        return self.env["qbo.attachment"].search([("move_id", "=", move.id)])

    def test_pdf_is_attached_after_the_invoice(self):
        move = self.with_pdf()
        self.attach_pdfs()
        self.attach_pdfs()
        (attachable,) = self.files_of(move)
        self.assertEqual(attachable["ContentType"], "application/pdf")
        self.assertEqual(attachable["Size"], len(PDF))
        self.assertEqual(self.attachment_of(move).qbo_id, attachable["Id"])

    def test_many_pdfs_are_asked_for_anew_when_the_time_is_over(self):
        """Odoo by itself would come again within a minute."""
        moves = [self.with_pdf() for _number in range(2)]
        self.env["ir.cron.trigger"].search([]).unlink()
        action = ("ir_cron_attach_pdf", "qbo.attachment", "_cron_attach")

        self.assertEqual(self.call_without_time(*action), (1, 1))

        self.assertTrue(self.calls_asked_for(action[0]))
        self.env["ir.cron.trigger"].search([]).unlink()
        self.assertEqual(self.call_without_time(*action), (1, 0))
        self.assertFalse(self.calls_asked_for(action[0]))
        for move in moves:
            self.assertEqual(len(self.files_of(move)), 1)

    def test_pdf_is_the_present_one_after_the_invoice_was_changed(self):
        """The former file goes when the new one is there; what people added stays."""
        move = self.with_pdf()
        self.attach_pdfs()
        (former,) = self.files_of(move)
        self.connection._with_client(
            lambda client: client.create(
                "Attachable",
                {"Note": "Call first", "AttachableRef": former["AttachableRef"]},
                "note-of-a-bookkeeper",
            )
        )
        self.change(move, ref="PO 14")
        self.print_pdf(move, CHANGED_PDF)
        self.drain()
        self.attach_pdfs()
        note, present = sorted(
            self.files_of(move), key=lambda attachable: "Size" in attachable
        )
        self.assertEqual(note["Note"], "Call first")
        self.assertNotEqual(present["Id"], former["Id"])
        self.assertEqual(present["Size"], len(CHANGED_PDF))
        rows = self.attachment_of(move)
        self.assertEqual(set(rows.mapped("state")), {"replaced", "done"})

    def test_pdf_that_cannot_be_made_stops_no_other(self):
        """Reports are templates that anybody edits."""
        self.connection.attach_pdf = True
        self.env["ir.ui.view"].sudo().create(
            {
                "type": "qweb",
                "key": "tests.broken",
                "arch": '<t t-name="tests.broken"><t t-out="1 / 0" /></t>',
            }
        )
        self.env.ref("account.account_invoices").sudo().report_name = "tests.broken"
        broken = self.posted()
        self.drain()
        printed = self.with_pdf()

        with mute_logger("odoo.addons.service_billing_qbo.models.qbo_attachment"):
            self.attach_pdfs()

        self.assertEqual(len(self.files_of(printed)), 1)
        self.assertFalse(self.files_of(broken))
        self.assertEqual(self.attachment_of(broken).state, "problem")
        self.assertIn("a fault in the program", self.open_problems().message)

    def test_two_changes_before_the_pdf_went_upload_one_file(self):
        move = self.with_pdf()
        self.change(move, ref="PO 15")
        self.print_pdf(move, CHANGED_PDF)
        self.drain()
        self.attach_pdfs()
        (present,) = self.files_of(move)
        self.assertEqual(present["Size"], len(CHANGED_PDF))

    def test_nothing_is_attached_unless_chosen(self):
        move = self.posted()
        self.drain()
        self.assertFalse(self.attachment_of(move))

    def test_lost_answer_leaves_one_file(self):
        move = self.with_pdf()
        self.emulator.arm("lost_answer", path="/upload")
        self.emulator.arm("requestid_forgotten")
        self.attach_pdfs()
        self.assertEqual(self.attachment_of(move).state, "waiting")
        self.attachment_of(move).sudo().retry_at = fields.Datetime.now()
        self.emulator.clear_faults()
        self.attach_pdfs()
        self.assertEqual(len(self.files_of(move)), 1)
        self.assertEqual(self.attachment_of(move).state, "done")

    def test_refused_file_is_a_problem_the_invoice_stays_exported(self):
        move = self.with_pdf()
        self.emulator.arm("refused", path="/upload", code="6000", detail="No space.")
        self.attach_pdfs()
        self.assertEqual(move.qbo_status, "exported")
        problem = self.env["qbo.problem"].search(
            [("key", "=", f"pdf:account.move:{move.id}")]
        )
        self.assertIn("is in QuickBooks without its PDF", problem.message)
        self.assertIn("No space.", problem.message)
        self.by_bookkeeper(problem).action_retry_all()
        self.attach_pdfs()
        self.assertEqual(len(self.files_of(move)), 1)
