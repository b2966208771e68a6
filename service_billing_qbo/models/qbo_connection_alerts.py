"""The alerts of the Configuration: what stands in the way, and the way on."""

from datetime import timedelta

from odoo import api, fields, models

from .roles import ADMINISTRATOR
from .short_date import short_date

SYSTEM = "base.group_system"
#: Within so many days of Intuit's limit people are offered to connect again.
OFFERED_BEFORE = timedelta(days=30)


class QboConnection(models.Model):
    _inherit = "qbo.connection"

    alerts = fields.Json(compute="_compute_alerts")
    reconnect_due = fields.Boolean(
        compute="_compute_reconnect_due",
        help="It works, but Intuit ends it soon: who connects again now has no gap.",
    )

    @api.depends("state", "reconnect_by")
    def _compute_reconnect_due(self):
        soon = fields.Datetime.now() + OFFERED_BEFORE
        for connection in self:
            until = connection.reconnect_by
            is_soon = bool(until) and until < soon
            connection.reconnect_due = connection.state == "connected" and is_soon

    @api.depends("state", "state_reason", "paused", "accounting_vendor")
    @api.depends_context("uid", "lang")
    def _compute_alerts(self):
        for connection in self:
            connection.alerts = connection._get_alerts() or False

    def _get_alerts(self):
        """Return the alerts of the Configuration screen, worst first.

        :return: alerts as ``actionable_errors`` shows them
        :rtype: dict[str, dict]
        """
        self.ensure_one()
        alerts = {}
        if alert := self._state_alert():
            alerts[self._state_alert_key()] = alert
        if self.state == "connected" and not self.env["qbo.export"]._has_lanes():
            alerts["lanes_off"] = {
                "level": "warning",
                "message": self._lanes_off_words(),
            }
        if self.reconnect_due:
            alerts["reconnect_due"] = self._reconnect_alert()
        if self.paused:
            alerts["paused"] = {
                "level": "warning",
                "message": self.env._(
                    "Exporting is paused. Invoices are still queued; "
                    "nothing is sent until you resume."
                ),
            }
        return alerts

    def _state_alert_key(self) -> str:
        never = ("not_configured", "not_connected")
        return "no_credentials" if self.state in never else self.state

    def _state_alert(self) -> dict | None:
        """Return the alert about where the connection stands, if it does not work."""
        if self.state == "connected":
            return None
        words = {
            "connecting": [
                self.env._("Finish in the QuickBooks window, or start again."),
                self._unknown_keys_words(),
            ],
            "wrong_company": [
                self.state_reason
                or self.env._("Another QuickBooks company was authorized."),
                self.env._("Nothing is sent."),
            ],
            "disconnected": [
                self._not_connected_problem(),
                self._connect_words(),
                self.env._("Posting goes on, and the exports wait."),
            ],
            "lost": [
                self._not_connected_problem(),
                self.state_reason,
                self._connect_words(),
                self.env._("Posting goes on, and the exports wait."),
            ],
        }.get(self.state, [self._not_connected_problem(), self._connect_words()])
        grave = self.state in ("lost", "wrong_company")
        return {
            "level": "danger" if grave else "info",
            "message": " ".join(filter(None, words)),
            **self._alert_link(),
        }

    def _unknown_keys_words(self) -> str:
        """Intuit says it in its window only: here it is said what it means."""
        return self.env._(
            "If that window says that the client_id is not known, check the keys in "
            "Settings."
        )

    def _alert_link(self) -> dict:
        """Return the link to the place where the reader can go on, if there is one."""
        if self.state == "not_configured" and self.accounting_vendor != "none":
            if not self.env.user.has_group(SYSTEM):
                return {}
            return {
                "action_text": self.env._("Settings"),
                "action": self._open_app_keys(),
            }
        if self.state == "wrong_company" and self.env.user.has_group(ADMINISTRATOR):
            return {
                "action_text": self.env._("Choose"),
                "action": self._window_action("choose"),
            }
        # Else the button above is the way on: it saves what is edited before.
        return {}

    def _reconnect_alert(self) -> dict:
        return {
            "level": "warning",
            "message": self.env._(
                "Intuit ends this authorization on %(date)s. Connect again before, and "
                "nothing is interrupted.",
                date=short_date(self.env, self.reconnect_by),
            ),
        }

    def _window_action(self, step: str) -> dict:
        """Return the action that opens a page of ours in a window of its own.

        :param step: "connect" or "choose", see controllers/oauth.py
        """
        return {
            "type": "ir.actions.act_url",
            "url": f"/service_billing_qbo/{step}/{self.id}",
            "target": "new",
        }
