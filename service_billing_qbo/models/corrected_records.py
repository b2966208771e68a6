"""Which corrections of records in Odoo may mend what stopped an export.

One place for all of them; what a choice of an entry of QuickBooks mends is in
``qbo_mapping_needed``, what a setting mends in ``qbo_connection_mends``.
"""

from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    # What an item is made of, and where a choice for the product is looked for.
    _qbo_mending_fields = {
        "name",
        "default_code",
        "description_sale",
        "list_price",
        "type",
        "categ_id",
        "qbo_billing_type",
        "taxes_id",
    }

    def write(self, vals):
        result = super().write(vals)
        if self._qbo_mending_fields.intersection(vals):
            exports = self.env["qbo.export"].sudo()
            waiting, stopping = exports._open_about(self)
            exports._fold(waiting)
            self.env["qbo.problem"]._corrected(stopping)
        return result


class ProductCategory(models.Model):
    _inherit = "product.category"

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            # Another category above may have the item that its products lack.
            products = self.env["product.template"].sudo()
            if lacking := self.env["qbo.problem"]._open_about_any(products._name):
                found = products.search(
                    [("id", "in", lacking), ("categ_id", "child_of", self.ids)]
                )
                self.env["qbo.problem"]._corrected(found)
        return result


class AccountTax(models.Model):
    _inherit = "account.tax"

    # What the rate of a tax follows from.
    _qbo_mending_fields = {
        "amount",
        "amount_type",
        "include_base_amount",
        "children_tax_ids",
        "invoice_repartition_line_ids",
    }

    def write(self, vals):
        result = super().write(vals)
        if self._qbo_mending_fields.intersection(vals):
            groups = self.sudo().search([("children_tax_ids", "in", self.ids)])
            self.env["qbo.problem"]._corrected(self | groups)
        return result


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        result = super().write(vals)
        # All else of a posted document changes by way of a draft, which tells its row.
        if "narration" in vals:
            self.env["qbo.problem"]._corrected(self)
        return result
