from odoo import api, fields, models

from .qbo_exceptions import NotConfirmed
from .roles import ADMINISTRATOR, check_role


class QboConnection(models.Model):
    """Nothing goes into books that nobody has looked at.

    Whoever authorizes chooses the QuickBooks company at Intuit's page, where a wrong
    choice is one click. What is sent to the wrong books stays in them. So exports to
    a company that this connection did not use before are held until a person has
    seen its name and said that it is the right one. Reading is allowed meanwhile:
    the lists, and Test, help to see whether it is.
    """

    _inherit = "qbo.connection"

    confirmed_realm_id = fields.Char(
        readonly=True,
        copy=False,
        help="The QuickBooks company that a person has said is the right one.",
    )
    company_confirmed = fields.Boolean(
        compute="_compute_company_confirmed",
        help="Exports go to the QuickBooks company that is connected now.",
    )

    @api.depends("realm_id", "confirmed_realm_id")
    def _compute_company_confirmed(self):
        for connection in self:
            connection.company_confirmed = bool(
                connection.realm_id
                and connection.realm_id == connection.confirmed_realm_id
            )

    def _may_send(self) -> bool:
        """Whether exports may go to QuickBooks now, as far as people decide it."""
        self.ensure_one()
        return self.state == "connected" and not self.paused and self.company_confirmed

    def _awaits_confirmation(self) -> bool:
        """Whether a person has to say that the connected company is the right one."""
        self.ensure_one()
        return self.state == "connected" and not self.company_confirmed

    def _check_confirmed(self) -> None:
        """:raises NotConfirmed: with what a person has to do before anything goes"""
        self.ensure_one()
        if self._awaits_confirmation():
            words = self._confirmation_words()
            if not self.env.user.has_group(ADMINISTRATOR):
                words = f"{words} {self._ask_words()}"
            raise NotConfirmed(words)

    def _confirmation_words(self) -> str:
        return self.env._(
            "Nothing is sent before a QuickBooks administrator confirms that "
            "%(quickbooks)s is the right company.",
            quickbooks=self.qbo_company_name,
        )

    def _confirm_company(self, realm_id: str) -> bool:
        """A person says that the connected company is the right one: exports go.

        :param realm_id: the company that the person was shown; perhaps an old page
        :return: whether it is the one that is connected
        """
        self.ensure_one()
        with self._own_env() as env:
            connection = self.with_env(env)
            is_shown = connection.state == "connected"
            is_shown = is_shown and connection.realm_id == realm_id
            if is_shown and not connection.company_confirmed:
                connection.confirmed_realm_id = realm_id
                connection._message_log(
                    body=env._(
                        "%(user)s confirmed that %(quickbooks)s is the right company.",
                        user=env.user.name,
                        quickbooks=connection.qbo_company_name,
                    )
                )
                connection._follow_problem()
                env["qbo.export"]._wake(connection)
                env["qbo.live"]._tell_changed(connection._name, connection.ids)
        self.invalidate_recordset(flush=False)
        return is_shown

    def action_confirm_company(self):
        """Button "This is the right company".

        :raise AccessError: for others than QuickBooks administrators
        :raise NotConnected: when no company is connected
        """
        self.ensure_one()
        check_role(self.env, ADMINISTRATOR)
        self._check_connected()
        self.sudo()._confirm_company(self.realm_id)
        return True

    @api.depends("company_confirmed")
    def _compute_alerts(self):
        return super()._compute_alerts()

    def _get_alerts(self):
        alerts = super()._get_alerts()
        if self._awaits_confirmation():
            alerts["confirm_company"] = {
                "level": "warning",
                "message": self.env._(
                    "Confirm that %(quickbooks)s is the right company. "
                    "Nothing is sent before.",
                    quickbooks=self.qbo_company_name,
                ),
            }
            if self.env.user.has_group(ADMINISTRATOR):
                alerts["confirm_company"] |= {
                    "action_text": self.env._("This is the right company"),
                    "action_call": [self._name, "action_confirm_company", self.ids],
                }
        return alerts

    def _why_held(self):
        if self._awaits_confirmation():
            return self._confirmation_words()
        return super()._why_held()
