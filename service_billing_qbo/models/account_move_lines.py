from odoo import models

from ..mappers.money import AMOUNT_DIGITS, round_half_up

# Intuit's screens take no more lines.
LINE_COUNT_LIMIT = 750


class AccountMove(models.Model):
    _inherit = "account.move"

    def _qbo_prepare_lines(self, prep):
        """Return the lines in the order of the printed document.

        :rtype: list[dict]
        """
        lines = self._qbo_lines()
        prep.choices = self._qbo_choices(prep, lines)
        self._qbo_read_taxes(prep, lines)
        prep.tax_inclusive = self._qbo_is_tax_inclusive(prep, lines)
        vals = [line._qbo_prepare_line_vals(prep) for line in lines]
        vals = [line for line in vals if line] + self._qbo_prepare_tax_lines(prep)
        for number, line in enumerate(vals, 1):
            line["LineNum"] = number
        self._qbo_check_lines(prep, vals)
        return vals

    def _qbo_lines(self):
        """Return the lines that go to QuickBooks, cash rounding last.

        :rtype: account.move.line
        """
        self.ensure_one()
        rounding = self.line_ids.filtered(
            lambda line: (
                line.display_type == "rounding" and not line.tax_repartition_line_id
            )
        )
        lines = self.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        # Of many documents prepared together, one line reads the lines of all.
        return (lines + rounding).with_prefetch(self.line_ids._prefetch_ids)

    def _qbo_choices(self, prep, lines):
        """Return the rows of ``qbo.mapping`` for items, read once for all lines.

        :rtype: dict
        """
        places = {
            place
            for line in lines
            if line._qbo_is_item_line()
            for place in line._qbo_places(prep.connection)
        }
        if not places:
            return {}
        return self.env["qbo.mapping"]._rows(prep.connection, "item", places)

    def _qbo_read_taxes(self, prep, lines):
        """Read once what the lines need to know of taxes in QuickBooks."""
        mappings = self.env["qbo.mapping"]
        places = [("account.tax", tax.id, False) for tax in lines.tax_ids]
        places.append(("account.tax", 0, False))
        prep.taxes = mappings._rows(prep.connection, "tax_code", places)
        if prep.tax_model in ("global", "us_manual"):
            known = prep.connection._read_once("tax codes")
            if not known:
                known["rates"] = self.env["account.tax"]._qbo_rates(prep.connection)
                known["codes"] = mappings._active_references(
                    prep.connection, "tax_code"
                )
            prep.tax_rates, prep.tax_codes = known["rates"], known["codes"]

    def _qbo_check_lines(self, prep, vals):
        """Stop what QuickBooks could not add up to Odoo's total."""
        amounts = [line["Amount"] for line in vals if "Amount" in line]
        cause = {"res_model": self._name, "res_id": self.id, "turn": "clerk"}
        if not amounts:
            prep.stop(
                "data",
                f"lines:none:{self.id}",
                self.env._(
                    "%(document)s has no line with an amount.",
                    document=self.display_name,
                ),
                **cause,
            )
        elif len(vals) > LINE_COUNT_LIMIT:
            prep.stop(
                "data",
                f"lines:many:{self.id}",
                self.env._(
                    "%(document)s has %(count)s lines, QuickBooks takes %(limit)s.",
                    document=self.display_name,
                    count=len(vals),
                    limit=LINE_COUNT_LIMIT,
                ),
                **cause,
            )
        elif any(amount != round_half_up(amount, AMOUNT_DIGITS) for amount in amounts):
            prep.stop(
                "data",
                f"lines:decimals:{self.id}",
                self.env._(
                    "%(document)s has amounts of three decimals, QuickBooks keeps two"
                    " decimals in every currency.",
                    document=self.display_name,
                ),
                **cause,
            )
        elif sum(amounts, self._qbo_expected_tax(prep)) != self._qbo_total():
            prep.stop(
                "data",
                f"lines:sum:{self.id}",
                self.env._(
                    "The lines of %(document)s do not add up to its total.",
                    document=self.display_name,
                ),
                **cause,
            )

    def _qbo_is_usable(self, prep, reference, place):
        """Tell whether a chosen reference can be sent; note it when it cannot.

        :param reference: the chosen ``qbo.reference``
        :param place: the record where another can be chosen
        :rtype: bool
        """
        kinds = dict(reference._fields["entity"]._description_selection(self.env))
        ours = (prep.connection, prep.connection.realm_id)
        if (reference.connection_id, reference.realm_id) != ours:
            # Ids are small numbers: there, it would be something else.
            prep.stop(
                "inactive",
                f"foreign:{reference.id}",
                self.env._(
                    "%(kind)s %(name)s belongs to another QuickBooks company.",
                    kind=kinds[reference.entity],
                    name=reference.full_name or reference.name,
                ),
                todo=self.env._(
                    "Choose an entry of the company that is connected now."
                ),
                res_model=place._name,
                res_id=place.id,
            )
            return False
        if reference.active and not reference.deleted:
            return True
        prep.note(reference._cause_of_unusable(place))
        return False

    # ---- what is missing ----------------------------------------------------

    def _qbo_needs(self, connection):
        """Return the choices that this document lacks in ``qbo.mapping``.

        :return: ``(kind, res_model, res_id, billing_type)`` each
        :rtype: set[tuple]
        """
        self.ensure_one()
        prep = self._qbo_preparation(connection, self.env["qbo.binding"])
        lines = self._qbo_lines().filtered(lambda line: line._qbo_is_item_line())
        prep.choices = self._qbo_choices(prep, lines)
        self._qbo_read_taxes(prep, lines)
        needs = set()
        for line in lines:
            if not line._qbo_choice(prep, "reference_id")[0]:
                template = line.product_id.product_tmpl_id
                needs.add(
                    ("item", template._name, template.id, False)
                    if template
                    else ("item", "", 0, line._qbo_billing_type())
                )
            if prep.tax_model == "global" or (
                prep.tax_model == "us_manual" and line._qbo_is_taxed()
            ):
                needs |= {
                    ("tax_code", "account.tax", tax_id, False)
                    for tax_id in line.tax_ids.ids or [0]
                    if not prep.taxes.get(("account.tax", tax_id, False))
                    or not prep.taxes["account.tax", tax_id, False].reference_id
                }
        term = self.invoice_payment_term_id
        if (
            term
            and not self.env["qbo.mapping"]
            ._resolve(connection, "term", term)
            .reference_id
        ):
            needs.add(("term", term._name, term.id, False))
        return needs
