"""What an edited product or category costs whoever edits it: counted in queries."""

from odoo.tests import tagged

from ..models.corrected_records import ProductCategory, ProductTemplate
from .budget_common import BudgetCase

PRICES = {"list_price": 11}, {"list_price": 12}


@tagged("post_install", "-at_install")
class TestProductBudget(BudgetCase):
    """Most products have nothing that waits for QuickBooks."""

    def setUp(self):
        super().setUp()
        self.product = self.env["product.template"].create({"name": "Router"})

    def test_price_of_a_product_costs_one_query_more(self):
        self.assert_is_cheap(self.product, ProductTemplate, *PRICES)

    def test_price_of_several_products_costs_one_query_more(self):
        others = self.env["product.template"].create([{"name": "Hub"}, {"name": "Fan"}])
        self.assert_is_cheap(self.product + others, ProductTemplate, *PRICES)

    def test_other_products_may_wait(self):
        waiting = self.product.copy({"name": "Switch"})
        self.env["qbo.export"]._enqueue(waiting, self.connection)
        self.assert_is_cheap(self.product, ProductTemplate, *PRICES)

    def test_category_moved_below_another_costs_one_query_more(self):
        above = self.env["product.category"].create([{"name": "A"}, {"name": "B"}])
        category = self.env["product.category"].create({"name": "Routers"})
        self.product.categ_id = category
        moves = [{"parent_id": one.id} for one in above]
        self.assert_is_cheap(category, ProductCategory, *moves)

    def test_open_exports_of_others_are_left_alone(self):
        self.env["qbo.export"]._enqueue(self.product, self.connection)
        revision = self.row(self.product).revision
        self.product.copy({"name": "Switch"}).list_price = 13
        self.assertEqual(self.row(self.product).revision, revision)
        self.product.list_price = 14
        self.assertEqual(self.row(self.product).revision, revision + 1)
