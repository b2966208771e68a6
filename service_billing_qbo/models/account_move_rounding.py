"""The line of some cents that makes a document's totals equal on both sides."""

from decimal import Decimal

from odoo import fields, models

from ..mappers.money import decimal_of
from ..mappers.rounding import is_cents


class QboBinding(models.Model):
    _inherit = "qbo.binding"

    rounding_amount = fields.Monetary(
        "Rounding line",
        readonly=True,
        help="What a line of its own adds, so that the totals are equal.",
    )


class AccountMove(models.Model):
    """The line that makes totals equal where QuickBooks rounds otherwise, if wanted.

    Where the cents can be foreseen it goes at once, else with an update after the
    answer that showed them.
    """

    _inherit = "account.move"

    def _qbo_prepare_rounding_lines(self, prep, number):
        """Return the rounding line, none when nothing is to be rounded.

        :param int number: its ``LineNum``
        :rtype: list[dict]
        """
        self.ensure_one()
        amount = prep.rounding_gap
        if prep.binding.rounding_amount:
            amount = decimal_of(
                prep.binding.rounding_amount, self.currency_id.decimal_places
            )
        if not amount or not prep.connection.rounding_line:
            return []
        detail = {
            "ItemRef": {"value": self._qbo_rounding_item(prep).qbo_id},
            "Qty": Decimal(1),
            "UnitPrice": amount,
            "TaxCodeRef": {"value": self._qbo_untaxed_code(prep)},
        }
        if prep.tax_inclusive:
            detail["TaxInclusiveAmt"] = amount
        return [
            {
                "LineNum": number,
                "DetailType": "SalesItemLineDetail",
                "Amount": amount,
                "Description": prep.line(self.env._("Rounding"), 100),
                "SalesItemLineDetail": detail,
            }
        ]

    def _qbo_rounding_item(self, prep):
        """Return the item of the billing type Rounding, noting what is wrong with it.

        :rtype: qbo.reference
        """
        row = self.env["qbo.mapping"]._resolve(
            prep.connection, "item", self.env["qbo.mapping"], "rounding"
        )
        if not row.reference_id:
            self.env["account.move.line"]._qbo_stop_unmapped_type(prep, "rounding")
        elif self._qbo_is_usable(prep, row.reference_id, row):
            return row.reference_id
        return row.reference_id.browse()

    def _qbo_untaxed_code(self, prep):
        """Return the value of ``TaxCodeRef`` of a line that bears no tax.

        :rtype: str
        """
        if prep.is_us:
            return "NON"
        lines = self.env["account.move.line"]
        return lines._qbo_code_of_tax(prep, self.env["account.tax"]).qbo_id or ""

    def _qbo_after_exports(self, connection, bindings, answers):
        result = super()._qbo_after_exports(connection, bindings, answers)
        if connection.rounding_line:
            self._qbo_round_away(connection, bindings)
        return result

    def _qbo_round_away(self, connection, bindings):
        """Have documents updated whose totals differ by cents.

        It ends by itself: what grows beyond some cents is no rounding any more, and
        stays shown as a difference.

        :param dict bindings: ``qbo.binding`` by id of the document
        """
        apart = self.browse()
        for move in self.filtered(lambda move: move.state == "posted"):
            binding = bindings[move.id]
            digits = move.currency_id.decimal_places
            difference = decimal_of(binding.total_difference, digits)
            amount = decimal_of(binding.rounding_amount, digits) - difference
            is_small = abs(amount) == 0 or is_cents(amount, digits)
            if is_cents(difference, digits) and is_small:
                binding.rounding_amount = amount
                apart += move
        if apart:
            self.env["qbo.export"]._enqueue(apart, connection)
