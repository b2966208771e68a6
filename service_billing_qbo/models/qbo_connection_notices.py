from odoo import models
from odoo.tools import format_date

from .counted import counted
from .roles import ADMINISTRATOR

LOST_ACTIVITY = "service_billing_qbo.mail_activity_connection_lost"
RECONNECT_ACTIVITY = "service_billing_qbo.mail_activity_reconnect"


class QboConnection(models.Model):
    """What people are told: once an event, closed when it is mended."""

    _inherit = "qbo.connection"

    def _administrators(self):
        """Return the QuickBooks administrators of this company, as superuser."""
        return self._people(ADMINISTRATOR)

    def _people(self, role):
        """Return the people of this company with a role, as superuser.

        :param str role: a group, see roles.py
        """
        group = self.env.ref(role).sudo()
        people = group.all_user_ids.filtered(
            lambda user: (
                user.active
                and user != self.env.ref("base.user_root")
                and self.company_id in user.company_ids
            )
        )
        return people.sorted("id")

    def _responsible(self):
        """Return who gets the activity: who connected, else the first administrator."""
        administrators = self._administrators()
        connected_by = self.connected_by_id & administrators
        return connected_by or administrators[:1]

    def _tell_people(self, activity_type: str, subject: str, text: str) -> None:
        """Send one message to the administrators and give one of them an activity.

        :param activity_type: xmlid; an open activity of that type is not doubled
        """
        people = self._administrators()
        self.message_post(
            subject=subject,
            body=text,
            partner_ids=people.partner_id.ids,
            author_id=self.env.ref("base.partner_root").id,
        )
        # The message has gone out already: the activity sends no second one.
        quietly = self.with_context(mail_activity_quick_update=True)
        if not quietly.activity_search([activity_type]):
            quietly.activity_schedule(
                activity_type,
                summary=subject,
                note=text,
                user_id=self._responsible().id or self.env.uid,
            )

    def _tell_lost(self, reason: str) -> None:
        self._tell_people(
            LOST_ACTIVITY,
            self.env._(
                "%(company)s: the connection to QuickBooks is lost",
                company=self.company_id.name,
            ),
            " ".join(
                filter(
                    None,
                    [
                        reason,
                        self._connect_words(),
                        self.env._("Posting goes on, and the exports wait."),
                    ],
                )
            ),
        )

    def _tell_reconnect_due(self, days: int) -> None:
        self._tell_people(
            RECONNECT_ACTIVITY,
            counted(
                days,
                self.env._(
                    "%(company)s: connect to QuickBooks again within 1 day",
                    company=self.company_id.name,
                ),
                self.env._(
                    "%(company)s: connect to QuickBooks again within %(days)s days",
                    company=self.company_id.name,
                    days=days,
                ),
            ),
            self.env._(
                "Intuit ends every authorization five years after it was given, this "
                "one on %(date)s. Connect again before, and nothing is interrupted.",
                date=format_date(self.env, self.reconnect_by),
            ),
        )

    def _tell_connected(self) -> None:
        self.activity_feedback(
            [LOST_ACTIVITY, RECONNECT_ACTIVITY], feedback=self.env._("Connected.")
        )
        self._message_log(
            body=self.env._(
                "%(user)s connected %(quickbooks)s.",
                user=self.env.user.name,
                quickbooks=self.qbo_company_name,
            )
        )

    def _tell_recovered(self) -> None:
        feedback = self.env._("The connection works again.")
        self.activity_feedback([LOST_ACTIVITY], feedback=feedback)
        self._message_log(body=feedback)

    def _tell_disconnected(self) -> None:
        self.activity_unlink([LOST_ACTIVITY, RECONNECT_ACTIVITY])
        self._message_log(
            body=self.env._("%(user)s disconnected.", user=self.env.user.name)
        )
