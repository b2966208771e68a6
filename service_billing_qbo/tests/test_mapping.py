from odoo.tests import new_test_user, tagged

from .books_common import BooksCase


@tagged("post_install", "-at_install")
class TestMapping(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write({"use_classes": True, "allow_overrides": True})
        cls.set_preferences(AccountingInfoPrefs={"ClassTrackingPerTxnLine": True})
        cls.items = [
            cls.reference("item", str(number), f"Item {number}", type="Service")
            for number in range(100, 106)
        ]
        cls.parent_category = cls.env["product.category"].create({"name": "All work"})
        cls.category = cls.env["product.category"].create(
            {"name": "Work", "parent_id": cls.parent_category.id}
        )
        cls.product.categ_id = cls.category

    def sent_item(self, **line):
        move = self.invoice(line)
        return self.prepare(move).payload["Line"][0]["SalesItemLineDetail"]["ItemRef"]

    def test_nearest_choice_wins_level_by_level(self):
        """Type, categories, product, customer, line: each beats the last."""
        by_type, *items = self.items
        places = [
            (self.parent_category, items[0]),
            (self.category, items[1]),
            (self.product.product_tmpl_id, items[2]),
            (self.customer, items[3]),
        ]
        self.env["qbo.mapping"]._resolve(
            self.connection, "item", self.env["qbo.mapping"], "service"
        ).reference_id = by_type
        self.assertEqual(self.sent_item(), {"value": by_type.qbo_id})
        for record, item in places:
            with self.subTest(level=record._name):
                self.choose("item", record, item)
                self.assertEqual(self.sent_item(), {"value": item.qbo_id})
        self.assertEqual(
            self.sent_item(qbo_item_id=items[4].id), {"value": items[4].qbo_id}
        )

    def sent_class(self, **line):
        move = self.invoice(line)
        detail = self.prepare(move).payload["Line"][0]["SalesItemLineDetail"]
        return detail.get("ClassRef", {}).get("value")

    def test_nearest_class_wins_level_by_level(self):
        """As the item; the nearest item may stand elsewhere than the nearest class."""
        classes = [
            self.reference("class", str(number), f"Class {number}")
            for number in range(31, 37)
        ]
        by_type = self.env["qbo.mapping"]._resolve(
            self.connection, "item", self.env["qbo.mapping"], "service"
        )
        self.assertIsNone(self.sent_class())
        by_type.class_id = classes[0]
        self.assertEqual(self.sent_class(), "31")
        places = (
            self.parent_category,
            self.category,
            self.product.product_tmpl_id,
            self.customer,
        )
        for record, class_ in zip(places, classes[1:], strict=False):
            with self.subTest(level=record._name):
                self.choose("item", record, self.items[0], class_id=class_.id)
                self.assertEqual(self.sent_class(), class_.qbo_id)
        self.assertEqual(self.sent_class(qbo_class_id=classes[5].id), "36")
        shown = self.invoice({}, {"qbo_class_id": classes[5].id}, {})
        names = [classes[4].full_name, classes[5].full_name]
        self.assertEqual(shown.qbo_class_text, ", ".join(names))
        self.connection.allow_overrides = False
        self.assertEqual(self.sent_class(qbo_class_id=classes[5].id), "34")
        self.connection.use_classes = False
        self.assertIsNone(self.sent_class())

    def test_customer_choice_for_a_billing_type_beats_the_one_for_all(self):
        self.choose("item", self.customer, self.items[1])
        self.env["qbo.mapping"]._choose(
            self.connection,
            "item",
            self.customer,
            {"reference_id": self.items[2].id},
            "service",
        )
        self.assertEqual(self.sent_item(), {"value": self.items[2].qbo_id})

    def test_without_allow_overrides_customer_and_line_do_not_count(self):
        self.connection.allow_overrides = False
        self.choose("item", self.customer, self.items[1])
        sent = self.sent_item(qbo_item_id=self.items[2].id)
        self.assertEqual(sent, {"value": self.item.qbo_id})

    def test_missing_item_names_the_product_and_where_to_choose(self):
        self.env["qbo.mapping"].search(
            [("connection_id", "=", self.connection.id)]
        ).unlink()
        cause = self.causes(self.invoice())["unmapped"]
        self.assertEqual(cause.message, "Maintenance has no QuickBooks item.")
        self.assertEqual(
            cause.todo,
            "Choose a QuickBooks item in Account Mapping. One for the billing type "
            "Service serves all such products.",
        )
        self.assertEqual(
            (cause.res_model, cause.res_id),
            ("product.template", self.product.product_tmpl_id.id),
        )

    def test_rows_are_found_by_what_people_call_their_record(self):
        self.choose("item", self.product.product_tmpl_id, self.items[0])
        mappings = self.env["qbo.mapping"]

        found = mappings.search([("record_name", "ilike", self.product.name[:6])])

        self.assertIn(self.product.product_tmpl_id.id, found.mapped("res_id"))
        self.assertFalse(found.filtered(lambda row: not row.res_model))
        types = mappings.search([("record_name", "ilike", "recurring")])
        self.assertLessEqual(set(types.mapped("billing_type")), {"recurring"})

    def test_inactive_item_is_found_before_sending(self):
        self.item.active = False
        cause = self.causes(self.invoice())["inactive"]
        self.assertIn("Item Services is inactive in QuickBooks.", cause.message)
        self.item.write({"deleted": True})
        self.assertIn("deleted", self.causes(self.invoice())["inactive"].message)

    def test_product_field_shows_and_changes_the_one_list(self):
        template = self.product.product_tmpl_id
        template.qbo_item_id = self.items[1]
        row = self.env["qbo.mapping"]._resolve(self.connection, "item", template)
        self.assertEqual(row.reference_id, self.items[1])
        row.reference_id = self.items[2]
        template.invalidate_recordset()
        self.assertEqual(template.qbo_item_id, self.items[2])

    def test_choices_of_another_quickbooks_company_do_not_count_and_come_back(self):
        template = self.product.product_tmpl_id
        template.qbo_item_id = self.items[1]
        realm_id = self.connection.realm_id
        self.connection.realm_id = "999"
        template.invalidate_recordset()
        self.assertFalse(template.qbo_item_id)
        self.connection.realm_id = realm_id
        template.invalidate_recordset()
        self.assertEqual(template.qbo_item_id, self.items[1])

    def test_unmapped_term_is_a_problem_or_an_explicit_due_date(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "15 Days",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 100, "nb_days": 15})
                ],
            }
        )
        move = self.invoice(invoice_payment_term_id=term.id)
        self.assertEqual(
            self.causes(move)["unmapped"].message,
            "The term 15 Days has no QuickBooks term.",
        )
        self.connection.unmapped_term_policy = "due_date"
        payload = self.prepare(move).payload
        self.assertNotIn("SalesTermRef", payload)
        self.assertEqual(payload["DueDate"], "2026-12-07")
        self.choose("term", term, self.reference("term", "3", "Net 15", due_days=15))
        self.assertEqual(self.prepare(move).payload["SalesTermRef"], {"value": "3"})


