from odoo import models

from .qbo_export import OPEN_STATES
from .roles import BOOKKEEPER


class ResPartner(models.Model):
    """Customers that QuickBooks may have already: nobody makes them unasked."""

    _inherit = "res.partner"

    def _qbo_is_needed(self, connection):
        """Whether a document waits for this customer.

        :rtype: bool
        """
        self.ensure_one()
        return bool(
            self.env["qbo.export"].search_count(
                [
                    ("connection_id", "=", connection.id),
                    ("state", "in", OPEN_STATES),
                    "|",
                    "&",
                    ("res_model", "!=", self._name),
                    ("partner_id", "=", self.id),
                    "&",
                    ("waits_for_id.res_model", "=", self._name),
                    ("waits_for_id.res_id", "=", self.id),
                ],
                limit=1,
            )
        )

    def _qbo_check_match(self, prep):
        """Stop a new customer that QuickBooks may have, until a person has decided.

        Whom a person ignores is not made because of an invoice either.

        :return: whether there is nothing to send: it is ignored and nothing needs it
        :rtype: bool
        """
        self.ensure_one()
        row = self.env["qbo.match"]._look_at_new(prep.connection, self)
        if not row:
            return False
        if row.decision == "ignore":
            if not self._qbo_is_needed(prep.connection):
                return True
            prep.stop(
                "customer",
                f"customer:ignored:{self.id}",
                self.env._(
                    "%(name)s is not linked to a QuickBooks customer.",
                    name=self.display_name,
                ),
                todo=self.env._(
                    "It is ignored in Match Customers. Link it, or create it in"
                    " QuickBooks."
                ),
                res_model=self._name,
                res_id=self.id,
            )
            return False
        prep.stop(
            "customer",
            f"customer:match:{self.id}",
            self._qbo_match_words(row),
            todo=self.env._("Decide in Match Customers, then press Apply decisions."),
            res_model=row._name,
            res_id=row._origin.id or 0,
        )
        return False

    def _qbo_match_words(self, row):
        """Say why a customer waits for a decision in Match Customers.

        :param row: its ``qbo.match``
        :rtype: str
        """
        if row.decision and (row.reference_id or row.decision != "link"):
            return self.env._(
                "The decision on %(name)s in Match Customers is not applied yet.",
                name=self.display_name,
            )
        if not row.reference_id:
            return self.env._(
                "%(name)s is to be linked, and no QuickBooks customer is chosen.",
                name=self.display_name,
            )
        reasons = dict(row._fields["reason"]._description_selection(self.env))
        return self.env._(
            "%(name)s may be %(candidate)s of QuickBooks: %(reason)s.",
            name=self.display_name,
            candidate=row.reference_id.display_name,
            reason=reasons[row.reason],
        )

    def _qbo_note_created(self, connection):
        """Note that a person wants these customers as new ones in QuickBooks."""
        if not connection.realm_id:
            return
        bindings = self.env["qbo.binding"]._find_many(connection, self._name, self.ids)
        partners = self.filtered(
            lambda partner: (
                partner == partner.commercial_partner_id and partner.id not in bindings
            )
        )
        self.env["qbo.match"]._note_decided(connection, partners, "create")

    def action_qbo_export_now(self):
        # "Add New External Customer" is the decision.
        if self.env.user.has_group(BOOKKEEPER):
            connection = self.env["qbo.connection"]._for_company(self.env.company)
            self._qbo_make_customer()
            self._qbo_note_created(connection)
        return super().action_qbo_export_now()
