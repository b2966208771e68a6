from odoo import api, models


class QboConnection(models.Model):
    """Branches: companies below another, whose documents go through its connection.

    As with accounts and taxes in Odoo, a branch uses what the company above it has,
    until it is connected to a QuickBooks company of its own; from then on it never
    falls back, also when it is disconnected. What is about one document belongs to the
    branch's people, what is about the connection to its company's.
    """

    _inherit = "qbo.connection"

    @api.model
    def _ensure_own(self, company):
        """Return the company's own connection as superuser, made when there is none."""
        connections = self.sudo()
        own = connections.search([("company_id", "=", company.id)])
        return own or connections.create({"company_id": company.id})

    def _companies(self):
        """Return the companies whose documents go here: its own and its branches.

        :rtype: res.company
        """
        self.ensure_one()
        family = (
            self.env["res.company"]
            .sudo()
            .search([("id", "child_of", self.company_id.id)])
        )
        return family.filtered(
            lambda one: one == self.company_id or self._for_company(one) == self
        )

    def _company_of(self, record):
        """Return whose people may see what becomes of a record: a branch's its own.

        What several companies share (a customer, an item) is the connection's.

        :param record: of a model that inherits ``qbo.exportable``
        :rtype: res.company
        """
        own, company = record.company_id.sudo(), self.company_id
        is_of_branch = own and own != company and company in own.parent_ids
        return own if is_of_branch else company

    def _used_instead(self):
        """Return the connection through which this branch's documents go, if not this.

        :rtype: qbo.connection
        """
        self.ensure_one()
        used = self._for_company(self.company_id)
        return used - self

    def _get_alerts(self):
        alerts = super()._get_alerts()
        if used := self._used_instead():
            alerts.pop("no_credentials", None)
            alerts["branch"] = {
                "level": "info",
                "message": self.env._(
                    "%(branch)s is a branch of %(company)s: its invoices go to "
                    "%(quickbooks)s through the connection of %(company)s, until it is "
                    "connected to a QuickBooks company of its own.",
                    branch=self.company_id.name,
                    company=used.company_id.name,
                    quickbooks=used.qbo_company_name,
                ),
                "action_text": self.env._("Open"),
                "action": used.action_open_own_configuration(),
            }
        return alerts
