from odoo import Command
from odoo.tests import new_test_user, tagged

from ..mappers.outcome import NeedsFirst
from .books_common import BooksCase


@tagged("post_install", "-at_install")
class TestClasses(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write({"use_classes": True, "allow_overrides": True})
        cls.north = cls.reference("class", "31", "North")
        cls.south = cls.reference("class", "32", "South")
        cls.choose("item", cls.product.product_tmpl_id, cls.item, class_id=cls.north.id)

    def test_class_goes_on_each_line_where_quickbooks_keeps_it_there(self):
        self.set_preferences(AccountingInfoPrefs={"ClassTrackingPerTxnLine": True})
        move = self.invoice({}, {"qbo_class_id": self.south.id})
        payload = self.prepare(move).payload
        classes = [line["SalesItemLineDetail"]["ClassRef"] for line in payload["Line"]]
        self.assertEqual(classes, [{"value": "31"}, {"value": "32"}])
        self.assertNotIn("ClassRef", payload)

    def test_class_goes_on_the_document_where_quickbooks_keeps_one(self):
        self.set_preferences(AccountingInfoPrefs={"ClassTrackingPerTxn": True})
        payload = self.prepare(self.invoice({}, {})).payload
        self.assertEqual(payload["ClassRef"], {"value": "31"})
        self.assertNotIn("ClassRef", payload["Line"][0]["SalesItemLineDetail"])

    def test_lines_that_disagree_are_a_problem_not_a_dropped_class(self):
        self.set_preferences(AccountingInfoPrefs={"ClassTrackingPerTxn": True})
        cause = self.causes(self.invoice({}, {"qbo_class_id": self.south.id}))["data"]
        self.assertIn("North, South", cause.message)

    def test_chosen_class_is_a_problem_while_classes_are_off_in_quickbooks(self):
        cause = self.causes(self.invoice())["feature"]
        self.assertEqual(cause.message, "Classes are off in QuickBooks.")

    def test_without_use_classes_no_class_is_sent(self):
        self.connection.use_classes = False
        self.set_preferences(AccountingInfoPrefs={"ClassTrackingPerTxnLine": True})
        detail = self.prepare(self.invoice()).payload["Line"][0]["SalesItemLineDetail"]
        self.assertNotIn("ClassRef", detail)


@tagged("post_install", "-at_install")
class TestDocumentRules(BooksCase):
    def test_location_of_the_journal_beats_the_one_of_the_company(self):
        self.set_preferences(AccountingInfoPrefs={"TrackDepartments": True})
        move = self.invoice()
        self.choose(
            "department", self.company, self.reference("department", "1", "Head")
        )
        self.assertEqual(self.prepare(move).payload["DepartmentRef"], {"value": "1"})
        self.choose(
            "department", move.journal_id, self.reference("department", "2", "Shop")
        )
        self.assertEqual(self.prepare(move).payload["DepartmentRef"], {"value": "2"})

    def test_chosen_location_is_a_problem_while_locations_are_off(self):
        self.choose(
            "department", self.company, self.reference("department", "1", "Head")
        )
        self.assertIn("feature", self.causes(self.invoice()))

    def test_closed_books_stop_the_invoice_or_date_it_the_first_open_day(self):
        self.set_preferences(AccountingInfoPrefs={"BookCloseDate": "2026-11-30"})
        move = self.invoice(invoice_date_due="2026-11-25")
        cause = self.causes(move)["closed"]
        self.assertEqual(
            cause.message, "The books are closed up to and including Nov 30, 2026."
        )
        self.assertIn("First open day", cause.todo)
        self.connection.closed_books_policy = "first_open_day"
        payload = self.prepare(move).payload
        self.assertEqual(payload["TxnDate"], "2026-12-01")
        self.assertEqual(payload["DueDate"], "2026-12-01")
        self.assertIn("the invoice date in Odoo is 2026-11-22", payload["PrivateNote"])

    def test_day_after_closing_is_open(self):
        self.set_preferences(AccountingInfoPrefs={"BookCloseDate": "2026-11-21"})
        self.assertEqual(self.prepare(self.invoice()).payload["TxnDate"], "2026-11-22")

    def test_invoice_in_closed_books_is_not_voided(self):
        move = self.invoice()
        self.bind(move, "Invoice", "238")
        move.button_draft()
        move.button_cancel()
        self.set_preferences(AccountingInfoPrefs={"BookCloseDate": "2026-11-30"})
        self.assertIn("closed", self.causes(move))

    def test_cancelled_credit_note_is_deleted_and_an_invoice_where_chosen(self):
        refund = self.invoice(move_type="out_refund")
        self.bind(refund, "CreditMemo", "300")
        move = self.invoice()
        self.bind(move, "Invoice", "301")
        self.connection.cancel_policy = "delete"
        for document in (refund, move):
            document.button_draft()
            document.button_cancel()
            self.assertEqual(self.prepare(document).operation, "delete")

    def test_changed_credit_note_is_sent_whole_a_changed_invoice_sparsely(self):
        refund = self.invoice(move_type="out_refund")
        self.bind(refund, "CreditMemo", "300")
        self.assertNotIn("sparse", self.prepare(refund).payload)
        move = self.invoice()
        self.bind(move, "Invoice", "301")
        payload = self.prepare(move).payload
        self.assertIs(payload["sparse"], True)
        self.assertNotIn("CustomerMemo", payload)

    def test_cash_rounding_is_a_line_of_its_own_with_the_item_of_roundings(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "To 0.05",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        move = self.invoice({"price_unit": 9.98}, invoice_cash_rounding_id=rounding.id)
        self.assertIn("Rounding", self.causes(move)["unmapped"].message)
        mapping = self.env["qbo.mapping"]
        mapping._choose(
            self.connection, "item", mapping, {"reference_id": self.item.id}, "rounding"
        )
        lines = self.prepare(move).payload["Line"]
        self.assertEqual([str(line["Amount"]) for line in lines], ["9.98", "0.02"])

    def test_contact_of_the_company_is_named_in_the_address(self):
        contact = self.env["res.partner"].create(
            {
                "name": "Ana Reyes",
                "parent_id": self.customer.id,
                "type": "invoice",
                "street": "9 Dock St",
                "city": "San Mateo",
            }
        )
        payload = self.prepare(self.invoice(partner_id=contact.id)).payload
        self.assertEqual(payload["CustomerRef"], {"value": "58"})
        self.assertEqual(payload["BillAddr"]["Line1"], "Ana Reyes")
        self.assertEqual(payload["BillAddr"]["Line2"], "9 Dock St")


@tagged("post_install", "-at_install")
class TestCustomerOptions(BooksCase):
    def test_own_sales_tax_replaces_the_default_on_new_lines(self):
        own = self.tax("Resort tax 10 %", 10)
        self.product.taxes_id = self.sales_tax
        self.customer.with_company(self.company).qbo_sales_tax_id = own
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [
                    Command.create({"product_id": self.product.id, "price_unit": 100})
                ],
            }
        )
        self.assertEqual(move.invoice_line_ids.tax_ids, own)
        self.assertEqual(move.amount_tax, 10)

    def test_child_company_is_a_sub_customer_where_chosen(self):
        self.connection.sub_customers = True
        child = self.env["res.partner"].create(
            {"name": "Harbor North", "is_company": True, "parent_id": self.customer.id}
        )
        payload = self.prepare(child).payload
        self.assertEqual(
            (payload["ParentRef"], payload["Job"]), ({"value": "58"}, True)
        )

    def test_parent_of_a_sub_customer_goes_first(self):
        self.connection.sub_customers = True
        parent = self.env["res.partner"].create({"name": "Fleet", "is_company": True})
        child = self.env["res.partner"].create(
            {"name": "Fleet North", "is_company": True, "parent_id": parent.id}
        )
        with self.assertRaises(NeedsFirst) as caught:
            self.prepare(child)
        self.assertEqual(caught.exception.records, parent)

    def test_changes_are_queued_and_sent_sparsely_only_where_chosen(self):
        exports = self.env["qbo.export"]
        domain = [("res_model", "=", "res.partner"), ("res_id", "=", self.customer.id)]
        self.customer.phone = "555 010 0100"
        self.assertFalse(exports.search(domain))
        self.connection.send_customer_changes = True
        self.customer.phone = "555 010 0199"
        self.assertEqual(exports.search(domain).state, "waiting")
        prepared = self.prepare(self.customer)
        self.assertEqual(prepared.operation, "update")
        self.assertIs(prepared.payload["sparse"], True)
        self.assertEqual(
            prepared.payload["PrimaryPhone"], {"FreeFormNumber": "555 010 0199"}
        )

    def test_product_asked_for_becomes_an_item_and_its_mapping(self):
        income = self.reference("account", "1", "Services", type="Income")
        template = self.env["product.template"].create(
            {"name": "Dock: Rental", "type": "service", "default_code": "D-1"}
        )
        self.env["qbo.mapping"].create(
            {
                "connection_id": self.connection.id,
                "kind": "item",
                "res_model": template._name,
                "res_id": template.id,
                "income_account_id": income.id,
            }
        )
        payload = self.prepare(template).payload
        self.assertEqual(
            (payload["Name"], payload["Sku"], payload["IncomeAccountRef"]),
            ("Dock - Rental", "D-1", {"value": "1"}),
        )
        binding = self.bind(template, "Item", "900")
        template._qbo_after_export(
            self.connection,
            binding,
            {"Id": "900", "Name": "Dock - Rental", "Active": True, "Type": "Service"},
        )
        self.assertEqual(template.qbo_item_id.qbo_id, "900")

    def test_item_name_that_quickbooks_has_is_to_be_chosen_instead(self):
        income = self.reference("account", "1", "Services", type="Income")
        template = self.env["product.template"].create({"name": "services"})
        self.env["qbo.mapping"].create(
            {
                "connection_id": self.connection.id,
                "kind": "item",
                "res_model": template._name,
                "res_id": template.id,
                "income_account_id": income.id,
            }
        )
        self.assertIn(
            "has an item named Services", self.causes(template)["data"].message
        )


