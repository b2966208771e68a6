from odoo import models

from ..mappers.taxes import TaxRate, add_up, tax_lines


class AccountMove(models.Model):
    """Sales tax outside the United States: a tax code on each line."""

    _inherit = "account.move"

    def _qbo_prepare_global_tax_vals(self, prep):
        """Return how QuickBooks is to add the tax, and Odoo's tax where they differ.

        QuickBooks rounds the tax once for each rate over the whole document. Where
        Odoo's tax is another (rounded per line, included in prices) its amounts
        go along rate by rate.

        :rtype: dict
        """
        self.ensure_one()
        vals = {"GlobalTaxCalculation": "TaxExcluded"}
        if not prep.causes and (override := self._qbo_tax_override(prep)):
            vals["TxnTaxDetail"] = override
        return vals

    def _qbo_tax_override(self, prep):
        """Return ``TxnTaxDetail`` with Odoo's tax for each rate, empty when not needed.

        Nothing is forced where the rates of both sides do not pair off one to one:
        the difference is shown after the export then.

        :rtype: dict
        """
        lines = self._qbo_lines().filtered(lambda line: line._qbo_is_item_line())
        sums = add_up(
            ((line._qbo_amount(), line._qbo_rates_there(prep)) for line in lines),
            self.currency_id.decimal_places,
        )
        if sum(found.tax for found in sums.values()) == self._qbo_tax():
            return {}
        pairs = self._qbo_paired_rates(prep, lines)
        ours = self._qbo_tax_amounts()
        if set(ours) - set(pairs):
            return {}
        amounts = {}
        for tax, amount in ours.items():
            amounts[pairs[tax]] = amounts.get(pairs[tax], 0) + amount
        return {"TotalTax": self._qbo_tax(), "TaxLine": tax_lines(sums, amounts)}

    def _qbo_paired_rates(self, prep, lines):
        """Return which QuickBooks rate each of Odoo's taxes is, by percentage.

        :return: ``{account.tax: Id of the rate}``
        :rtype: dict
        """
        pairs = {}
        for line in lines:
            by_percent = {rate.percent: rate.id for rate in line._qbo_rates_there(prep)}
            for tax in line.tax_ids.flatten_taxes_hierarchy():
                if tax._qbo_own_rate() in by_percent:
                    pairs[tax] = by_percent[tax._qbo_own_rate()]
        return pairs


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _qbo_rates_there(self, prep):
        """Return the rates by which QuickBooks will tax the line.

        :rtype: list[mappers.taxes.TaxRate]
        """
        self.ensure_one()
        rate_ids = self._qbo_mapped_tax_code(prep)._details().get("rate_ids") or []
        return [TaxRate(rate_id, prep.tax_rates[rate_id]) for rate_id in rate_ids]
