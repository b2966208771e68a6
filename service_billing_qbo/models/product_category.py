from odoo import models


class ProductCategory(models.Model):
    """Categories: an item of QuickBooks for all products in them."""

    _name = "product.category"
    _inherit = ["product.category", "qbo.item.mixin"]

    def _qbo_places(self):
        """Return where a choice for this category may stand: itself, those above."""
        self.ensure_one()
        places = []
        category = self
        while category:
            places.append((self._name, category._origin.id, False))
            category = category.parent_id
        return places
