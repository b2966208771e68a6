from decimal import Decimal

from odoo import models

from ..mappers.money import plain


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _qbo_is_taxed(self):
        """Tell whether the line bears sales tax of any amount.

        :rtype: bool
        """
        self.ensure_one()
        return any(
            tax.amount_type == "code" or tax.amount
            for tax in self.tax_ids.flatten_taxes_hierarchy()
        )

    def _qbo_tax_code(self, prep):
        """Return the value of the line's ``TaxCodeRef``.

        US companies know TAX and NON only (fault 6100 else), all others the Id
        of a tax code on every line (fault 6000 else).

        :rtype: str
        """
        self.ensure_one()
        if prep.is_us:
            return self._qbo_us_tax_code(prep)
        return self._qbo_mapped_tax_code(prep).qbo_id or ""

    def _qbo_us_tax_code(self, prep):
        """Return TAX or NON: as mapped, else by whether the line bears tax.

        :rtype: str
        """
        if prep.tax_model == "us_none" or not self.move_id._qbo_tax():
            return "NON"
        mapped = {
            self._qbo_tax_row(prep, tax).reference_id.qbo_id for tax in self.tax_ids
        } & {"TAX", "NON"}
        if len(mapped) == 1:
            return mapped.pop()
        return "TAX" if self._qbo_is_taxed() else "NON"

    def _qbo_tax_row(self, prep, tax):
        """Return the row of ``qbo.mapping`` of one tax, or of lines without tax.

        :rtype: qbo.mapping
        """
        rows = self.env["qbo.mapping"].sudo().browse()
        return prep.taxes.get(("account.tax", tax.id or 0, False), rows)

    def _qbo_mapped_tax_code(self, prep):
        """Return the tax code that stands for all taxes of the line.

        Several taxes on one line need the one tax code that holds the rates of
        all of them.

        :return: ``qbo.reference``, empty when a cause was noted
        """
        self.ensure_one()
        if not self.tax_ids:
            return self._qbo_code_of_tax(prep, self.tax_ids)
        found = [self._qbo_code_of_tax(prep, tax) for tax in self.tax_ids]
        codes = self.env["qbo.reference"].sudo().concat(*found)
        if not all(found):
            return codes.browse()
        return codes if len(codes) == 1 else self._qbo_combined_code(prep, codes)

    def _qbo_code_of_tax(self, prep, tax):
        """Return the tax code of one tax (empty: lines without tax), noting causes.

        :return: ``qbo.reference``, empty when a cause was noted
        """
        row = self._qbo_tax_row(prep, tax)
        code = row.reference_id
        if not code:
            self._qbo_stop_unmapped_tax(prep, tax)
        elif self.move_id._qbo_is_usable(prep, code, row) and self._qbo_is_same_rate(
            prep, tax, code
        ):
            return code
        return code.browse()

    def _qbo_stop_unmapped_tax(self, prep, tax):
        name = tax.display_name if tax else self.env._("No tax (lines without tax)")
        prep.stop(
            "unmapped",
            f"tax_code:account.tax:{tax.id or 0}",
            self.env._("%(tax)s has no QuickBooks tax code.", tax=name),
            todo=self.env._("Choose a QuickBooks tax code in Account Mapping."),
            res_model="account.tax",
            res_id=tax.id or 0,
        )

    def _qbo_is_same_rate(self, prep, tax, code):
        """Tell whether both sides calculate with one rate; note it when not.

        :rtype: bool
        """
        rate_ids = code._details().get("rate_ids")
        if not tax._qbo_has_rate() or rate_ids is None:
            return True
        theirs = sum(
            (prep.tax_rates.get(rate, Decimal(0)) for rate in rate_ids), Decimal(0)
        )
        ours = tax._qbo_rate()
        if ours == theirs:
            return True
        prep.stop(
            "data",
            f"rate:account.tax:{tax.id}:{code.qbo_id}",
            self.env._(
                "%(tax)s is %(odoo_rate)s %% in Odoo, %(code)s is %(qbo_rate)s %% in"
                " QuickBooks.",
                tax=tax.display_name or self.env._("No tax"),
                odoo_rate=plain(ours),
                code=code.name,
                qbo_rate=plain(theirs),
            ),
            todo=self.env._("Choose another QuickBooks tax code, or correct the rate."),
            res_model="account.tax",
            res_id=tax.id or 0,
        )
        return False

    def _qbo_combined_code(self, prep, codes):
        """Return the one tax code that holds the rates of all ``codes``.

        :return: ``qbo.reference``, empty when a cause was noted
        """
        wanted = {
            rate for code in codes for rate in code._details().get("rate_ids") or []
        }
        found = prep.tax_codes.filtered(
            lambda code: set(code._details().get("rate_ids") or []) == wanted
        )
        if len(found) == 1:
            return found
        prep.stop(
            "data",
            f"taxes:{','.join(map(str, sorted(self.tax_ids.ids)))}",
            self.env._(
                "QuickBooks has no single tax code that holds %(taxes)s together.",
                taxes=" + ".join(self.tax_ids.mapped("name")),
            ),
            todo=self.env._("Make a group of these taxes in Odoo and map the group."),
            res_model="account.tax",
            res_id=self.tax_ids[:1].id,
        )
        return codes.browse()