@tagged("post_install", "-at_install")
class TestMatch(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeeper = new_test_user(
            cls.env,
            "match bookkeeper",
            "service_billing_qbo.group_bookkeeper",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def rows(self):
        self.env["qbo.match"]._find_matches(self.connection)
        return {
            row.partner_id.name: row
            for row in self.env["qbo.match"].search(
                [("connection_id", "=", self.connection.id)]
            )
        }

    def customer_named(self, name, **values):
        return self.env["res.partner"].create(
            {"name": name, "is_company": True, "customer_rank": 1, **values}
        )

    def test_likeness_and_reason_are_shown_for_each_customer(self):
        self.customer_named("Cool Cars", email="cool@example.com")
        self.customer_named("Fin Supply")
        self.customer_named("Old Mill")
        self.customer_named("Pye's Cakes, Inc.")
        self.customer_named("Nobody Knows")
        self.reference("customer", "1", "COOL CARS", email="cool@example.com")
        self.reference("vendor", "2", "Fin Supply")
        self.reference("customer", "3", "Old Mill", active=False)
        self.reference("customer", "4", "Pye's Cakes")
        rows = self.rows()
        self.assertEqual(
            {name: (row.match, row.reason) for name, row in rows.items()},
            {
                "Cool Cars": ("confident", "name_email"),
                "Fin Supply": ("review", "taken"),
                "Old Mill": ("review", "inactive"),
                "Pye's Cakes, Inc.": ("review", "similar"),
                "Nobody Knows": ("none", "none"),
            },
        )

    def test_confident_ones_come_first_then_those_to_review(self):
        self.customer_named("Aardvark")
        self.customer_named("Berry Farm")
        self.customer_named("Cool Cars", email="cool@example.com")
        self.reference("customer", "1", "Cool Cars", email="cool@example.com")
        self.reference("customer", "2", "Berry Farm")
        rows = self.rows().values()
        matches = self.env["qbo.match"].concat(*rows)
        for order in (None, "match", "match desc"):
            found = matches.search([("id", "in", matches.ids)], order=order)
            levels = list(dict.fromkeys(found.mapped("match")))
            expected = ["confident", "review", "none"]
            if order == "match desc":
                expected.reverse()
            with self.subTest(order=order):
                self.assertEqual(levels, expected)

    def test_sentence_counts_what_is_left_to_decide(self):
        self.customer_named("Berry Farm")
        self.customer_named("Nobody Knows")
        self.reference("customer", "2", "Berry Farm")
        rows = self.rows()
        matches = self.env["qbo.match"]
        self.assertEqual(
            matches.list_sentence(),
            "0 confident, 1 to review, 1 without match."
            " Tick several to decide on all of them at once.",
        )
        matches.concat(*rows.values())._decide("ignore")
        self.assertEqual(matches.list_sentence(), "")

    def test_mark_follows_the_decision(self):
        self.customer_named("Nobody Knows")
        row = self.rows()["Nobody Knows"]
        self.assertEqual(row.mark, "no_match")
        for decision in ("create", "ignore"):
            row.decision = decision
            self.assertEqual(row.mark, decision)

    def test_name_that_a_vendor_has_is_offered_in_another_form(self):
        self.customer_named("Fin Supply")
        self.customer_named("Old Mill")
        self.customer_named("Nobody Knows")
        self.reference("vendor", "2", "Fin Supply")
        self.reference("customer", "3", "Old Mill", active=False)
        rows = self.rows()
        self.assertEqual(rows["Fin Supply"].new_name, "Fin Supply (Customer)")
        self.assertFalse(rows["Old Mill"].new_name)
        rows["Old Mill"].decision = "create"
        self.assertEqual(rows["Old Mill"].new_name, "Old Mill (Customer)")
        rows["Nobody Knows"].decision = "create"
        self.assertFalse(rows["Nobody Knows"].new_name)
        rows["Old Mill"].new_name = "Old Mill 2"
        rows["Old Mill"].decision = "ignore"
        rows["Old Mill"].decision = "create"
        self.assertEqual(
            rows["Old Mill"].new_name, "Old Mill 2", "what was typed stays"
        )

    def test_nothing_is_linked_before_the_decisions_are_applied(self):
        partner = self.customer_named("Cool Cars", email="cool@example.com")
        self.reference("customer", "1", "Cool Cars", email="cool@example.com")
        rows = self.rows()
        find = self.env["qbo.binding"]._find
        row = rows["Cool Cars"].with_user(self.bookkeeper)
        row.action_accept_confident()
        self.assertFalse(find(self.connection, partner))
        row.action_apply()
        binding = find(self.connection, partner)
        self.assertEqual((binding.qbo_id, binding.linked), ("1", True))
