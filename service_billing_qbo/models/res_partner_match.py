from odoo import models

from .roles import BOOKKEEPER


class ResPartner(models.Model):
    """Customers that QuickBooks may have already: nobody makes them unasked."""

    _inherit = "res.partner"

    def _qbo_undecided_match(self, connection):
        """Return the row of Match Customers that a person still has to decide on.

        A decision to link counts once it is applied: until then the customer would
        be made a second time.

        :rtype: qbo.match
        """
        return (
            self.env["qbo.match"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", connection.id),
                    ("realm_id", "=", connection.realm_id),
                    ("partner_id", "in", self.ids),
                    ("reference_id", "!=", False),
                    ("applied_at", "=", False),
                    ("decision", "in", (False, "link")),
                ]
            )
        )

    def _qbo_check_match(self, prep):
        """Stop a new customer that QuickBooks may have, until a person has decided."""
        self.ensure_one()
        row = self.env["qbo.match"]._look_at_new(prep.connection, self)
        if not row:
            return
        reasons = dict(row._fields["reason"]._description_selection(self.env))
        prep.stop(
            "customer",
            f"customer:match:{self.id}",
            self.env._(
                "%(name)s may be %(candidate)s of QuickBooks: %(reason)s.",
                name=self.display_name,
                candidate=row.reference_id.display_name,
                reason=reasons[row.reason],
            ),
            todo=self.env._("Decide in Match Customers, then press Apply decisions."),
            res_model=row._name,
            res_id=row.id,
        )

    def action_qbo_export_now(self):
        # "Add New External Customer" is the decision.
        if self.env.user.has_group(BOOKKEEPER):
            connection = self.env["qbo.connection"]._for_company(self.env.company)
            self._qbo_undecided_match(connection)._decide("create")
        return super().action_qbo_export_now()
