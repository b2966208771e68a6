from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..mappers.names import name_key
from ..models.roles import BOOKKEEPER, check_role

# Intuit, Item: an IncomeAccountRef names an account of these types.
INCOME_TYPES = ("Income", "Other Income")
# Intuit, Item: what an item can be bought on.
EXPENSE_TYPES = ("Cost of Goods Sold", "Expense", "Other Expense")
# An item of these types is no item of a line.
NO_ITEM_TYPES = ("Category", "Group")


class QboCreateItems(models.TransientModel):
    """Creates chosen products as items in QuickBooks, after showing what they become.

    Nothing is created unasked: a product whose name QuickBooks has already is linked
    with that item or left alone, as the bookkeeper decides.
    """

    _name = "qbo.create.items"
    _description = "Create Items in QuickBooks"

    connection_id = fields.Many2one("qbo.connection", required=True, readonly=True)
    income_account_ids = fields.Many2many(
        "qbo.reference", compute="_compute_account_ids"
    )
    expense_account_ids = fields.Many2many(
        "qbo.reference", compute="_compute_account_ids"
    )
    income_account_id = fields.Many2one(
        "qbo.reference",
        string="Income account",
        domain="[('id', 'in', income_account_ids)]",
        help="The account of QuickBooks that the new items sell on.",
    )
    expense_account_id = fields.Many2one(
        "qbo.reference",
        string="Expense account",
        domain="[('id', 'in', expense_account_ids)]",
        help="The account of QuickBooks that the new items are bought on. Needed"
        " outside the United States.",
    )
    is_us = fields.Boolean(compute="_compute_is_us")
    row_ids = fields.One2many("qbo.create.items.row", "wizard_id")
    summary = fields.Char(compute="_compute_summary")
    has_notes = fields.Boolean(compute="_compute_has_notes")
    income_needed = fields.Boolean(
        compute="_compute_accounts_needed",
        help="An item is to be created that has no income account of its own.",
    )
    expense_needed = fields.Boolean(compute="_compute_accounts_needed")

    @api.depends("connection_id")
    def _compute_account_ids(self):
        for wizard in self:
            accounts = (
                self.env["qbo.mapping"]
                ._active_references(wizard.connection_id.sudo(), "account")
                .filtered(lambda account: account._is_usable())
            )
            types = {account: account._details().get("type") for account in accounts}
            for name, wanted in (
                ("income_account_ids", INCOME_TYPES),
                ("expense_account_ids", EXPENSE_TYPES),
            ):
                found = [account.id for account in types if types[account] in wanted]
                wizard[name] = [Command.set(found)]

    @api.depends("connection_id")
    def _compute_is_us(self):
        for wizard in self:
            wizard.is_us = wizard.connection_id.sudo().tax_model != "global"

    @api.depends("row_ids.note")
    def _compute_has_notes(self):
        for wizard in self:
            wizard.has_notes = any(wizard.row_ids.mapped("note"))

    @api.depends(
        "is_us",
        "row_ids.decision",
        "row_ids.income_account_id",
        "row_ids.expense_account_id",
    )
    def _compute_accounts_needed(self):
        for wizard in self:
            new = wizard.row_ids.filtered(lambda row: row.decision == "create")
            income_less = new.filtered(lambda row: not row.income_account_id)
            expense_less = new.filtered(lambda row: not row.expense_account_id)
            wizard.income_needed = bool(income_less)
            wizard.expense_needed = bool(expense_less) and not wizard.is_us

    @api.depends("row_ids.decision")
    def _compute_summary(self):
        for wizard in self:
            counts = dict.fromkeys(("create", "link", "ignore"), 0)
            for row in wizard.row_ids:
                counts[row.decision] += 1
            wizard.summary = self.env._(
                "%(create)s to create, %(link)s to link, %(ignore)s to ignore.",
                **counts,
            )

    @api.model
    def _of_mappings(self, rows):
        """Return the dialog for products without an item.

        :param rows: ``qbo.mapping`` of products of one connection
        :rtype: qbo.create.items
        """
        connection = rows.connection_id
        wizard = self.create(
            {
                "connection_id": connection.id,
                "row_ids": [Command.create(vals) for vals in self._row_vals(rows)],
            }
        )
        for name in ("income_account", "expense_account"):
            offered = wizard[f"{name}_ids"]
            used = self.env["qbo.mapping"].search(
                [
                    ("connection_id", "=", connection.id),
                    (f"{name}_id", "in", offered.ids),
                ],
                order="write_date desc, id desc",
                limit=1,
            )
            # As the last time; where there is one only, that one.
            only = offered if len(offered) == 1 else offered.browse()
            wizard[f"{name}_id"] = used[f"{name}_id"] or only
        return wizard

    @api.model
    def _row_vals(self, rows):
        """Return what each product becomes, and what is proposed for it."""
        items = {
            name_key(item.name or ""): item
            for item in rows._items_of_name_list(rows.connection_id)
        }
        seen = set()
        for row in rows:
            vals = row._item_vals()
            key = name_key(vals["Name"])
            taken = items.get(key, self.env["qbo.reference"])
            decision = "create"
            if taken:
                decision = "link" if _can_be_linked(taken) else "ignore"
            elif key in seen:
                decision = "ignore"
            yield {
                "mapping_id": row.id,
                "name": vals["Name"],
                "item_type": vals["Type"],
                "sku": vals.get("Sku"),
                "unit_price": float(vals.get("UnitPrice", 0)),
                "taxable": vals.get("Taxable", False),
                "taken_id": taken.id,
                "is_repeated": not taken and key in seen,
                "decision": decision,
            }
            seen.add(key)

    def action_apply(self):
        """Queue what is to be created, choose what is to be linked.

        :raise AccessError: for others than bookkeepers
        :raise UserError: an account is missing, or a name is not free
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        to_create = self.row_ids.filtered(lambda row: row.decision == "create")
        to_link = self.row_ids.filtered(lambda row: row.decision == "link")
        (to_create + to_link)._check_decisions()
        to_create._check_accounts()
        for (income, expense), rows in to_create.grouped(
            lambda row: (row._account("income"), row._account("expense"))
        ).items():
            self.env["qbo.mapping"]._create_in_quickbooks(
                rows.mapping_id, income, expense
            )
        for row in to_link:
            row.mapping_id.reference_id = row.taken_id
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Being created in QuickBooks: %(created)s. Linked: %(linked)s.",
                    created=len(to_create),
                    linked=len(to_link),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class QboCreateItemsRow(models.TransientModel):
    """One product: the item that it becomes, or the one that it is."""

    _name = "qbo.create.items.row"
    _description = "Item to Create in QuickBooks"
    _order = "id"

    wizard_id = fields.Many2one("qbo.create.items", required=True, ondelete="cascade")
    mapping_id = fields.Many2one("qbo.mapping", readonly=True, ondelete="cascade")
    record_name = fields.Char(related="mapping_id.record_name", string="Odoo")
    name = fields.Char(string="Item", readonly=True)
    item_type = fields.Selection(
        [("Service", "Service"), ("NonInventory", "Non-inventory")],
        string="Type",
        readonly=True,
    )
    sku = fields.Char(string="SKU", readonly=True)
    unit_price = fields.Float(string="Price", digits="Product Price", readonly=True)
    currency_id = fields.Many2one(
        related="wizard_id.connection_id.company_id.currency_id"
    )
    taxable = fields.Boolean(readonly=True)
    taken_id = fields.Many2one("qbo.reference", readonly=True)
    is_repeated = fields.Boolean(readonly=True)
    decision = fields.Selection(
        [("create", "Create"), ("link", "Link"), ("ignore", "Ignore")],
        required=True,
        default="ignore",
    )
    income_account_id = fields.Many2one(
        "qbo.reference",
        string="Own account",
        domain="[('id', 'in', parent.income_account_ids)]",
        help="Empty: the income account above.",
    )
    expense_account_id = fields.Many2one(
        "qbo.reference",
        string="Own expense account",
        domain="[('id', 'in', parent.expense_account_ids)]",
        help="Empty: the expense account above.",
    )
    note = fields.Char(compute="_compute_note")

    @api.depends("taken_id", "is_repeated")
    def _compute_note(self):
        for row in self:
            row.note = row._note_words()

    def _note_words(self):
        self.ensure_one()
        if self.taken_id:
            return self.env._(
                "QuickBooks has an item named %(name)s.",
                name=self.taken_id.display_name,
            )
        if self.is_repeated:
            return self.env._("Another product of this list has the same name.")
        return ""

    def _account(self, use: str):
        """Return the account that an item is sold or bought on.

        :param use: ``income`` or ``expense``
        :rtype: qbo.reference
        """
        self.ensure_one()
        return self[f"{use}_account_id"] or self.wizard_id[f"{use}_account_id"]

    def _check_accounts(self):
        """Refuse to create items of which nobody said where they are booked.

        What is offered is a matter of the form alone: a call may bring any account,
        whose Id would name another one in this QuickBooks company.
        """
        wizard = self.wizard_id
        # What is offered now, not when the dialog was opened.
        wizard.invalidate_recordset(["income_account_ids", "expense_account_ids"])
        for row in self:
            if not row._account("income"):
                raise UserError(self.env._("Choose the income account first."))
            if not wizard.is_us and not row._account("expense"):
                raise UserError(self.env._("Choose the expense account first."))
            for use in ("income", "expense"):
                account = row._account(use).sudo()
                is_offered = account <= wizard[f"{use}_account_ids"].sudo()
                connection = row.mapping_id.sudo().connection_id
                if not is_offered or not account.connection_id <= connection:
                    raise UserError(
                        self.env._(
                            "%(account)s cannot be used for %(product)s: choose one of "
                            "the accounts that are offered.",
                            account=account.display_name,
                            product=row.record_name,
                        )
                    )

    def _check_decisions(self):
        """Refuse to create a name that is taken, to link with what cannot be used."""
        for row in self:
            if row.decision == "create" and row.note:
                raise UserError(
                    self.env._(
                        "%(product)s cannot be created. %(reason)s",
                        product=row.record_name,
                        reason=row.note,
                    )
                )
            if row.decision == "link" and not _can_be_linked(row.taken_id):
                raise UserError(
                    self.env._(
                        "%(product)s cannot be linked: QuickBooks has no active item of"
                        " its name.",
                        product=row.record_name,
                    )
                )


def _can_be_linked(reference) -> bool:
    """Whether a line can name this item."""
    kind = reference._details().get("type") if reference else None
    return reference._is_usable() and kind not in NO_ITEM_TYPES
