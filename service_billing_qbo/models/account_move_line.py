from decimal import Decimal

from odoo import fields, models

from ..mappers.money import decimal_of, fit_line, plain, round_half_up

TEXT_LINES = ("line_section", "line_subsection", "line_note")
# Intuit, Line: Description at most 4000 characters.
DESCRIPTION_LIMIT = 4000
# More decimals than any unit of measure or price has; floats hold no more.
RAW_DIGITS = 10


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    qbo_item_id = fields.Many2one(
        "qbo.reference",
        string="QuickBooks item",
        ondelete="set null",
        index="btree_not_null",
        domain=lambda self: self.env["qbo.mapping.mixin"]._qbo_reference_domain("item"),
        help="Only with Allow Overrides: used instead of every other choice.",
        groups="base.group_user",
    )
    qbo_class_id = fields.Many2one(
        "qbo.reference",
        string="QuickBooks class",
        ondelete="set null",
        index="btree_not_null",
        domain=lambda self: self.env["qbo.mapping.mixin"]._qbo_reference_domain(
            "class"
        ),
        help="Only with Use Classes and Allow Overrides.",
        groups="base.group_user",
    )

    # ---- amounts ------------------------------------------------------------

    def _qbo_amount(self):
        """Return what the line adds to the document's untaxed total.

        The booked amount, not ``price_subtotal``: with taxes included in the
        price and rounding per document Odoo puts the odd cent there only.

        :rtype: decimal.Decimal
        """
        self.ensure_one()
        amount = decimal_of(self.amount_currency, self.currency_id.decimal_places)
        return amount * self.move_id.direction_sign + Decimal(0)

    def _qbo_quantity_price(self, amount):
        """Return quantity and unit price that give ``amount`` exactly.

        :rtype: mappers.money.LinePrice
        """
        self.ensure_one()
        quantity = decimal_of(self.quantity, RAW_DIGITS)
        price = decimal_of(self.price_unit, RAW_DIGITS)
        return fit_line(amount, quantity, price)

    # ---- item and class -----------------------------------------------------

    def _qbo_billing_type(self):
        """Return the billing type whose default item is the last resort.

        Extend it to tell lines of another type apart (and add the type to
        ``qbo.mapping.billing_type``).

        :rtype: str
        """
        self.ensure_one()
        if self.display_type == "rounding":
            return "rounding"
        if self.product_id:
            return self.product_id.product_tmpl_id._qbo_billing_type()
        return "service"

    def _qbo_places(self, connection):
        """Return where a choice for this line may stand, the nearest first.

        :return: keys of ``qbo.mapping._rows``
        :rtype: list[tuple]
        """
        self.ensure_one()
        billing_type = self._qbo_billing_type()
        places = []
        if connection.allow_overrides:
            customer = self.move_id._qbo_customer()
            places += [
                ("res.partner", customer.id, billing_type),
                ("res.partner", customer.id, False),
            ]
        if self.product_id:
            places += self.product_id.product_tmpl_id._qbo_places()
        if ("", 0, billing_type) not in places:
            places.append(("", 0, billing_type))
        return places

    def _qbo_choice(self, prep, field):
        """Return the nearest reference for this line, and where it stands.

        :param str field: ``reference_id`` (the item) or ``class_id``
        :return: the reference (or empty) and its ``qbo.mapping`` row (or empty)
        """
        self.ensure_one()
        own = self.qbo_item_id if field == "reference_id" else self.qbo_class_id
        rows = prep.connection.env["qbo.mapping"].sudo()
        if prep.connection.allow_overrides and own:
            return own.sudo(), rows
        for place in self._qbo_places(prep.connection):
            row = prep.choices.get(place, rows)
            if row[field]:
                return row[field], row
        return prep.connection.env["qbo.reference"].sudo(), rows

    def _qbo_item(self, prep):
        """Return the QuickBooks item of the line, noting what is wrong with it."""
        self.ensure_one()
        item, row = self._qbo_choice(prep, "reference_id")
        if not item:
            self._qbo_stop_unmapped_item(prep)
        elif self.move_id._qbo_is_usable(prep, item, row or self):
            return item
        return item.browse()

    def _qbo_stop_unmapped_item(self, prep):
        types = dict(self.env["product.template"]._selection_qbo_billing_type())
        template = self.product_id.product_tmpl_id
        if template:
            prep.stop(
                "unmapped",
                f"item:product.template:{template.id}",
                self.env._(
                    "%(product)s has no QuickBooks item.", product=template.display_name
                ),
                todo=self.env._(
                    "Choose a QuickBooks item in Account Mapping. One for the billing"
                    " type %(type)s serves all such products.",
                    type=types[self._qbo_billing_type()],
                ),
                res_model="product.template",
                res_id=template.id,
            )
            return
        self._qbo_stop_unmapped_type(prep, self._qbo_billing_type())

    def _qbo_stop_unmapped_type(self, prep, billing_type):
        types = dict(self.env["product.template"]._selection_qbo_billing_type())
        prep.stop(
            "unmapped",
            f"item:type:{billing_type}",
            self.env._(
                "The billing type %(type)s has no default QuickBooks item.",
                type=types[billing_type],
            ),
            todo=self.env._("Choose a QuickBooks item in Account Mapping."),
            res_model="qbo.mapping",
        )

    # ---- the line as QuickBooks gets it -------------------------------------

    def _qbo_prepare_line_vals(self, prep):
        """Return one line of a QuickBooks document; None when it has no place there.

        Extend it to add to a line; :meth:`_qbo_prepare_item_detail` holds what
        QuickBooks keeps under ``SalesItemLineDetail``.

        :param mappers.preparation.Preparation prep: notes causes
        :rtype: dict | None
        """
        self.ensure_one()
        if self.display_type in TEXT_LINES:
            text = prep.text(self.name, DESCRIPTION_LIMIT)
            if not text:
                return None
            return {
                "DetailType": "DescriptionOnly",
                "Description": text,
                "DescriptionLineDetail": {},
            }
        amount = (
            self._qbo_net_of_gross(prep) if prep.tax_inclusive else self._qbo_amount()
        )
        price = self._qbo_quantity_price(amount)
        vals = {
            "DetailType": "SalesItemLineDetail",
            "Amount": amount,
            "SalesItemLineDetail": self._qbo_prepare_item_detail(prep, price),
        }
        description = prep.text(self._qbo_description(price), DESCRIPTION_LIMIT)
        if description:
            vals["Description"] = description
        return vals

    def _qbo_prepare_item_detail(self, prep, price):
        """Return the ``SalesItemLineDetail``: item, quantity, price, tax code.

        :param mappers.money.LinePrice price: quantity and unit price to send
        :rtype: dict
        """
        self.ensure_one()
        detail = {
            "ItemRef": {"value": self._qbo_item(prep).qbo_id},
            "Qty": price.quantity,
            "UnitPrice": price.unit_price,
        }
        if tax_code := self._qbo_tax_code(prep):
            detail["TaxCodeRef"] = {"value": tax_code}
        if prep.tax_inclusive:
            detail["TaxInclusiveAmt"] = self._qbo_gross()
        class_ = self._qbo_class(prep)
        if class_ and prep.prefs.class_per_line:
            detail["ClassRef"] = {"value": class_.qbo_id}
        return detail

    def _qbo_description(self, price):
        """Return the line's text, with what quantity and price no longer tell.

        :rtype: str
        """
        self.ensure_one()
        parts = [self.name or self.product_id.display_name or ""]
        if self.discount:
            discount = plain(decimal_of(self.discount, 4))
            unit_price = plain(decimal_of(self.price_unit, RAW_DIGITS))
            parts.append(
                self.env._(
                    "Discount %(percent)s %% on %(price)s",
                    percent=discount,
                    price=unit_price,
                )
            )
        if price.is_folded:
            quantity = plain(round_half_up(decimal_of(self.quantity, RAW_DIGITS), 6))
            parts.append(self.env._("Quantity %(quantity)s", quantity=quantity))
        return "\n".join(part for part in parts if part)
