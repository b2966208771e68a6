from dataclasses import replace

from odoo import api, fields, models

from ..mappers.matching import NOBODY, Matcher, in_currency, without_codes
from ..mappers.names import DISPLAY_NAME_LIMIT, display_name
from ..mappers.outcome import LookUp, Prepared
from ..mappers.preparation import Preparation
from ..mappers.text import shorten
from .party import party_of
from .res_partner_mapping import NAME_LIMIT
from .roles import BOOKKEEPER, check_role


class QboCurrencyCustomer(models.Model):
    """A customer as QuickBooks knows it in another currency than its first one.

    QuickBooks fixes a customer's currency for ever (Intuit, Customer, ``CurrencyRef``):
    who is invoiced in two currencies is two customers there. It may have the second
    one already: nobody makes it unasked then.
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

    # Only when a person chose another one than "Name (EUR)".
    qbo_name = fields.Char(string="Name in QuickBooks", readonly=True)
    # Where a person wants it to be made, whoever is alike there.
    new_in_realm = fields.Char(string="New in the QuickBooks company", readonly=True)

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

    @api.model
    def _foreseen(self, connection, partner, currency):
        """Return a customer's row of a currency; one that is not saved where there is
        none yet."""
        found = self._of(connection, partner, currency)
        return found or self.sudo().new(
            {
                "company_id": connection.company_id.id,
                "partner_id": partner.id,
                "currency_id": currency.id,
            }
        )

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
        if binding or not self._qbo_check_likely(prep):
            partner._qbo_check_name(prep, payload["DisplayName"], self)
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
        chosen = self.qbo_name or partner.qbo_name or partner.name
        name = display_name(prep.line(chosen, NAME_LIMIT))
        vals = partner._qbo_prepare_customer_vals(prep)
        vals.update(
            DisplayName=name if self.qbo_name else self._qbo_usual_name(name),
            CurrencyRef={"value": self.currency_id.name},
        )
        vals.pop("PrintOnCheckName", None)
        vals["Notes"] = vals["Notes"].replace(
            partner._qbo_marker(), self._qbo_marker(), 1
        )
        return vals

    def _qbo_usual_name(self, own_name):
        """Return the name in QuickBooks where nobody chose another.

        :param str own_name: the customer's name in its first currency
        :rtype: str
        """
        suffix = f" ({self.currency_id.name})"
        return shorten(own_name, DISPLAY_NAME_LIMIT - len(suffix)) + suffix

    # -- who QuickBooks has already -------------------------------------------------

    def _qbo_likely(self, connection):
        """Return the customer of QuickBooks that may be this one, or none.

        :rtype: qbo.reference
        """
        found = self._qbo_match(connection)
        return self.env["qbo.reference"].sudo().browse(found.candidate_id or ())

    def _qbo_match(self, connection):
        """Compare with the customers that QuickBooks has in this currency.

        By the name in Odoo, and by what the customer is called there in the currency
        that it had first: both without the currencies that some put behind it.

        :rtype: mappers.matching.Match
        """
        self.ensure_one()
        if self.new_in_realm and self.new_in_realm == connection.realm_id:
            return NOBODY
        code = self.currency_id.name
        known = connection._read_once("matchers of currencies")
        if code not in known:
            parties = self.env["qbo.match"]._parties(connection)
            known[code] = Matcher(in_currency(parties, code))
        first = self._qbo_first_reference(connection)
        codes = {code, *(one._details().get("currency", code) for one in first)}
        party = party_of(self.partner_id)
        for name in (party.name, *first.mapped("name")):
            bare = without_codes(name or "", codes)
            found = known[code].match(replace(party, name=bare))
            if found.candidate_id:
                return found
        return NOBODY

    def _qbo_first_reference(self, connection):
        """Return the customer in the currency that it had first, as QuickBooks has it.

        :rtype: qbo.reference
        """
        first = self.env["qbo.binding"]._find(connection, self.partner_id, "Customer")
        references = self.env["qbo.reference"].sudo()
        if not first:
            return references
        return references._find(connection, "customer", first.qbo_id)

    def _qbo_check_likely(self, prep):
        """Stop it where QuickBooks may have it already, until a person has decided.

        :return: whether it is stopped
        :rtype: bool
        """
        found = self._qbo_match(prep.connection)
        if not found.candidate_id:
            return False
        likely = self.env["qbo.reference"].browse(found.candidate_id)
        reasons = self.env["qbo.match"]._fields["reason"]
        prep.stop(
            message=self.env._(
                "%(name)s may be %(candidate)s of QuickBooks: %(reason)s.",
                name=self.display_name,
                candidate=likely.display_name,
                reason=dict(reasons._description_selection(self.env))[found.reason],
            ),
            todo=self.env._(
                'Link it, or create the customer as "%(name)s".',
                name=self._qbo_offered_name(prep.connection),
            ),
            **self._qbo_name_question(),
        )
        return True

    def _qbo_name_question(self):
        """Return what the problem is about that names the customer of this currency.

        The same one that a document in this currency has, see ``account.move``.

        :return: kind, key and record of a cause
        :rtype: dict
        """
        self.ensure_one()
        return {
            "kind": "currency",
            "key": self.partner_id._qbo_currency_key(self.currency_id),
            "res_model": self.partner_id._name,
            "res_id": self.partner_id.id,
        }

    def _qbo_offered_name(self, connection):
        """Return a name to offer that QuickBooks does not have yet.

        :rtype: str
        """
        usual = self._qbo_usual_name(self._qbo_own_name(connection))
        return self.partner_id._qbo_free_name(connection, usual)

    def _qbo_own_name(self, connection):
        partner = self.partner_id.with_company(connection.company_id)
        return display_name(partner.qbo_name or partner.name or "")

    def _qbo_create_as(self, connection, name):
        """Let it be made in QuickBooks under a name, whoever is alike there.

        :param str name: the name in QuickBooks
        :raise AccessError: for others than bookkeepers
        :raise UserError: QuickBooks has that name already
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        self.partner_id._qbo_check_free(connection, name)
        usual = self._qbo_usual_name(self._qbo_own_name(connection))
        self.sudo().write(
            {
                "qbo_name": name if name != usual else False,
                "new_in_realm": connection.realm_id,
            }
        )
        self.partner_id._qbo_release_waiting(connection)

    def _qbo_after_export(self, connection, binding, answer):
        result = super()._qbo_after_export(connection, binding, answer)
        self.env["qbo.reference"]._remember(connection, "customer", answer)
        return result
