from odoo.tests import Form, new_test_user, tagged

from .books_common import BooksCase


@tagged("post_install", "-at_install")
class TestItemForms(BooksCase):
    """Item and class on the forms of products and categories, with their origin."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["product.category"].create({"name": "Ropes"})
        cls.product.categ_id = cls.category
        cls.connection.use_classes = True
        cls.class_ = cls.reference("class", "41", "West")
        cls.people = {
            role: cls.person(role, group)
            for role, group in (
                ("bookkeeper", "service_billing_qbo.group_bookkeeper"),
                ("clerk", "account.group_account_invoice"),
            )
        }

    @classmethod
    def person(cls, role, group):
        user = new_test_user(cls.env, role, f"{group},product.group_product_manager")
        user.write({"company_ids": cls.company.ids, "company_id": cls.company.id})
        return user

    def form(self, record, role="bookkeeper"):
        return Form(record.with_user(self.people[role]).sudo(False))

    def test_product_says_where_its_item_comes_from(self):
        template = self.product.product_tmpl_id
        self.assertEqual(
            self.form(template).qbo_item_origin, "Empty: Services, chosen for Service."
        )
        ropes = self.reference("item", "50", "Ropes and lines", type="Service")
        self.choose("item", self.category, ropes, class_id=self.class_.id)
        with self.form(template) as product:
            self.assertEqual(
                product.qbo_item_origin, "Empty: Ropes and lines, chosen for Ropes."
            )
            self.assertEqual(product.qbo_class_origin, "Empty: West, chosen for Ropes.")
            product.categ_id = self.env["product.category"]
            self.assertIn("Services", product.qbo_item_origin)
            product.categ_id = self.category
            product.qbo_item_id = self.item
            self.assertFalse(product.qbo_item_origin)
        row = self.env["qbo.mapping"]._resolve(self.connection, "item", template)
        self.assertEqual(row.reference_id, self.item)

    def test_billing_type_is_chosen_on_the_product(self):
        rental = self.reference("item", "51", "Rental", type="Service")
        self.env["qbo.mapping"]._choose(
            self.connection,
            "item",
            self.env["qbo.mapping"],
            {"reference_id": rental.id},
            "recurring",
        )
        with self.form(self.product.product_tmpl_id) as product:
            product.qbo_billing_type = "recurring"
            self.assertIn("Rental", product.qbo_item_origin)
        line = self.prepare(self.invoice()).payload["Line"][0]
        self.assertEqual(
            line["SalesItemLineDetail"]["ItemRef"], {"value": rental.qbo_id}
        )

    def test_category_has_item_and_class_and_takes_those_above(self):
        below = self.env["product.category"].create(
            {"name": "Thin", "parent_id": self.category.id}
        )
        with self.form(self.category) as category:
            category.qbo_item_id = self.item
            category.qbo_class_id = self.class_
        self.assertEqual(
            self.form(below).qbo_item_origin, "Empty: Services, chosen for Ropes."
        )

    def test_clerk_sees_and_does_not_choose(self):
        for record, field in (
            (self.product.product_tmpl_id, "qbo_item_id"),
            (self.product.product_tmpl_id, "qbo_billing_type"),
            (self.category, "qbo_class_id"),
        ):
            with self.subTest(record=record._name, field=field):
                form = self.form(record, "clerk")
                with self.assertRaisesRegex(AssertionError, "readonly"):
                    setattr(form, field, getattr(form, field))
