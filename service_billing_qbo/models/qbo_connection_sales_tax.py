import logging

from odoo import api, fields, models

from .qbo_connection_checks import _percent

_logger = logging.getLogger(__name__)

SALES_TAX_ACTIVITY = "service_billing_qbo.mail_activity_sales_tax"


class QboConnection(models.Model):
    """The default sales tax of both sides: compared daily and before exports.

    Only what is kept is compared, no network. A difference is told once, stays on the
    Configuration page, and ends by itself when both are equal again. It stops nothing:
    each document's own totals are compared, too.
    """

    _inherit = "qbo.connection"

    sales_tax_told = fields.Char(readonly=True, copy=False)

    def _sales_tax_difference(self):
        """Return what differs, in words; empty when the default taxes are equal.

        :rtype: str
        """
        self.ensure_one()
        prefs = self._prefs()
        ours = self._default_odoo_rate()
        if self.tax_model == "us_none":
            has_item = self._mappings(
                [("kind", "=", "item"), ("res_model", "=", "account.tax")]
            ).reference_id
            if not ours or has_item:
                return ""
            return self.env._(
                "Odoo's default sales tax is %(odoo)s, and sales tax is off in"
                " QuickBooks.",
                odoo=_percent(ours),
            )
        if not prefs.default_tax_code_id:
            return ""
        theirs = self._kept_rate(prefs.default_tax_code_id)
        if theirs is None or (ours or 0) == theirs:
            return ""
        return self.env._(
            "The default sales tax is %(odoo)s in Odoo, %(quickbooks)s in QuickBooks.",
            odoo=_percent(ours),
            quickbooks=_percent(theirs),
        )

    def _watch_sales_tax(self):
        """Tell people once of a difference, and close that when it is gone."""
        self.ensure_one()
        found = self._sales_tax_difference()
        if found == (self.sales_tax_told or ""):
            return
        self.sales_tax_told = found
        if not found:
            self.activity_feedback(
                [SALES_TAX_ACTIVITY],
                feedback=self.env._("The default sales tax is equal in both."),
            )
            return
        self._tell_people(
            SALES_TAX_ACTIVITY,
            self.env._(
                "%(company)s: the default sales tax differs from QuickBooks",
                company=self.company_id.name,
            ),
            self.env._(
                "%(difference)s Make it equal in both, or totals may differ.",
                difference=found,
            ),
        )

    def _look_after(self):
        result = super()._look_after()
        if self.state == "connected":
            with self._own_env() as env:
                self.with_env(env)._watch_sales_tax()
        return result

    def _get_alerts(self):
        alerts = super()._get_alerts()
        if self.state == "connected" and (found := self._sales_tax_difference()):
            alerts["sales_tax"] = {"level": "warning", "message": found}
        return alerts


class QboExport(models.Model):
    _inherit = "qbo.export"

    @api.model
    def _prepare_batches(self, connection, call_count, only_ids=None):
        prepared = super()._prepare_batches(connection, call_count, only_ids)
        batches, _looked_at = prepared
        if batches:
            self._watch_sales_tax_safely(connection)
        return prepared

    @api.model
    def _watch_sales_tax_safely(self, connection):
        """Compare before an export; whatever is wrong with telling stops none."""
        try:
            with self.env.cr.savepoint():
                connection._watch_sales_tax()
        except Exception:
            # The documents go all the same: their own totals are compared.
            _logger.exception("Connection %s: sales tax not compared", connection.id)
