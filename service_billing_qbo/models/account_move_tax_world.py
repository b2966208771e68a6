from decimal import Decimal

from odoo import models

from ..mappers.money import decimal_of
from ..mappers.rounding import is_cents
from ..mappers.taxes import TaxRate, add_up, net_of_gross, tax_lines


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
        if prep.tax_inclusive:
            return {"GlobalTaxCalculation": "TaxInclusive"}
        vals = {"GlobalTaxCalculation": "TaxExcluded"}
        if not prep.causes and (override := self._qbo_tax_override(prep)):
            vals["TxnTaxDetail"] = override
        return vals

    def _qbo_is_tax_inclusive(self, prep, lines):
        """Tell whether the document can go with prices that include the tax.

        All taxed lines must hold it in their price, and QuickBooks must come to
        Odoo's total and tax: it takes each line's tax out of its gross amount.

        :param lines: what goes to QuickBooks, ``account.move.line``
        :rtype: bool
        """
        items = lines.filtered(lambda line: line._qbo_is_item_line())
        taxed = items.filtered(lambda line: line._qbo_is_taxed())
        if prep.tax_model != "global" or not taxed:
            return False
        if not all(line._qbo_has_tax_in_price() for line in taxed):
            return False
        gross = sum((line._qbo_gross() for line in items), Decimal(0))
        net = sum((line._qbo_net_of_gross(prep) for line in items), Decimal(0))
        return gross == self._qbo_total() and gross - net == self._qbo_tax()

    def _qbo_tax_override(self, prep):
        """Return ``TxnTaxDetail`` with Odoo's tax for each rate, empty when not needed.

        Where the rates of both sides do not pair off one to one nothing can be forced:
        some cents are left to the rounding line, more than that is refused.

        :rtype: dict
        """
        lines = self._qbo_lines().filtered(lambda line: line._qbo_is_item_line())
        sums = add_up(
            (line._qbo_amount(), line._qbo_rates_there(prep)) for line in lines
        )
        theirs = sum((found.tax for found in sums.values()), Decimal(0))
        if theirs == self._qbo_tax():
            return {}
        pairs = self._qbo_paired_rates(prep, lines)
        ours = self._qbo_tax_amounts()
        if set(ours) - set(pairs):
            self._qbo_leave_tax_difference(prep, theirs, ours)
            return {}
        amounts = {}
        for tax, amount in ours.items():
            amounts[pairs[tax]] = amounts.get(pairs[tax], 0) + amount
        return {"TotalTax": self._qbo_tax(), "TaxLine": tax_lines(sums, amounts)}

    def _qbo_leave_tax_difference(self, prep, theirs, taxes):
        """Note a tax that QuickBooks will calculate otherwise, and cannot be told.

        :param decimal.Decimal theirs: the tax that QuickBooks comes to
        :param taxes: the ``account.tax`` of the document
        """
        apart = self._qbo_tax() - theirs
        if is_cents(apart, self.currency_id.decimal_places):
            prep.rounding_gap = apart
            return
        self._qbo_stop_tax(
            prep,
            self.env._(
                "QuickBooks calculates a sales tax of %(theirs)s on %(document)s, Odoo"
                " %(ours)s: it has no such percentage as %(taxes)s.",
                theirs=theirs,
                document=self.display_name,
                ours=self._qbo_tax(),
                taxes=", ".join(tax.name for tax in taxes),
            ),
        )

    def _qbo_paired_rates(self, prep, lines):
        """Return which QuickBooks rate each of Odoo's taxes is, by percentage.

        :return: ``{account.tax: Id of the rate}``
        :rtype: dict
        """
        pairs = {}
        for line in lines:
            by_percent = {rate.percent: rate.id for rate in line._qbo_rates_there(prep)}
            for tax in line.tax_ids.flatten_taxes_hierarchy():
                if tax.amount_type == "percent" and tax._qbo_own_rate() in by_percent:
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

    def _qbo_has_tax_in_price(self):
        """Tell whether the price holds all taxes of the line, plain percentages each.

        :rtype: bool
        """
        taxes = self.tax_ids.flatten_taxes_hierarchy()
        return taxes._qbo_has_rate() and all(tax.price_include for tax in taxes)

    def _qbo_gross(self):
        """Return the line's amount with its tax.

        :rtype: decimal.Decimal
        """
        self.ensure_one()
        if not self.tax_ids:
            return self._qbo_amount()
        return decimal_of(self.price_total, self.currency_id.decimal_places)

    def _qbo_net_of_gross(self, prep):
        """Return the net amount that QuickBooks finds in the line's gross amount.

        :rtype: decimal.Decimal
        """
        percent = sum(
            (rate.percent for rate in self._qbo_rates_there(prep)), Decimal(0)
        )
        return net_of_gross(self._qbo_gross(), percent)
