"""What the screens show about a connection, in words, and what their buttons do.

The facts themselves (state, realm, preferences) and every change of them are
in ``qbo_connection.py``; nothing here decides anything about QuickBooks.
"""

from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools import babel_locale_parse, format_datetime, format_list

from .counted import counted
from .qbo_exceptions import NotConnected
from .qbo_export import OPEN_STATES
from .roles import ADMINISTRATOR, BOOKKEEPER, check_role
from .short_date import short_date


class QboConnection(models.Model):
    _inherit = "qbo.connection"

    locked = fields.Boolean(
        compute="_compute_locked",
        help="Vendor and type cannot change while a QuickBooks company is connected.",
    )
    authorized_text = fields.Char(compute="_compute_authorized_text")
    stop_warning = fields.Char(compute="_compute_stop_warning")
    waiting_count = fields.Integer(compute="_compute_export_counts")
    problem_count = fields.Integer(compute="_compute_export_counts")
    lapse_text = fields.Char(compute="_compute_lapse_text")

    @api.depends("state")
    def _compute_locked(self):
        for connection in self:
            connection.locked = connection._is_locked()

    @api.depends("state", "state_changed_at", "authorized_checked_at")
    def _compute_authorized_text(self):
        for connection in self:
            connection.authorized_text = connection._authorized_words()

    def _authorized_words(self):
        """Return Yes or No with what a reader must know to believe it.

        :rtype: str
        """
        self.ensure_one()
        if self.state == "connected":
            if not self.authorized_checked_at:
                return self.env._("Yes")
            age = fields.Datetime.now() - self.authorized_checked_at
            if age < timedelta(minutes=1):
                return self.env._("Yes, checked just now")
            locale = babel_locale_parse(self.env.lang or "en_US")
            return self.env._(
                "Yes, checked %(duration)s ago",
                duration=format_timedelta(age, locale=locale),
            )
        if self.state == "lost" and self.state_changed_at:
            # Why is in the alert above it.
            since = short_date(self.env, self.state_changed_at)
            return self.env._("No, since %(date)s", date=since)
        return self.env._("No")

    @api.depends("accounting_vendor")
    def _compute_stop_warning(self):
        for connection in self:
            before = connection._origin
            stops = (
                before.accounting_vendor == "quickbooks"
                and connection.accounting_vendor == "none"
            )
            count = stops and before._count_unsent()
            connection.stop_warning = stops and counted(
                count,
                self.env._(
                    "Stop using QuickBooks? 1 waiting export will not be sent; links "
                    "are kept."
                ),
                self.env._(
                    "Stop using QuickBooks? %(count)s waiting exports will not be "
                    "sent; links are kept.",
                    count=count,
                ),
            )

    def _count_unsent(self) -> int:
        """Count what would not be sent: also what waits for a person."""
        self.ensure_one()
        unsent = [("connection_id", "=", self.id), ("state", "in", OPEN_STATES)]
        return self.env["qbo.export"].search_count(unsent)

    def _compute_export_counts(self):
        waiting = dict(
            self.env["qbo.export"]._read_group(
                [
                    ("connection_id", "in", self.ids),
                    ("state", "in", self._open_states()),
                ],
                ["connection_id"],
                ["__count"],
            )
        )
        problems = dict(
            self.env["qbo.problem"]._read_group(
                [("connection_id", "in", self.ids), ("closed_at", "=", False)],
                ["connection_id"],
                ["__count"],
            )
        )
        for connection in self:
            connection.waiting_count = waiting.get(connection._origin, 0)
            connection.problem_count = problems.get(connection._origin, 0)

    @api.model
    def _open_states(self):
        """Return the states of an export that will go without a person's help."""
        return ["waiting", "sending", "retry", "checking"]

    @api.depends("state")
    def _compute_lapse_text(self):
        now = fields.Datetime.now()
        for connection in self:
            days = connection.lapses_at and max((connection.lapses_at - now).days, 0)
            connection.lapse_text = connection.lapses_at and counted(
                days,
                self.env._("lapses in 1 day if unused"),
                self.env._("lapses in %(days)s days if unused", days=days),
            )

    def _state_changed(self, before, state):
        result = super()._state_changed(before, state)
        self.env["qbo.live"]._tell_changed(self._name, self.ids)
        return result

    def _check_connected(self):
        try:
            return super()._check_connected()
        except NotConnected as error:
            if self.env.user.has_group(ADMINISTRATOR):
                raise
            raise NotConnected(self._not_connected_words()) from error

    def _not_connected_words(self):
        """Return why nothing can be sent, for those who cannot connect themselves.

        :rtype: str
        """
        self.ensure_one()
        ask = self.env._("Ask %(people)s.", people=self._administrator_names())
        words = [self._not_connected_problem(), self.state_reason, ask]
        return " ".join(filter(None, words))

    def _why_held(self):
        """Return why nothing at all is sent now; empty when it is.

        :rtype: str
        """
        self.ensure_one()
        if self.paused:
            return self.env._("Exporting to QuickBooks is paused.")
        if self.state == "connected":
            return self._why_pausing()
        problem = self.env._("The QuickBooks account is not connected.")
        return " ".join(filter(None, [problem, self.state_reason]))

    def _lanes_off_words(self) -> str:
        return self.env._(
            "The scheduled actions that export to QuickBooks are switched off, as in a "
            "neutralised copy of a database."
        )

    def _why_pausing(self):
        """Return until when QuickBooks is left alone; empty when it is not.

        :rtype: str
        """
        if not self.env["qbo.export"]._has_lanes():
            return self._lanes_off_words()
        drain = (
            self.env["qbo.drain"]
            .sudo()
            .search_fetch(
                [
                    ("connection_id", "=", self.id),
                    ("resume_at", ">", fields.Datetime.now()),
                ],
                ["resume_at"],
            )
        )
        if not drain:
            return ""
        return self.env._(
            "QuickBooks cannot take anything just now. The next try is at %(time)s.",
            time=format_datetime(self.env, drain.resume_at),
        )

    def _ask_words(self) -> str:
        """Say whom to ask; apart from what is the matter, for it costs some queries."""
        return self.env._("Ask %(people)s.", people=self._administrator_names())

    def _administrator_names(self):
        """Return who can connect this company, in words.

        :rtype: str
        """
        names = self._administrators().mapped("name")
        return format_list(self.env, names, style="or") or self.env._(
            "a QuickBooks administrator"
        )

    # Buttons -----------------------------------------------------------------

    @api.model
    def action_open_configuration(self):
        """Open the Configuration of the current company, making it at first."""
        self.check_access("read")
        connection = self._ensure_own(self.env.company).sudo(False)
        return connection.action_open_own_configuration()

    def action_open_own_configuration(self):
        """Open the Configuration of this connection."""
        self.ensure_one()
        view = self.env.ref("service_billing_qbo.qbo_connection_view_form")
        return self._get_records_action(
            name=self.env._("Configuration"),
            views=[(view.id, "form")],
            # So that its address can be kept and reloaded.
            path="quickbooks-configuration",
        )

    def action_edit(self):
        """Open the dialog in which the connection is set up."""
        self.ensure_one()
        view = self.env.ref("service_billing_qbo.qbo_connection_view_form_edit")
        return self._get_records_action(
            name=self.env._("Edit Accounting Integration"),
            target="new",
            views=[(view.id, "form")],
        )

    def action_pause(self):
        """Keep queueing, send nothing."""
        self.paused = True

    def action_resume(self):
        """Send again what was queued meanwhile."""
        self.paused = False
        for connection in self:
            self.env["qbo.export"]._wake(connection)

    def action_view_waiting(self):
        """Open the exports that wait for their turn."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "service_billing_qbo.qbo_export_action"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        action["context"] = {"search_default_underway": 1}
        return action

    def action_view_problems(self):
        """Open the causes that stop exports."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "service_billing_qbo.qbo_problem_action"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        return action

    def action_test(self):
        """Ask QuickBooks once and show the checks with what to do.

        :raise UserError: when this company was never connected, or is not now
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        if self.state != "lost":
            self._check_connected()
        reads = []
        rows = self.sudo().with_context(qbo_metered_reads=reads)._run_test()
        if not any(row.status in ("failed", "not_checked") for row in rows):
            # The test has just kept facts in this row, by a cursor of its own: a write
            # from here would come too late, however often the request is repeated.
            with self._own_env() as env:
                self.with_env(env).tested_at = fields.Datetime.now()
            self.invalidate_recordset(flush=False)
        wizard = self.env["qbo.test"]._of_rows(self, rows, sum(reads))
        return wizard._get_records_action(
            name=self.env._("Test"),
            target="new",
            context={"dialog_size": "extra-large"},
        )

    # Called by the Disconnect button (static/src/connection) -------------------

    def disconnect_question(self):
        """Return what the user is asked before the company is disconnected.

        :rtype: str
        """
        self.ensure_one()
        check_role(self.env, ADMINISTRATOR)
        names = {
            "company": self.company_id.name,
            "quickbooks": self.qbo_company_name,
        }
        question = self.env._(
            "Disconnect %(company)s from %(quickbooks)s? Settings, mappings and links "
            "are kept.",
            **names,
        )
        count = self._count_unsent()
        waiting = counted(
            count,
            self.env._("1 export is not in QuickBooks yet and stays waiting."),
            self.env._(
                "%(count)s exports are not in QuickBooks yet and stay waiting.",
                count=count,
            ),
        )
        if not count:
            waiting = self.env._("No export waits.")
        return " ".join([question, waiting, self.env._("Posting goes on.")])

    def disconnect_from_quickbooks(self):
        """Disconnect, and return the message that says so.

        :rtype: str
        """
        self.ensure_one()
        check_role(self.env, ADMINISTRATOR)
        quickbooks = self.qbo_company_name
        confirmed = self._disconnect()
        message = self.env._(
            "%(company)s is disconnected from %(quickbooks)s. "
            "All other settings are unchanged.",
            company=self.company_id.name,
            quickbooks=quickbooks,
        )
        if not confirmed:
            message += " " + self.env._(
                "Intuit did not confirm: remove the app in QuickBooks under Apps."
            )
        return message
