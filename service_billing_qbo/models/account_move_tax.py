from decimal import Decimal

from odoo import models
from odoo.tools import formatLang

from ..mappers.money import decimal_of


class AccountMove(models.Model):
    _inherit = "account.move"

    def _qbo_tax(self):
        """Return Odoo's tax of the document, in its currency.

        :rtype: decimal.Decimal
        """
        self.ensure_one()
        return decimal_of(self.amount_tax, self.currency_id.decimal_places)

    def _qbo_total(self):
        """Return Odoo's total of the document, in its currency.

        :rtype: decimal.Decimal
        """
        self.ensure_one()
        return decimal_of(self.amount_total, self.currency_id.decimal_places)

    def _qbo_expected_tax(self, prep):
        """Return the tax that QuickBooks is to answer.

        :rtype: decimal.Decimal
        """
        return Decimal(0) if prep.tax_model == "us_none" else self._qbo_tax()

    def _qbo_prepare_tax_vals(self, prep, lines):
        """Return the document's own tax keys.

        :param list lines: the lines as QuickBooks gets them
        :rtype: dict
        """
        self.ensure_one()
        if prep.tax_model == "us_none":
            return {}
        if prep.is_us:
            return self._qbo_prepare_us_tax_vals(prep, lines)
        return self._qbo_prepare_global_tax_vals(prep)

    # ---- United States ------------------------------------------------------

    def _qbo_prepare_us_tax_vals(self, prep, lines):
        """Return Odoo's tax as ``TotalTax``, which QuickBooks keeps as an override.

        Without automated sales tax the document names its one tax code too.

        :rtype: dict
        """
        tax = self._qbo_tax()
        shown = formatLang(self.env, float(tax), currency_obj=self.currency_id)
        codes = {
            line["SalesItemLineDetail"]["TaxCodeRef"]["value"]
            for line in lines
            if "SalesItemLineDetail" in line
        }
        if tax < 0:
            self._qbo_stop_tax(
                prep,
                self.env._(
                    "QuickBooks keeps no sales tax below zero: %(document)s has"
                    " %(tax)s, for more is taken off its taxed lines than they bring.",
                    tax=shown,
                    document=self.display_name,
                ),
            )
        elif tax and "TAX" not in codes:
            self._qbo_stop_tax(
                prep,
                self.env._(
                    "QuickBooks cannot keep the sales tax of %(tax)s on %(document)s:"
                    " no line is taxable there.",
                    tax=shown,
                    document=self.display_name,
                ),
            )
        detail = {"TotalTax": tax}
        if prep.tax_model == "us_manual" and tax:
            detail["TxnTaxCodeRef"] = {"value": self._qbo_document_tax_code(prep)}
        return {"TxnTaxDetail": detail}

    def _qbo_document_tax_code(self, prep):
        """Return the Id of the tax code of a US document without automated tax.

        :rtype: str
        """
        lines = self.invoice_line_ids.filtered(lambda line: line._qbo_is_taxed())
        codes = {line._qbo_mapped_tax_code(prep) for line in lines}
        if len(codes) > 1:
            self._qbo_stop_tax(
                prep,
                self.env._(
                    "%(document)s has lines of different sales taxes; QuickBooks"
                    " takes one sales tax for a document.",
                    document=self.display_name,
                ),
            )
        return next(iter(codes)).qbo_id or ""

    # ---- United States without sales tax ------------------------------------

    def _qbo_prepare_tax_lines(self, prep):
        """Return the tax as lines of their own, where QuickBooks keeps no sales tax.

        Each Odoo tax has its own item then (with a liability account in
        QuickBooks). Without that item the document is stopped: its total would be
        short by the tax.

        :rtype: list[dict]
        """
        self.ensure_one()
        if prep.tax_model != "us_none" or not self._qbo_tax():
            return []
        amounts = self._qbo_tax_amounts()
        places = [("account.tax", tax.id, False) for tax in amounts]
        mappings = self.env["qbo.mapping"]
        rows = mappings._rows(prep.connection, "item", places)
        lines = []
        for (tax, amount), place in zip(amounts.items(), places, strict=True):
            row = rows.get(place, mappings)
            if not row.reference_id:
                self._qbo_stop_no_sales_tax(prep)
            elif self._qbo_is_usable(prep, row.reference_id, row):
                lines.append(self._qbo_prepare_tax_line(prep, tax, amount, row))
        return lines

    def _qbo_prepare_tax_line(self, prep, tax, amount, row):
        return {
            "DetailType": "SalesItemLineDetail",
            "Amount": amount,
            "Description": prep.line(tax.invoice_label or tax.name, 4000),
            "SalesItemLineDetail": {
                "ItemRef": {"value": row.reference_id.qbo_id},
                "Qty": Decimal(1),
                "UnitPrice": amount,
                "TaxCodeRef": {"value": "NON"},
            },
        }

    def _qbo_tax_amounts(self):
        """Return the booked tax of each tax, in the document's currency.

        :return: ``{account.tax: decimal.Decimal}``
        :rtype: dict
        """
        self.ensure_one()
        amounts = {}
        for line in self.line_ids.filtered("tax_line_id"):
            tax = line.tax_line_id
            amounts[tax] = amounts.get(tax, Decimal(0)) + line._qbo_amount()
        return amounts

    def _qbo_stop_no_sales_tax(self, prep):
        prep.stop(
            "feature",
            "feature:sales-tax",
            self.env._("Sales tax is off in QuickBooks."),
            todo=self.env._(
                "Switch sales tax on in QuickBooks, or choose an item for each tax in"
                " Account Mapping: the tax goes as a line of its own then."
            ),
        )

    def _qbo_stop_tax(self, prep, message):
        prep.stop(
            "data",
            f"tax:account.move:{self.id}",
            message,
            res_model=self._name,
            res_id=self.id,
        )
