from babel.dates import format_timedelta

from odoo import fields, models
from odoo.tools import babel_locale_parse

from .qbo_connection_checks import Facts

WEBHOOK = "/service_billing_qbo/webhook"


class QboConnection(models.Model):
    """Test, what concerns notifications of QuickBooks."""

    _inherit = "qbo.connection"

    def _checks(self):
        label = self.env._("Webhook")
        return [*super()._checks(), ("webhook", label, self._check_webhook)]

    def _check_webhook(self, _facts: Facts):
        """Without notifications changes are seen within the hour, not at once."""
        seen_at = self.env["qbo.change.state"]._of(self).webhook_seen_at
        if seen_at:
            locale = babel_locale_parse(self.env.lang or "en_US")
            age = format_timedelta(fields.Datetime.now() - seen_at, locale=locale)
            return "passed", self.env._("Seen %(age)s ago.", age=age), ""
        if not self._has_verifier_token():
            return (
                "warning",
                self.env._("No verifier token: changes are read once an hour."),
                self.env._(
                    "A system administrator enters the Webhook Verifier Token in "
                    "Settings > Service Billing."
                ),
                "settings",
            )
        return (
            "warning",
            self.env._("Nothing came yet: changes are read once an hour."),
            self.env._(
                "Register %(address)s for webhooks in Intuit's portal.",
                address=self.get_base_url() + WEBHOOK,
            ),
            "settings",
        )

    def _has_verifier_token(self) -> bool:
        """Whether notifications can be verified; one that cannot be read is none."""
        apps = self.env["qbo.app"]
        if "verifier_token" in apps._unreadable_secrets(self.environment):
            return False
        return bool(apps._verifier_token(self.environment))
