from decimal import Decimal

from odoo import api, fields, models

from ..mappers.money import decimal_of
from .qbo_item_mixin import MAPPING_READERS

RATE_DIGITS = 6


class AccountTax(models.Model):
    _name = "account.tax"
    _inherit = ["account.tax", "qbo.mapping.mixin"]

    _qbo_mapping_kind = "tax_code"
    _qbo_mapping_fields = {"qbo_tax_code_id": "reference_id"}

    qbo_tax_code_id = fields.Many2one(
        "qbo.reference",
        string="QuickBooks Tax Code",
        compute="_compute_qbo_mapping",
        inverse="_inverse_qbo_mapping",
        domain=lambda self: self._qbo_reference_domain("tax_code"),
        groups=MAPPING_READERS,
    )

    def _qbo_has_rate(self):
        """Tell whether these taxes together are a plain percentage.

        Taxes by piece or by formula have none, and neither have taxes on taxes.

        :rtype: bool
        """
        return all(
            tax.amount_type == "percent" and not tax.include_base_amount
            for tax in self.flatten_taxes_hierarchy()
        )

    def _qbo_rate(self):
        """Return the percentage of these taxes together, none is 0.

        What a reverse charge adds with one hand it takes with the other: its
        rate on a sale is 0.

        :rtype: decimal.Decimal
        """
        return sum(
            (tax._qbo_own_rate() for tax in self.flatten_taxes_hierarchy()), Decimal(0)
        )

    def _qbo_own_rate(self):
        self.ensure_one()
        lines = self.invoice_repartition_line_ids.filtered(
            lambda line: line.repartition_type == "tax"
        )
        factor = decimal_of(sum(lines.mapped("factor")), RATE_DIGITS)
        return decimal_of(self.amount, RATE_DIGITS) * factor

    @api.model
    def _qbo_rates(self, connection):
        """Return the percentages of QuickBooks' sales tax rates.

        :return: ``{id of the rate: percent}``
        :rtype: dict[str, decimal.Decimal]
        """
        references = (
            self.env["qbo.reference"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("connection_id", "=", connection.id),
                    ("realm_id", "=", connection.realm_id),
                    ("entity", "=", "tax_rate"),
                ]
            )
        )
        return {
            ref.qbo_id: Decimal(str(ref._details().get("rate", 0)))
            for ref in references
        }
