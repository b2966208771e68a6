from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from ..mappers.outcome import NeedsFirst, Prepared
from .qbo_connection_books import EXEMPTION_REASONS
from .qbo_export import OPEN_STATES

# What is kept in both systems, where the company sends changes of customers.
SENT_FIELDS = {
    "name",
    "qbo_name",
    "street",
    "street2",
    "city",
    "zip",
    "state_id",
    "country_id",
    "email",
    "phone",
    "website",
    "comment",
    "property_payment_term_id",
    "property_account_position_id",
    "qbo_sales_tax_id",
    "qbo_exemption_reason",
}
# What may mend a problem of a customer, or of what waits for it, besides those: who the
# customer is, and whether QuickBooks has it already.
MENDING_FIELDS = SENT_FIELDS | {"is_company", "parent_id", "vat"}
# What of ours a change may concern, to be written down before it is asked for.
_CONCERNING = {
    "qbo.connection": ["send_customer_changes"],
    "qbo.currency.customer": ["partner_id"],
    "qbo.export": ["state"],
    "qbo.problem": ["closed_at"],
}
# QuickBooks keeps what these were at creation.
CREATION_KEYS = ("CurrencyRef", "ParentRef", "Job", "BillWithParent")


class ResPartner(models.Model):
    """What a company may choose for its customers: sub-customers, changes, taxes."""

    _inherit = "res.partner"

    qbo_sales_tax_id = fields.Many2one(
        "account.tax",
        string="Sales Tax Override",
        company_dependent=True,
        domain="[('type_tax_use', '=', 'sale')]",
        help="Replaces the default sales tax on new invoices; Odoo's amount is sent.",
        groups="base.group_user",
    )

    qbo_exemption_reason = fields.Selection(
        EXEMPTION_REASONS,
        string="Tax Exemption Reason",
        company_dependent=True,
        help="Why QuickBooks charges this customer no sales tax; empty: the company's"
        " usual reason. Sent for customers who are tax exempt in Odoo.",
        groups="base.group_user",
    )

    def write(self, vals):
        result = super().write(vals)
        if MENDING_FIELDS.intersection(vals):
            concerned = self._qbo_concerned()
            if SENT_FIELDS.intersection(vals) and "qbo.connection" in concerned:
                self._qbo_send_changes()
            self._qbo_judge_anew(concerned)
        return result

    def _qbo_concerned(self):
        """Tell what of ours a change of these partners may concern, in one query.

        Nearly always there is nothing, and whoever edits an address need not wait for
        more than that to be found out.

        :return: record ids by model: connections that send changes, partners and
            customers of a currency whose export is open, partners with open problems
            (by the model of those)
        :rtype: dict[str, set[int]]
        """
        if not self.ids:
            return {}
        for model, names in _CONCERNING.items():
            self.env[model].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT 'qbo.connection', id FROM qbo_connection
                 WHERE send_customer_changes
                 UNION ALL
                SELECT res_model, res_id FROM qbo_export
                 WHERE res_model = 'res.partner' AND res_id IN %(ids)s
                   AND state IN %(open)s
                 UNION ALL
                SELECT export.res_model, export.res_id
                  FROM qbo_currency_customer customer
                  JOIN qbo_export export
                    ON export.res_model = 'qbo.currency.customer'
                   AND export.res_id = customer.id AND export.state IN %(open)s
                 WHERE customer.partner_id IN %(ids)s
                 UNION ALL
                SELECT 'qbo.problem', res_id FROM qbo_problem
                 WHERE res_model = 'res.partner' AND res_id IN %(ids)s
                   AND closed_at IS NULL
                """,
                ids=tuple(self.ids),
                open=OPEN_STATES,
            )
        )
        concerned = defaultdict(set)
        for model, res_id in rows:
            concerned[model].add(res_id)
        return concerned

    def _qbo_send_changes(self):
        """Queue customers that QuickBooks has, where the company wants changes.

        Also while QuickBooks is not used: they wait until it is again.
        Whom QuickBooks has in several currencies is several customers there.
        """
        bindings = self.env["qbo.binding"]
        connections = self.env["qbo.connection"].sudo()
        for connection in connections.search([("send_customer_changes", "=", True)]):
            others = (
                self.env["qbo.currency.customer"]
                .sudo()
                .search(
                    [
                        ("company_id", "=", connection.company_id.id),
                        ("partner_id", "in", self.ids),
                    ]
                )
            )
            for records in (self, others):
                found = bindings._find_many(connection, records._name, records.ids)
                changed = records.filtered(lambda one, found=found: one.id in found)
                if changed:
                    self.env["qbo.export"]._enqueue(changed, connection)

    def _qbo_judge_anew(self, concerned):
        """Let those of these customers that are open try again, with what they stop.

        :param dict concerned: see :meth:`_qbo_concerned`
        """
        for model in ("res.partner", "qbo.currency.customer"):
            records = self.env[model].sudo().browse(concerned.get(model, ()))
            self.env["qbo.export"].sudo()._fold(records)
        stopping = self.browse(concerned.get("qbo.problem", ()))
        self.env["qbo.problem"]._corrected(stopping)

    def _qbo_sends(self, prep):
        """Tell whether there is anything to send: a new customer, or its changes.

        One that a person has linked belongs to QuickBooks.

        :rtype: bool
        """
        if not prep.binding:
            return True
        return prep.connection.send_customer_changes and not prep.binding.linked

    def _qbo_prepare_change(self, prep):
        """Return the call that brings a changed customer to QuickBooks.

        :rtype: mappers.outcome.Prepared
        """
        self.ensure_one()
        if not self._qbo_sends(prep):
            return Prepared(entity="Customer", operation="nothing", payload={})
        payload = self._qbo_prepare_customer_vals(prep)
        self._qbo_check_name(prep, payload["DisplayName"])
        prep.check()
        return self._qbo_as_customer_change(prep, payload)

    def _qbo_as_customer_change(self, prep, payload):
        """Return a customer's present values as a change of the one QuickBooks has.

        Sparse: what only QuickBooks knows of the customer stays.

        :param dict payload: as for a new customer
        :rtype: mappers.outcome.Prepared
        """
        kept = {key: payload[key] for key in payload if key not in CREATION_KEYS}
        kept.update(
            Id=prep.binding.qbo_id, SyncToken=prep.binding.sync_token, sparse=True
        )
        return Prepared(entity="Customer", operation="update", payload=kept)

    def _qbo_prepare_customer_parent_vals(self, prep):
        """Return the parent of a child company, where the company wants sub-customers.

        :rtype: dict
        :raise NeedsFirst: the parent is not in QuickBooks yet
        """
        self.ensure_one()
        parent = self.parent_id.commercial_partner_id
        if not prep.connection.sub_customers or not parent or parent == self:
            return {}
        binding = self.env["qbo.binding"]._find(prep.connection, parent, "Customer")
        if not binding:
            raise NeedsFirst(parent)
        return {"ParentRef": {"value": binding.qbo_id}, "Job": True}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_computed_taxes(self):
        """Put the customer's own sales tax where a line bears any by default."""
        taxes = super()._get_computed_taxes()
        if not taxes or not self.move_id.is_sale_document(include_receipts=True):
            return taxes
        customer = self.move_id._qbo_customer().with_company(self.company_id)
        return customer.qbo_sales_tax_id or taxes
