from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from ..mappers.money import decimal_of, plain
from ..mappers.names import item_name, name_key
from ..mappers.outcome import LookUp, Prepared
from ..mappers.preparation import Preparation
from .roles import BOOKKEEPER, check_role

# Intuit, Item: lengths.
SKU_LIMIT = 100
DESCRIPTION_LIMIT = 4000
PRICE_DIGITS = 7


class ProductTemplate(models.Model):
    """A product that a bookkeeper asked to be created as an item in QuickBooks."""

    _name = "product.template"
    _inherit = ["product.template", "qbo.exportable"]

    def _qbo_outbox_vals(self):
        self.ensure_one()
        return {
            "reference": self.display_name,
            "partner_id": None,
            "amount_total": 0.0,
            "priority": 0,
        }

    def _qbo_is_exportable(self):
        """Products go only when a person asks for it, in Account Mapping."""
        return bool(self.qbo_binding_id)

    def _qbo_prepare(self, connection, binding):
        """Return the call that makes this product an item in QuickBooks.

        :rtype: mappers.outcome.Prepared
        :raise mappers.outcome.CannotExport: a person must act first
        """
        self.ensure_one()
        connection = connection.sudo().with_company(connection.company_id)
        self = self.with_company(connection.company_id)
        row = self.env["qbo.mapping"]._resolve(connection, "item", self)
        if binding or row.reference_id or not row.income_account_id:
            return Prepared(entity="Item", operation="nothing", payload={})
        prep = Preparation(
            connection=connection,
            prefs=connection._prefs(),
            binding=binding,
            tax_model=connection.tax_model,
        )
        payload = self._qbo_prepare_item_vals(prep, row.income_account_id)
        payload.update(self._qbo_prepare_item_cost_vals(prep, row.expense_account_id))
        self._qbo_check_item_name(prep, payload["Name"])
        prep.check()
        return Prepared(
            entity="Item",
            operation="create",
            payload=payload,
            look_up=LookUp(entity="Item", display_name=payload["Name"]),
        )

    def _qbo_prepare_item_vals(self, prep, income_account):
        """Return the Item as QuickBooks gets it; extend it to add to it.

        :param income_account: ``qbo.reference`` of the account it sells on
        :rtype: dict
        """
        self.ensure_one()
        vals = {
            "Name": item_name(prep.line(self.name, DESCRIPTION_LIMIT)),
            "Type": "Service" if self.type == "service" else "NonInventory",
            "IncomeAccountRef": {"value": income_account.qbo_id},
            "Sku": prep.line(self.default_code, SKU_LIMIT),
            "Description": prep.text(
                html2plaintext(self.description_sale or "") or self.name,
                DESCRIPTION_LIMIT,
            ),
            "UnitPrice": plain(decimal_of(self.list_price, PRICE_DIGITS)),
        }
        if prep.is_us:
            company = prep.connection.company_id
            taxes = self.taxes_id._filter_taxes_by_company(company)
            vals["Taxable"] = bool(taxes._qbo_rate())
        return {key: value for key, value in vals.items() if value not in ("", None)}

    def _qbo_prepare_item_cost_vals(self, prep, expense_account):
        """Return the account that the item is bought on: needed outside the US.

        Source: Intuit, Item, ``ExpenseAccountRef`` (2020 without it).

        :param expense_account: ``qbo.reference``, empty when nobody chose one
        :rtype: dict
        """
        self.ensure_one()
        if expense_account:
            return {"ExpenseAccountRef": {"value": expense_account.qbo_id}}
        if not prep.is_us:
            prep.stop(
                "data",
                f"item-expense:product.template:{self.id}",
                self.env._(
                    "%(product)s needs an expense account to become a QuickBooks item.",
                    product=self.display_name,
                ),
                todo=self.env._("Create it again and choose both accounts."),
                res_model=self._name,
                res_id=self.id,
            )
        return {}

    def _qbo_check_item_name(self, prep, name):
        """Stop a name that QuickBooks has already: that item is to be chosen."""
        items = self.env["qbo.mapping"]._items_of_name_list(prep.connection)
        taken = items.filtered(lambda ref: name_key(ref.name or "") == name_key(name))
        if taken:
            prep.stop(
                "data",
                f"item-name:product.template:{self.id}",
                self.env._(
                    "QuickBooks has an item named %(name)s.",
                    name=taken[:1].display_name,
                ),
                todo=self.env._("Choose that item, or give the product another name."),
                res_model=self._name,
                res_id=self.id,
            )

    def _qbo_after_export(self, connection, binding, answer):
        """Choose the new item for the product; what waited for it goes on."""
        result = super()._qbo_after_export(connection, binding, answer)
        item = self.env["qbo.reference"]._remember(connection, "item", answer)
        mappings = self.env["qbo.mapping"].sudo()
        mappings._choose(connection, "item", self, {"reference_id": item.id})
        row = mappings._resolve(connection, "item", self)
        self.env["qbo.live"]._tell_changed(row._name, row.ids)
        return result


