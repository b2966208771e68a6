from odoo import api, fields, models


class ProductTemplate(models.Model):
    """Products: their item of QuickBooks, and the billing type used last."""

    _name = "product.template"
    _inherit = ["product.template", "qbo.item.mixin"]

    qbo_billing_type = fields.Selection(
        selection="_selection_qbo_billing_type",
        string="Billing type",
        help="Which default QuickBooks item is used when neither the product nor"
        " its category has its own. Empty: by the type of the product.",
        groups="base.group_user",
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
        places = [("product.template", self._origin.id, False)]
        places += self.categ_id._qbo_places() if self.categ_id else []
        return [*places, ("", 0, self._qbo_billing_type())]

    @api.depends("categ_id", "qbo_billing_type", "type")
    def _compute_qbo_origin(self):
        return super()._compute_qbo_origin()
