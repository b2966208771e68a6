"""Group "Link to External Accounting" of a customer."""

from odoo import api, fields, models

from .roles import BOOKKEEPER, check_role
from .short_date import short_date

# Who may see how QuickBooks is set up.
SETUP_READERS = f"{BOOKKEEPER},account.group_account_readonly"


class ResPartner(models.Model):
    _inherit = "res.partner"

    qbo_chosen_customer = fields.Char(
        compute="_compute_qbo_screen", compute_sudo=True, groups="base.group_user"
    )
    qbo_address_note = fields.Char(
        compute="_compute_qbo_screen", compute_sudo=True, groups="base.group_user"
    )
    qbo_overrides_allowed = fields.Boolean(
        compute="_compute_qbo_screen", compute_sudo=True, groups="base.group_user"
    )
    qbo_exemptions_explained = fields.Boolean(
        compute="_compute_qbo_screen", compute_sudo=True, groups="base.group_user"
    )
    qbo_classes_used = fields.Boolean(
        compute="_compute_qbo_screen", compute_sudo=True, groups="base.group_user"
    )
    qbo_sandbox = fields.Boolean(
        compute="_compute_qbo_screen", compute_sudo=True, groups="base.group_user"
    )
    qbo_can_link = fields.Boolean(
        compute="_compute_qbo_can_link", groups="base.group_user"
    )
    qbo_may_choose = fields.Boolean(
        compute="_compute_qbo_can_link", groups="base.group_user"
    )
    qbo_mark = fields.Selection(
        selection="_selection_qbo_mark",
        compute="_compute_qbo_mark",
        compute_sudo=True,
        help="Of the linked customer, as QuickBooks' list was read last.",
        groups="base.group_user",
    )
    qbo_mark_text = fields.Char(
        compute="_compute_qbo_mark", compute_sudo=True, groups="base.group_user"
    )
    qbo_connection_id = fields.Many2one(
        "qbo.connection",
        compute="_compute_qbo_screen",
        compute_sudo=True,
        groups=SETUP_READERS,
    )
    qbo_override_ids = fields.One2many(
        "qbo.mapping",
        "res_id",
        string="Accounting Overrides",
        domain=lambda self: self._qbo_override_domain(),
        groups=SETUP_READERS,
        help="Used for this customer instead of the item and class of the product.",
    )

    @api.depends("qbo_status", "qbo_binding_id")
    @api.depends_context("company")
    def _compute_qbo_screen(self):
        references = self._qbo_linked_references()
        connection = self.env["qbo.connection"]._for_company(self.env.company)
        for partner in self:
            partner.qbo_connection_id = connection
            partner.qbo_sandbox = connection.environment == "sandbox"
            partner.qbo_overrides_allowed = connection.allow_overrides
            partner.qbo_classes_used = connection.use_classes
            explained = connection.tax_model == "us_automated"
            partner.qbo_exemptions_explained = explained
            binding = partner.qbo_binding_id
            reference = references.get(binding.qbo_id)
            partner.qbo_chosen_customer = (
                reference.display_name if reference else binding.qbo_id
            )
            kept_apart = not binding.connection_id.send_customer_changes
            sent = kept_apart and binding.address_sent_at
            partner.qbo_address_note = sent and self.env._(
                "The address was sent on %(date)s. "
                "From now on change it in both systems.",
                date=short_date(self.env, sent),
            )

    @api.model
    def _qbo_override_domain(self):
        """Return the choices made for customers, of the QuickBooks company of now.

        :rtype: list
        """
        connection = self.env["qbo.connection"]._for_company(self.env.company)
        return [
            ("res_model", "=", self._name),
            ("kind", "=", "item"),
            ("connection_id", "=", connection.id),
            ("realm_id", "=", connection.realm_id or ""),
        ]

    @api.depends_context("company", "uid")
    def _compute_qbo_can_link(self):
        """A bookkeeper links whom QuickBooks has also before the first invoice."""
        connection = self.env["qbo.connection"]._for_company(self.env.company).sudo()
        may_choose = self.env.user.has_group(BOOKKEEPER)
        for partner in self:
            partner.qbo_may_choose = may_choose
            partner.qbo_can_link = bool(
                may_choose
                and connection.realm_id
                and partner._origin
                and partner == partner.commercial_partner_id
            )

    @api.model
    def _selection_qbo_mark(self):
        return (
            self.env["qbo.reference"]._fields["mark"]._description_selection(self.env)
        )

    @api.depends("qbo_binding_id")
    @api.depends_context("company", "lang", "tz")
    def _compute_qbo_mark(self):
        references = self._qbo_linked_references()
        for partner in self:
            binding = partner.qbo_binding_id
            reference = references.get(binding.qbo_id)
            partner.qbo_mark = reference.mark if reference else False
            partner.qbo_mark_text = reference.mark_text if reference else False
            if binding.remote_state == "deleted":
                partner.qbo_mark = "deleted"
            elif binding and not reference:
                # Its list was never read with it.
                partner.qbo_mark = "not_checked_lately"

    def _qbo_linked_references(self):
        """Return the rows of the linked QuickBooks customers, by QuickBooks Id.

        :rtype: dict
        """
        bindings = self.qbo_binding_id
        if not bindings:
            return {}
        references = (
            self.env["qbo.reference"]
            .with_context(active_test=False)
            .search(
                [
                    ("connection_id", "in", bindings.connection_id.ids),
                    ("realm_id", "in", bindings.mapped("realm_id")),
                    ("entity", "=", "customer"),
                    ("qbo_id", "in", bindings.mapped("qbo_id")),
                ]
            )
        )
        return {reference.qbo_id: reference for reference in references}

    def action_qbo_link(self):
        """Choose the QuickBooks customer that this one is.

        :raise AccessError: for others than bookkeepers
        """
        return self._qbo_link_action()

    def _qbo_link_action(self, currency=None):
        """Return the dialog in which people choose who this customer is.

        :param currency: ``res.currency`` in which that is asked, if it is in one
        :raise AccessError: for others than bookkeepers
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        connection = self.env["qbo.connection"]._for_company(self.env.company)
        connection._check_connected()
        likely = self._qbo_likely_customer(connection)
        if currency:
            others = self.env["qbo.currency.customer"]
            likely = others._foreseen(connection, self, currency)._qbo_likely(
                connection
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Link to External Accounting"),
            "res_model": "qbo.link.customer",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": self.id,
                "default_connection_id": connection.id,
                "default_currency_id": currency.id if currency else False,
                "default_reference_id": likely.id if likely._is_usable() else False,
                "default_former_qbo_id": self._qbo_customer_id(connection),
            },
        }

    def _qbo_customer_id(self, connection):
        """Return the Id of the QuickBooks customer that this one is, or ``none``.

        :rtype: str
        """
        binding = self.env["qbo.binding"]._find(connection, self, "Customer")
        return binding.qbo_id or "none"

    def _qbo_likely_customer(self, connection):
        """Return the customer of QuickBooks to propose for this one, or none.

        :rtype: qbo.reference
        """
        match = self.env["qbo.match"]._rows_of(connection, self)
        likely = match.reference_id or self._qbo_same_names(
            connection, self.qbo_name or self.name or ""
        )
        usable = likely.filtered(
            lambda one: one.entity == "customer" and one._is_usable()
        )
        bound = self.env["qbo.binding"].sudo()._linked_customer_ids(connection)
        return usable.filtered(lambda one: one.qbo_id not in bound)[:1]

    def action_qbo_unlink(self):
        """Forget which QuickBooks customer this is; exported invoices stay linked.

        :raise AccessError: for others than bookkeepers of the customer's company
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        self.check_access("read")
        binding = self.qbo_binding_id.sudo()
        self.env["qbo.export"].sudo()._check_not_under_way(binding.connection_id, self)
        # Who it is in QuickBooks is an open question again, not a new customer.
        self.env["qbo.match"].sudo().search(
            [
                ("partner_id", "=", self.id),
                ("connection_id", "=", binding.connection_id.id),
                ("realm_id", "=", binding.realm_id),
            ]
        ).unlink()
        binding.unlink()
        self.invalidate_recordset()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