class QboMapping(models.Model):
    _inherit = "qbo.mapping"

    expense_account_id = fields.Many2one(
        "qbo.reference",
        string="Expense account",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Where an item that is to be created for the product is bought on.",
    )

    def action_create_in_quickbooks(self):
        """Show what the selected products become as items of QuickBooks.

        :raise AccessError: for others than bookkeepers
        :raise UserError: none of them is a product without an item
        """
        check_role(self.env, BOOKKEEPER)
        products = self.filtered(
            lambda row: (
                row.level == "product" and not row.reference_id and row._record()
            )
        )
        if not products:
            raise UserError(self.env._("Select products without a QuickBooks item."))
        products.connection_id.sudo()._check_connected()
        wizard = self.env["qbo.create.items"]._of_mappings(products)
        return wizard._get_records_action(
            name=self.env._("Create in QuickBooks"),
            target="new",
            context={"dialog_size": "extra-large"},
        )

    def _item_vals(self):
        """Return the item that a product without one becomes, but for its accounts.

        :rtype: dict
        """
        self.ensure_one()
        connection = self.connection_id.sudo()
        connection = connection.with_company(connection.company_id)
        prep = Preparation(
            connection=connection,
            prefs=connection._prefs(),
            binding=self.env["qbo.binding"],
            tax_model=connection.tax_model,
        )
        product = self._record().with_company(connection.company_id)
        return product._qbo_prepare_item_vals(prep, self.env["qbo.reference"])

    @api.model
    def _items_of_name_list(self, connection):
        """Return all items of the present realm, also those that are inactive.

        :rtype: qbo.reference
        """
        references = self.env["qbo.reference"].sudo().with_context(active_test=False)
        return references.search(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.sudo().realm_id),
                ("entity", "=", "item"),
                ("deleted", "=", False),
            ]
        )

    @api.model
    def _create_in_quickbooks(self, rows, income_account, expense_account=None):
        """Have these products created as items that sell on one account.

        :param rows: ``qbo.mapping`` of products without an item
        :param income_account: ``qbo.reference`` of an income account
        :param expense_account: of an expense account; needed outside the US
        :return: how many products were queued
        :rtype: int
        """
        products = rows.filtered(
            lambda row: row.level == "product" and not row.reference_id
        )
        expense_account = expense_account or income_account.browse()
        products.write(
            {
                "income_account_id": income_account.id,
                "expense_account_id": expense_account.id,
            }
        )
        for connection in products.connection_id:
            connection.sudo()._check_connected()
            own = products.filtered(lambda row, c=connection: row.connection_id == c)
            templates = self.env["product.template"].browse(own.mapped("res_id"))
            self.env["qbo.export"].sudo()._enqueue(
                templates.exists(), connection.sudo()
            )
        return len(products)
