from odoo import api, fields, models
from odoo.exceptions import UserError

from ..mappers.names import display_name
from ..models.roles import BOOKKEEPER, check_role


class QboLinkCustomer(models.TransientModel):
    """Chooses the QuickBooks customer that an Odoo customer is."""

    _name = "qbo.link.customer"
    _description = "Choose the QuickBooks Customer"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True
    )
    connection_id = fields.Many2one("qbo.connection", required=True, readonly=True)
    realm_id = fields.Char(related="connection_id.realm_id", related_sudo=False)
    reference_id = fields.Many2one(
        "qbo.reference",
        string="Chosen Customer",
        domain="[('connection_id', '=', connection_id), ('realm_id', '=', realm_id),"
        " ('entity', '=', 'customer'), ('active', '=', True), ('deleted', '=', False)]",
    )
    currency_id = fields.Many2one(
        "res.currency",
        readonly=True,
        help="The customer is in QuickBooks already, in another currency.",
    )
    # Who it was in QuickBooks when the dialog was opened: see _qbo_customer_id.
    former_qbo_id = fields.Char("QuickBooks Id", readonly=True)
    new_name = fields.Char(
        string="Name in QuickBooks",
        compute="_compute_new_name",
        readonly=False,
        store=True,
        help="A name that no customer, vendor or employee of QuickBooks has yet.",
    )
    warning = fields.Char(compute="_compute_warning")
    reference_details = fields.Char(compute="_compute_reference_details")

    @api.depends("reference_id")
    def _compute_warning(self):
        for wizard in self:
            taken = wizard._customer_linked_already()
            wizard.warning = False
            if taken:
                wizard.warning = self.env._(
                    "%(quickbooks)s is already linked to %(customer)s.",
                    quickbooks=wizard.reference_id.full_name,
                    customer=taken.display_name,
                )

    @api.depends("partner_id", "connection_id", "currency_id")
    def _compute_new_name(self):
        for wizard in self:
            wizard.new_name = wizard._free_name() if wizard.partner_id else False

    def _free_name(self) -> str:
        """Return the name that is offered: no one has it yet in QuickBooks."""
        connection, partner = self.connection_id, self.partner_id
        if self.currency_id:
            others = self.env["qbo.currency.customer"]
            other = others._foreseen(connection, partner, self.currency_id)
            return other._qbo_offered_name(connection)
        return partner._qbo_free_name(connection, display_name(partner.name or ""))

    @api.depends("reference_id")
    def _compute_reference_details(self):
        """Tell namesakes apart: e-mail address and currency of the chosen one."""
        for wizard in self:
            reference = wizard.reference_id
            details = reference._details() if reference else {}
            parts = [details.get("email"), details.get("currency")]
            wizard.reference_details = ", ".join(part for part in parts if part)

    def _customer_linked_already(self):
        """Return the other Odoo customer that has the chosen one, or nothing.

        :rtype: res.partner
        """
        self.ensure_one()
        binding = self.env["qbo.binding"].search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("realm_id", "=", self.connection_id.realm_id),
                ("res_model", "=", "res.partner"),
                ("entity", "=", "Customer"),
                ("qbo_id", "=", self.reference_id.qbo_id),
                ("res_id", "!=", self.partner_id.id),
            ],
            limit=1,
        )
        return self.env["res.partner"].browse(binding.res_id).exists()

    def action_link(self):
        """Link the customer; its exports that waited for this go by themselves.

        :raise AccessError: for others than bookkeepers
        """
        check_role(self.env, BOOKKEEPER)
        if not self.reference_id:
            raise UserError(self.env._("Choose a customer of QuickBooks first."))
        self._check_currency()
        self._check_as_shown()
        self.partner_id._qbo_link_customer(self.connection_id, self.reference_id)
        return {"type": "ir.actions.act_window_close"}

    def _check_as_shown(self):
        """Refuse a choice that was made before the customer was created or linked.

        :raise UserError: it is another in QuickBooks than when the dialog was opened
        """
        present = self.partner_id._qbo_customer_id(self.connection_id)
        if self.former_qbo_id and self.former_qbo_id != present:
            raise UserError(
                self.env._(
                    "Who %(name)s is in QuickBooks has changed meanwhile. Close this"
                    " dialog and look again.",
                    name=self.partner_id.display_name,
                )
            )

    def action_create_as(self):
        """Create the customer in QuickBooks under the name that is free there."""
        check_role(self.env, BOOKKEEPER)
        self._check_as_shown()
        customer = self.partner_id
        customer.check_access("read")
        if self.currency_id:
            customer = self.env["qbo.currency.customer"]._of(
                self.connection_id, customer, self.currency_id, make=True
            )
        customer._qbo_create_as(self.connection_id, self.new_name)
        return {"type": "ir.actions.act_window_close"}

    def _check_currency(self):
        """Refuse a customer of another currency than the one that is asked about.

        :raise UserError: with both currencies
        """
        theirs = self.reference_id._details().get("currency")
        if self.currency_id and theirs != self.currency_id.name:
            raise UserError(
                self.env._(
                    "%(name)s is in %(theirs)s in QuickBooks. Choose a customer in"
                    " %(ours)s.",
                    name=self.reference_id.full_name,
                    theirs=theirs or "?",
                    ours=self.currency_id.name,
                )
            )
