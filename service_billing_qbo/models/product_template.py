from odoo import api, fields, models

MAPPING_READERS = "account.group_account_readonly,account.group_account_invoice"


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "qbo.mapping.mixin"]

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
    qbo_billing_type = fields.Selection(
        selection="_selection_qbo_billing_type",
        string="Billing type",
        help="Which default QuickBooks item is used when neither the product nor"
        " its category has its own. Empty: by the type of the product.",
    )

    @api.model
    def _selection_qbo_billing_type(self):
        """Return the billing types, with those that other addons add."""
        field = self.env["qbo.mapping"]._fields["billing_type"]
        return field._description_selection(self.env)

    def _qbo_billing_type(self):
        """Return the billing type whose default item is used last.

        :rtype: str
        """
        self.ensure_one()
        if self.qbo_billing_type:
            return self.qbo_billing_type
        return "service" if self.type == "service" else "goods"

    def _qbo_places(self):
        """Return where a choice for this product may stand, the nearest first.

        :return: keys of ``qbo.mapping._rows``
        :rtype: list[tuple]
        """
        self.ensure_one()
        places = [("product.template", self.id, False)]
        category = self.categ_id
        while category:
            places.append(("product.category", category.id, False))
            category = category.parent_id
        return [*places, ("", 0, self._qbo_billing_type())]