@tagged("post_install", "-at_install")
class TestMappingList(BooksCase):
    def rows(self, level):
        return self.env["qbo.mapping"].search(
            [("connection_id", "=", self.connection.id), ("level", "=", level)]
        )

    def waiting_export(self, move):
        return self.env["qbo.export"].search([("res_id", "=", move.id)])

    def test_list_shows_what_waiting_documents_need_the_most_needed_first(self):
        self.env["qbo.mapping"].search(
            [("connection_id", "=", self.connection.id)]
        ).unlink()
        router = self.env["product.product"].create({"name": "Router", "type": "consu"})
        self.invoice({"product_id": router.id})
        self.invoice({"product_id": router.id}, {"product_id": router.id})
        self.invoice({})
        self.env["qbo.mapping"]._refresh_needed(self.connection)
        self.assertEqual(
            [(row.record_name, row.needed_count) for row in self.rows("product")],
            [("Router", 2), ("Maintenance", 1)],
        )

    def test_row_that_nothing_needs_any_more_goes(self):
        self.env["qbo.mapping"].search(
            [("connection_id", "=", self.connection.id)]
        ).unlink()
        self.invoice({})
        self.env["qbo.mapping"]._refresh_needed(self.connection)
        self.assertTrue(self.rows("product"))
        self.rows("billing_type").filtered(
            lambda row: row.billing_type == "service"
        ).reference_id = self.item
        self.env["qbo.mapping"]._refresh_needed(self.connection)
        self.assertFalse(self.rows("product"))

    def test_proposals_say_why(self):
        self.env["qbo.mapping"]._refresh_needed(self.connection)
        cases = {
            "sku": self.reference("item", "201", "Something else", sku="M-1"),
            "term": self.reference("term", "3", "Net 30", due_days=30),
            "tax": self.reference("tax_code", "TAX", "Taxable"),
        }
        self.product.default_code = "M-1"
        self.choose("item", self.product.product_tmpl_id, self.item)
        self.env["qbo.mapping"]._resolve(
            self.connection, "item", self.product.product_tmpl_id
        ).reference_id = False
        self.rows("term")._propose()
        self.rows("product")._propose()
        self.rows("tax")._propose()
        product = self.rows("product")
        self.assertEqual(product.proposal_id, cases["sku"])
        self.assertEqual(product.proposal_reason, "same internal reference")
        tax = self.rows("tax").filtered(lambda row: row.res_id == self.sales_tax.id)
        self.assertEqual(tax.proposal_id, cases["tax"])
        term = self.rows("term").filtered(lambda row: row.record_name == "30 Days")
        self.assertEqual(term.proposal_reason, "same number of days")

    def test_choice_closes_the_problem_and_releases_what_it_stopped(self):
        self.env["qbo.mapping"].search(
            [("connection_id", "=", self.connection.id)]
        ).unlink()
        move = self.invoice()
        export = self.waiting_export(move)
        cause = self.causes(move)["unmapped"]
        problem = self.env["qbo.problem"]._open(self.connection, cause, export)
        self.choose(
            "item", self.product.categ_id or self.product.product_tmpl_id, self.item
        )
        self.assertTrue(problem.closed_at)
        self.assertEqual(export.state, "waiting")

    # ---- categories ---------------------------------------------------------

    def sold_category(self):
        """A category of a product for sale, and the one above it."""
        above = self.env["product.category"].create({"name": "Dock"})
        category = self.env["product.category"].create(
            {"name": "Ropes", "parent_id": above.id}
        )
        rope = self.env["product.product"].create(
            {"name": "Rope", "type": "consu", "categ_id": category.id}
        )
        return above, category, rope

    def test_categories_of_what_is_sold_are_in_the_list(self):
        above, category, _rope = self.sold_category()
        bought = self.env["product.category"].create({"name": "Office"})
        self.env["product.product"].create(
            {"name": "Paper", "sale_ok": False, "categ_id": bought.id}
        )
        self.env["qbo.mapping"]._refresh_needed(self.connection)
        found = set(self.rows("category").mapped("res_id"))
        self.assertLessEqual({above.id, category.id}, found)
        self.assertNotIn(bought.id, found)

    def test_choice_for_a_category_serves_its_products_and_releases_them(self):
        _above, category, rope = self.sold_category()
        move = self.invoice({"product_id": rope.id})
        cause = self.causes(move)["unmapped"]
        export = self.waiting_export(move)
        problem = self.env["qbo.problem"]._open(self.connection, cause, export)
        self.env["qbo.mapping"]._refresh_needed(self.connection)
        row = self.rows("category").filtered(lambda one: one.res_id == category.id)
        row.reference_id = self.item
        self.assertTrue(problem.closed_at)
        item = self.prepare(move).payload["Line"][0]["SalesItemLineDetail"]["ItemRef"]
        self.assertEqual(item, {"value": self.item.qbo_id})

    def test_choice_that_is_taken_away_says_who_had_it(self):
        _above, category, rope = self.sold_category()
        template = rope.product_tmpl_id
        mappings = self.env["qbo.mapping"]
        none = self.env["account.tax"]
        mappings._choose(
            self.connection, "item", none, {"reference_id": self.item.id}, "goods"
        )
        row = mappings._resolve(self.connection, "item", none, "goods")
        served = self.env["product.template"].search(row._served_domain())
        self.assertIn(template, served)
        self.assertEqual({one.type != "service" for one in served}, {True})

        said = row.onchange({"reference_id": False}, ["reference_id"], self.fields_of())
        self.assertIn(
            f"{len(served)} products have no choice", said["warning"]["message"]
        )

        mappings._choose(
            self.connection, "item", category, {"reference_id": self.item.id}
        )
        self.assertNotIn(
            template, self.env["product.template"].search(row._served_domain())
        )

    def fields_of(self):
        return {"reference_id": {}, "res_model": {}, "billing_type": {}}

    # ---- what is counted ----------------------------------------------------

    def panel(self):
        """What the list's side panel shows: {kind: number}, in its order."""
        found = self.env["qbo.mapping"].search_panel_select_range(
            "level",
            enable_counters=True,
            search_domain=[("needed_count", ">", 0)],
        )
        return {value["display_name"]: value["__count"] for value in found["values"]}

    def test_panel_counts_what_is_missing_not_what_is_there(self):
        self.sold_category()
        router = self.env["product.product"].create({"name": "Router", "type": "consu"})
        self.invoice({"product_id": router.id, "taxes": self.sales_tax})
        self.env["qbo.mapping"]._refresh_needed(self.connection)
        self.assertEqual(
            self.panel(),
            {
                "Billing types": 0,
                "Products": 1,
                "Categories": 0,
                "Taxes": 0,
                "Terms": 0,
            },
        )
        self.rows("product").reference_id = self.item
        self.assertEqual(self.panel()["Products"], 0)

    def auto_match(self):
        """Press Auto-match; return what it says."""
        bookkeeper = new_test_user(
            self.env, "books", "service_billing_qbo.group_bookkeeper"
        )
        bookkeeper.write(
            {"company_ids": self.company.ids, "company_id": self.company.id}
        )
        mappings = self.env["qbo.mapping"].with_user(bookkeeper)
        said = mappings.with_company(self.company).action_auto_match()
        return said["params"]["message"]

    def test_auto_match_says_what_it_proposed_although_nothing_waits(self):
        rows = self.rows("billing_type")
        rows.reference_id = False
        self.reference("item", "302", "Goods", type="Service")
        self.reference("item", "303", "Recurring service", type="Service")
        said = self.auto_match()
        count = self.rows("billing_type").filtered("proposal_id")
        self.assertGreaterEqual(len(count), 2)
        self.assertRegex(said, r"^\d+ proposals found. Select rows, then Accept")

    def test_auto_match_counts_what_is_needed_apart(self):
        self.reference("item", "301", "Router", type="Service")
        router = self.env["product.product"].create({"name": "Router", "type": "consu"})
        vest = self.env["product.product"].create({"name": "Vest", "type": "consu"})
        self.invoice({"product_id": router.id}, {"product_id": vest.id})
        said = self.auto_match()
        self.assertIn("Missing entries: 2, of them with a proposal: 1.", said)

    def test_entry_that_was_not_looked_at_says_since_when(self):
        self.item.checked_at = "2020-02-03 12:00:00"
        row = self.rows("billing_type").filtered("reference_id")
        self.assertEqual(row.mark_text, "Not checked since Feb 3, 2020")
        self.item.active = False
        self.assertFalse(row.mark_text)
