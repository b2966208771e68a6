from odoo import api, fields, models

from ..mappers.names import display_name
from ..mappers.outcome import LookUp, Prepared
from ..mappers.preparation import Preparation
from ..mappers.text import shorten
from .res_partner_mapping import NAME_LIMIT


class QboCurrencyCustomer(models.Model):
    """A customer as QuickBooks knows it in another currency than its first one.

    QuickBooks fixes a customer's currency for ever (Intuit, Customer, ``CurrencyRef``):
    who is invoiced in two currencies is two customers there.
    """

    _name = "qbo.currency.customer"
    _inherit = ["qbo.exportable"]
    _description = "QuickBooks Customer in Another Currency"

    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )

    _customer_uniq = models.Constraint(
        "UNIQUE(company_id, partner_id, currency_id)",
        "A customer has one customer of each currency in QuickBooks.",
    )

    @api.depends("partner_id.name", "currency_id.name")
    def _compute_display_name(self):
        for customer in self:
            customer.display_name = (
                f"{customer.partner_id.name} ({customer.currency_id.name})"
            )

    @api.model
    def _of(self, connection, partner, currency, make=False):
        """Return a customer's row of a currency, as superuser.

        :param bool make: make it when there is none
        """
        key = {
            "company_id": connection.company_id.id,
            "partner_id": partner.id,
            "currency_id": currency.id,
        }
        domain = [(name, "=", value) for name, value in key.items()]
        found = self.sudo().search(domain)
        return found or (self.sudo().create(key) if make else found)

    # -- qbo.exportable -----------------------------------------------------------

    def _qbo_outbox_vals(self):
        return {
            "reference": self.display_name,
            "partner_id": self.partner_id.id,
            "amount_total": 0.0,
            "priority": 0,
        }

    def _qbo_prepare(self, connection, binding):
        """Return the call that makes or changes this customer in QuickBooks.

        :rtype: mappers.outcome.Prepared
        :raise mappers.outcome.CannotExport: a person must act first
        """
        self.ensure_one()
        connection = connection.sudo().with_company(connection.company_id)
        partner = self.partner_id.with_company(connection.company_id)
        prep = Preparation(
            connection=connection,
            prefs=connection._prefs(),
            binding=binding,
            tax_model=connection.tax_model,
        )
        if not partner._qbo_sends(prep):
            return Prepared(entity="Customer", operation="nothing", payload={})
        payload = self._qbo_prepare_customer_vals(prep, partner)
        partner._qbo_check_name(prep, payload["DisplayName"])
        prep.check()
        if binding:
            return partner._qbo_as_customer_change(prep, payload)
        return Prepared(
            entity="Customer",
            operation="create",
            payload=payload,
            look_up=LookUp(
                entity="Customer",
                display_name=payload["DisplayName"],
                private_note=self._qbo_marker(),
            ),
        )

    def _qbo_prepare_customer_vals(self, prep, partner):
        """Return the customer's own values under another name, in this currency.

        :rtype: dict
        """
        code = self.currency_id.name
        own_name = display_name(prep.line(partner.qbo_name or partner.name, NAME_LIMIT))
        name = f"{shorten(own_name, 500 - len(code) - 3)} ({code})"
        vals = partner._qbo_prepare_customer_vals(prep)
        vals.update(DisplayName=name, CurrencyRef={"value": code})
        vals.pop("PrintOnCheckName", None)
        vals["Notes"] = vals["Notes"].replace(
            partner._qbo_marker(), self._qbo_marker(), 1
        )
        return vals

    def _qbo_after_export(self, connection, binding, answer):
        result = super()._qbo_after_export(connection, binding, answer)
        self.env["qbo.reference"]._remember(connection, "customer", answer)
        return result
