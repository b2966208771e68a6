"""Totals in the company's own currency, of documents in another one."""

from dataclasses import replace
from decimal import Decimal

from odoo import api, models
from odoo.tools import formatLang

from ..mappers.money import AMOUNT_DIGITS, decimal_of, round_half_up
from ..mappers.rounding import home_tolerance
from .account_move_mapping import RATE_DIGITS

# Journal items that are no part of the total: what is owed, and mere text.
NOT_IN_TOTAL = ("payment_term", "line_section", "line_subsection", "line_note")


class AccountMove(models.Model):
    """The same total in a foreign currency can be another one in the books.

    QuickBooks may have a rate of its own for the document; then receivables and income
    differ, and no total in the document's currency shows it.
    """

    _inherit = "account.move"

    def _qbo_prepare_document(self, prep):
        prepared = super()._qbo_prepare_document(prep)
        if "ExchangeRate" not in prepared.payload:
            return prepared
        digits = self.company_currency_id.decimal_places
        items = self.line_ids.filtered(
            lambda line: line.display_type not in NOT_IN_TOTAL
        )
        return replace(
            prepared,
            # Odoo's is negative for a credit note, QuickBooks' is not.
            expected_home_total=abs(decimal_of(self.amount_total_signed, digits)),
            home_tolerance=home_tolerance(
                len(items), self._qbo_total(), digits, RATE_DIGITS
            ),
        )


class QboExport(models.Model):
    _inherit = "qbo.export"

    @api.model
    def _binding_totals(self, row, answer, known):
        vals = super()._binding_totals(row, answer, known)
        vals |= {"odoo_home_total": None, "qbo_home_total": None, "home_difference": 0}
        if row.get("expected_home_total") is None or "HomeTotalAmt" not in answer:
            return vals
        apart = _home_difference(row, answer)
        vals |= {
            "odoo_home_total": row["expected_home_total"],
            "qbo_home_total": answer["HomeTotalAmt"],
            "home_difference": apart,
        }
        if apart:
            company = self.env["res.company"].browse(row["company_id"])
            difference, quickbooks, odoo = (
                formatLang(self.env, float(amount), currency_obj=company.currency_id)
                for amount in (
                    apart,
                    _decimal(answer["HomeTotalAmt"]),
                    _decimal(row["expected_home_total"]),
                )
            )
            words = self.env._(
                "home total differs by %(difference)s (QuickBooks %(quickbooks)s, Odoo"
                " %(odoo)s).",
                difference=difference,
                quickbooks=quickbooks,
                odoo=odoo,
            )
            reasons = filter(None, [vals["difference_reason"], words])
            vals["difference_reason"] = " ".join(reasons)
        if _decimal(known.home_difference) != apart:
            vals |= {
                "difference_accepted_by_id": None,
                "difference_accepted_at": None,
                "difference_accepted_reason": None,
            }
        return vals


def _home_difference(row: dict, answer: dict) -> Decimal:
    """Return what QuickBooks' home total is more than it should be, but for rounding.

    Where the totals differ themselves, the home total that belongs to QuickBooks' one
    is meant: that difference is told already.
    """
    expected = _decimal(row["expected_home_total"])
    if total := _decimal(row["expected_total"]):
        expected *= _decimal(answer.get("TotalAmt")) / total
    apart = round_half_up(_decimal(answer["HomeTotalAmt"]) - expected, AMOUNT_DIGITS)
    return apart if abs(apart) > _decimal(row["home_tolerance"]) else Decimal(0)


def _decimal(value) -> Decimal:
    """Return an amount of QuickBooks or of a numeric column; none is zero."""
    return Decimal(str(value or 0))
