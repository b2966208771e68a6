from odoo import fields, models

from .product_template import MAPPING_READERS


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category", "qbo.mapping.mixin"]

    _qbo_mapping_kind = "item"
    _qbo_mapping_fields = {"qbo_item_id": "reference_id", "qbo_class_id": "class_id"}

    qbo_item_id = fields.Many2one(
        "qbo.reference",
        string="QuickBooks item",
        compute="_compute_qbo_mapping",
        inverse="_inverse_qbo_mapping",
        domain=lambda self: self._qbo_reference_domain("item"),
        groups=MAPPING_READERS,
    )
    qbo_class_id = fields.Many2one(
        "qbo.reference",
        string="QuickBooks class",
        compute="_compute_qbo_mapping",
        inverse="_inverse_qbo_mapping",
        domain=lambda self: self._qbo_reference_domain("class"),
        groups=MAPPING_READERS,
    )
