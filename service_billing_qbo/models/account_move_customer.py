from odoo import models

from ..mappers.outcome import NeedsFirst


class AccountMove(models.Model):
    """Which QuickBooks customer a document belongs to: one of its currency."""

    _inherit = "account.move"

    def _qbo_customer(self):
        """Return who is the customer in QuickBooks.

        As the contact is now: Odoo keeps on the document who it was when the document
        was made, also when that one belongs to another company since.

        :rtype: res.partner
        """
        return self.commercial_partner_id.commercial_partner_id

    def _qbo_customer_binding(self, connection):
        """Return the link of the customer in the document's currency.

        :return: ``qbo.binding``, empty when QuickBooks has no such customer yet
        """
        self.ensure_one()
        bindings = self.env["qbo.binding"]
        customer = self._qbo_customer()
        first = bindings._find(connection, customer, "Customer")
        if not first or not self._qbo_is_other_currency(connection, first):
            return first
        other = self._qbo_currency_customer(connection)
        return bindings._find(connection, other, "Customer") if other else bindings

    def _qbo_customer_first(self, prep):
        """Return the link of the document's customer, noting what is wrong with it.

        :return: ``qbo.binding``, empty when a cause was noted
        :raise NeedsFirst: the customer is not in QuickBooks yet
        """
        binding = self._qbo_customer_binding(prep.connection)
        if binding:
            return binding
        customer = self._qbo_customer()
        first = self.env["qbo.binding"]._find(prep.connection, customer, "Customer")
        if not first:
            prep.check()
            raise NeedsFirst(customer)
        other = self._qbo_currency_customer(
            prep.connection, make=prep.connection.currency_customers
        )
        if other:
            prep.check()
            raise NeedsFirst(other)
        self._qbo_stop_currency(prep, first)
        return binding

    def _qbo_currency_customer(self, connection, make=False):
        """Return the row that stands for the customer in the document's currency."""
        return self.env["qbo.currency.customer"]._of(
            connection, self._qbo_customer(), self.currency_id, make
        )

    def _qbo_is_other_currency(self, connection, binding):
        """Tell whether a QuickBooks customer has another currency than the document.

        :rtype: bool
        """
        if not connection._prefs().multi_currency:
            return False
        theirs = self.env["qbo.reference"]._currency_of(connection, binding.qbo_id)
        return bool(theirs) and theirs != self.currency_id.name

    def _qbo_stop_currency(self, prep, binding):
        """Stop a document in another currency than its customer has for ever."""
        customer = self._qbo_customer()
        theirs = self.env["qbo.reference"]._currency_of(prep.connection, binding.qbo_id)
        prep.stop(
            "currency",
            customer._qbo_currency_key(self.currency_id),
            self.env._(
                "%(customer)s is in %(theirs)s in QuickBooks, the invoice in %(ours)s.",
                customer=customer.display_name,
                theirs=theirs,
                ours=self.currency_id.name,
            ),
            todo=self.env._(
                "Choose a QuickBooks customer of that currency, or have one made for"
                " each currency (Configuration)."
            ),
            res_model=customer._name,
            res_id=customer.id,
        )
