"""How people get to the list of customers to match, and what it says at a glance."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .roles import BOOKKEEPER


class QboMatch(models.Model):
    _inherit = "qbo.match"

    mark = fields.Selection(
        [
            ("confident", "Confident"),
            ("review", "To review"),
            ("no_match", "No match"),
            ("link", "Link"),
            ("create", "Create"),
            ("ignore", "Ignore"),
        ],
        string="Status",
        compute="_compute_mark",
    )
    # By what a person tells whether they are the same.
    partner_email = fields.Char("E-mail", related="partner_id.email")
    reference_email = fields.Char(
        "E-mail in QuickBooks", compute="_compute_reference_email"
    )

    @api.depends("match", "decision")
    def _compute_mark(self):
        """Show how like they are until a person decides, then the decision."""
        for row in self:
            likeness = "no_match" if row.match == "none" else row.match
            row.mark = row.decision or likeness

    @api.depends("reference_id.details_text")
    def _compute_reference_email(self):
        for row in self:
            reference = row.reference_id
            row.reference_email = reference._details().get("email") if reference else ""

    @api.model
    def action_open(self):
        """Compare the customers anew with what is known of QuickBooks, and show them.

        Who may only read sees the list as it was made last.

        :raise AccessError: for others than bookkeepers and auditors
        :raise NotConnected: when there is no QuickBooks company to compare with
        :raise UserError: when the customers of that company were never read: each of
            ours would look like a new one
        """
        self.check_access("read")
        connections = self.env["qbo.connection"]
        if self.env.user.has_group(BOOKKEEPER):
            connection = connections._ensure_for_company(self.env.company)
            self._make_anew(connection)
        else:
            connection = connections._for_company(self.env.company)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "service_billing_qbo.qbo_match_action"
        )
        action["domain"] = [
            ("connection_id", "=", connection.id),
            ("realm_id", "=", connection.realm_id or ""),
        ]
        return action

    @api.model
    def _make_anew(self, connection):
        connection._check_connected()
        if not connection.people_checked_at:
            if connection.people_failure:
                raise UserError(connection._unread_words())
            raise UserError(
                self.env._(
                    "QuickBooks' customers have not been read yet. Try again in a "
                    "moment, or press Refresh Account Mappings."
                )
            )
        self._find_matches(connection)

    @api.model
    def list_sentence(self):
        """Return what stands above the list: how many are how like.

        :return: a sentence, empty when nothing is left to decide
        :rtype: str
        """
        connection = self.env["qbo.connection"]._for_company(self.env.company)
        groups = self._read_group(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id or ""),
                ("applied_at", "=", False),
            ],
            ["match"],
            ["__count"],
        )
        if not groups:
            return ""
        counts = dict(groups)
        return self.env._(
            "%(confident)s confident, %(review)s to review, %(none)s without match."
            " Tick several to decide on all of them at once.",
            confident=counts.get("confident", 0),
            review=counts.get("review", 0),
            none=counts.get("none", 0),
        )
