"""What becomes of links, exports and choices when contacts are merged or deleted.

They point to their record by model and id, which Odoo neither moves nor deletes.
"""

from odoo import api, models
from odoo.exceptions import UserError

from .qbo_export import OPEN_STATES

# Only these are sure not to be in QuickBooks under the id that is about to go.
_SETTLED_STATES = tuple(set(OPEN_STATES) - {"sending", "checking"})


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.ondelete(at_uninstall=False)
    def _qbo_forget_deleted(self):
        """Leave nothing behind that would keep its QuickBooks customer taken."""
        self._qbo_check_nothing_under_way()
        of_these = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        for model in ("qbo.binding", "qbo.mapping"):
            self.env[model].sudo().search(of_these).unlink()
        self._qbo_cancel_open_exports()

    def _qbo_check_nothing_under_way(self):
        """The answer to what is being sent is written down under the present id.

        :raise UserError: QuickBooks is being told of one of these just now
        """
        under_way = self._qbo_own_exports(("sending", "checking"))
        if under_way:
            raise UserError(
                self.env._(
                    "%(names)s: QuickBooks is being told just now. Try again in a"
                    " minute.",
                    names=", ".join(under_way.mapped(lambda row: row.reference or "")),
                )
            )

    def _qbo_own_exports(self, states):
        return (
            self.env["qbo.export"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "in", states),
                ]
            )
        )

    def _qbo_cancel_open_exports(self):
        """Give up what was not sent; what waited for it is judged anew."""
        given_up = self._qbo_own_exports((*_SETTLED_STATES, "excluded"))
        if not given_up:
            return
        followers = given_up.search(
            [("waits_for_id", "in", given_up.ids), ("state", "in", OPEN_STATES)]
        )
        given_up.write({"state": "cancelled", "waits_for_id": False})
        given_up.flush_recordset()
        self.env["qbo.problem"].sudo()._settled(given_up.ids)
        followers._release()

    def _qbo_take_over_currencies(self, others):
        """Be in each currency what ``others`` were; one's own wins.

        Before Odoo moves the rows themselves, and deletes those that are in the way.
        """
        rows = self.env["qbo.currency.customer"].sudo()
        taken = {
            (row.company_id, row.currency_id)
            for row in rows.search([("partner_id", "=", self.id)])
        }
        for row in rows.search([("partner_id", "in", others.ids)], order="id"):
            key = (row.company_id, row.currency_id)
            if key in taken:
                of_row = [("res_model", "=", row._name), ("res_id", "=", row.id)]
                self.env["qbo.binding"].sudo().search(of_row).unlink()
                self.env["qbo.export"].sudo().search(
                    [*of_row, ("state", "in", (*OPEN_STATES, "excluded"))]
                ).state = "cancelled"
                row.unlink()
            taken.add(key)

    def _qbo_take_over(self, others):
        """Be in QuickBooks what ``others``, merged into this one, were there.

        A link, choice or open export of one's own wins in its QuickBooks company.
        """
        self.ensure_one()
        (self + others)._qbo_check_nothing_under_way()
        second = self._qbo_take_rows(
            others, "qbo.binding", ("connection_id", "realm_id", "entity")
        )
        for connection, names in second.items():
            self.message_post(
                body=self.env._(
                    "QuickBooks (%(company)s) still has more than one customer for"
                    " this contact: %(ids)s is no longer used by Odoo. Merge them"
                    " there as well.",
                    company=connection.company_id.name,
                    ids=", ".join(names),
                )
            )
        self._qbo_take_rows(
            others,
            "qbo.mapping",
            ("connection_id", "realm_id", "kind", "billing_type"),
        )
        others._qbo_cancel_open_exports()
        moved = {"res_id": self.id}
        others._qbo_own_exports(("exported", "cancelled")).write(moved)
        self._qbo_own_exports(_SETTLED_STATES)._release()

    def _qbo_take_rows(self, others, model, place):
        """Move rows of ``others`` to this one where it has none in their place.

        :param place: fields that may hold the same only once for a record
        :return: QuickBooks Ids of links that went, by connection
        :rtype: dict
        """
        rows = self.env[model].sudo()
        domain = [("res_model", "=", self._name)]
        taken = {
            tuple(row[name] for name in place): row
            for row in rows.search([*domain, ("res_id", "=", self.id)])
        }
        gone = {}
        for row in rows.search([*domain, ("res_id", "in", others.ids)], order="id"):
            kept = taken.setdefault(tuple(row[name] for name in place), row)
            if kept == row:
                row.res_id = self.id
                continue
            # Several contacts may have been linked to one customer of QuickBooks.
            if model == "qbo.binding" and kept.qbo_id != row.qbo_id:
                gone.setdefault(row.connection_id, []).append(row.qbo_id)
            row.unlink()
        return gone
