from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError

from .qbo_app import ENVIRONMENTS
from .qbo_exceptions import NotConnected

STATES = [
    ("not_configured", "Not configured"),
    ("not_connected", "Not connected"),
    ("disconnected", "Disconnected"),
    ("connecting", "Connecting"),
    ("connected", "Connected"),
    ("lost", "Connection lost"),
    ("wrong_company", "Wrong company"),
]
# While one of these holds, vendor, type and environment stay as they are.
LOCKING_STATES = {"connected", "lost", "wrong_company"}
LOCKED_FIELDS = {"accounting_vendor", "connection_type", "environment"}
# Facts that only the methods of the connection may set, never a form or an import.
OWN_FIELDS = {
    "company_id",
    "state",
    "state_reason",
    "state_changed_at",
    "state_before",
    "reconnect_needed",
    "attempt_hash",
    "connected_by_id",
    "connected_at",
    "realm_id",
    "qbo_company_name",
    "qbo_country",
    "qbo_plan",
    "home_currency_id",
    "company_info_text",
    "preferences_text",
    "facts_checked_at",
    "references_checked_at",
    "people_checked_at",
    "people_failure",
    "people_failure_count",
    "lists_asked",
    "earlier_left_until",
    "reconnect_warned_days",
    "confirmed_realm_id",
    "looked_after_at",
    "looked_after_run",
}
ATTEMPT_LIFETIME = timedelta(minutes=10)


class QboConnection(models.Model):
    """One Odoo company's authorized link to one QuickBooks company (realm).

    States: *not configured* (no vendor or no app keys), *not connected* (never
    authorized), *connecting* (a person is at Intuit's page, 10 minutes at most),
    *wrong company* (another realm than last time was authorized and waits for
    a decision), *connected*, *lost* (the authorization ended without us),
    *disconnected* (a person ended it). Everything but the tokens outlives a
    disconnection; what belongs to a realm (references, mappings, bindings) is
    kept by realm, so that the same one goes on and another starts empty.

    This file holds what people set and what is shown. Tokens, sign-in, facts,
    test and housekeeping are in the other files of the name qbo_connection_*.
    """

    _name = "qbo.connection"
    _description = "QuickBooks Connection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    accounting_vendor = fields.Selection(
        [("none", "None"), ("quickbooks", "QuickBooks")],
        required=True,
        default="none",
        tracking=True,
    )
    connection_type = fields.Selection(
        [("online", "Online Edition")], required=True, default="online", tracking=True
    )
    environment = fields.Selection(
        ENVIRONMENTS, required=True, default="sandbox", tracking=True
    )

    state = fields.Selection(
        STATES, required=True, default="not_configured", readonly=True, copy=False
    )
    state_reason = fields.Char(readonly=True, copy=False)
    state_changed_at = fields.Datetime(readonly=True, copy=False)
    state_before = fields.Selection(
        STATES,
        readonly=True,
        copy=False,
        help="Where an attempt to connect falls back to when it comes to nothing.",
    )
    reconnect_needed = fields.Boolean(
        readonly=True,
        copy=False,
        help="Lost for good: only a new authorization helps, trying again does not.",
    )
    attempt_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    connection_authorized = fields.Boolean(compute="_compute_connection_authorized")
    authorized_checked_at = fields.Datetime(compute="_compute_token_dates")
    reconnect_by = fields.Datetime(
        "Reconnect by",
        compute="_compute_token_dates",
        help="Intuit's hard limit: five years after a person authorized.",
    )
    lapses_at = fields.Datetime(
        compute="_compute_token_dates",
        help="An unused authorization ends then; every use starts the time again.",
    )
    connected_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    connected_at = fields.Datetime(
        readonly=True, copy=False, help="Last time that a person authorized."
    )

    use_classes = fields.Boolean(
        tracking=True, help="Send a QuickBooks class with the lines."
    )
    allow_overrides = fields.Boolean(
        tracking=True,
        help="Customers and invoice lines may differ from the default item and class.",
    )
    paused = fields.Boolean(
        tracking=True,
        copy=False,
        help="Invoices are still queued; nothing is sent until you resume.",
    )
    export_from = fields.Date(
        string="Export invoices dated from",
        tracking=True,
        copy=False,
        help="By invoice date. Earlier ones go only when you export them yourself.",
    )
    closed_books_policy = fields.Selection(
        [("wait", "Wait"), ("first_open_day", "First open day")],
        string="When the books are closed",
        required=True,
        default="wait",
        tracking=True,
        help="Wait: the export waits until the books are opened. First open day: "
        "QuickBooks gets it dated the day after the closing date. Odoo keeps its "
        "date, so revenue and sales tax fall into another period than in Odoo.",
    )
    unmapped_term_policy = fields.Selection(
        [("problem", "Stop the invoice"), ("due_date", "Due date only")],
        string="Terms without a QuickBooks term",
        required=True,
        default="problem",
        tracking=True,
        help="Stop the invoice: it waits, with a problem, until a term is chosen. Due "
        "date only: it goes with its due date and without a term.",
    )

    realm_id = fields.Char(readonly=True, copy=False, index="btree_not_null")
    reference_ids = fields.One2many("qbo.reference", "connection_id")

    _company_uniq = models.Constraint(
        "UNIQUE(company_id)", "An Odoo company has one connection."
    )
    _realm_uniq = models.UniqueIndex(
        "(realm_id) WHERE state IN ('connected', 'lost')",
        "A QuickBooks company serves one Odoo company only.",
    )

    @api.depends("state")
    def _compute_connection_authorized(self):
        for connection in self:
            connection.connection_authorized = connection.state == "connected"

    @api.depends("facts_checked_at")
    def _compute_token_dates(self):
        """The dates are no secret, the row that holds them is."""
        tokens = {
            token.connection_id.id: token
            for token in self.env["qbo.token"]
            .sudo()
            .search([("connection_id", "in", self.ids), ("pending", "=", False)])
        }
        for connection in self:
            token = tokens.get(connection.id, self.env["qbo.token"].sudo())
            # Written apart, for the row of the tokens has one writer only.
            used = (token.refreshed_at, token and connection.facts_checked_at)
            connection.authorized_checked_at = max(filter(None, used), default=False)
            connection.reconnect_by = token.hard_expires_at
            connection.lapses_at = token.refresh_expires_at

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_own_fields(vals)
        # The row is made when somebody first looks: nothing has happened to be told.
        quiet = super(QboConnection, self.with_context(mail_create_nolog=True))
        connections = quiet.create(vals_list).with_env(self.env)
        connections._update_configured()
        return connections

    def write(self, vals):
        self._check_own_fields(vals)
        changed = {
            name
            for name in LOCKED_FIELDS & set(vals)
            if any(connection[name] != vals[name] for connection in self)
        }
        if changed and any(connection._is_locked() for connection in self):
            raise UserError(self.env._("Disconnect first to change this."))
        result = super().write(vals)
        if changed:
            self._update_configured()
        return result

    @api.constrains("export_from")
    def _check_export_from(self) -> None:
        """Without that day nothing that is posted would go, and nobody would see it."""
        if any(one.connected_at and not one.export_from for one in self):
            raise ValidationError(
                self.env._(
                    "Enter the day from which invoices are exported: without it no "
                    "invoice goes to QuickBooks. To send none for a while, press Pause "
                    "exporting."
                )
            )

    def _is_locked(self) -> bool:
        """Whether vendor, type and environment stay as they are.

        Also while somebody connects anew: the tokens of before are still there.
        """
        self.ensure_one()
        return bool(LOCKING_STATES & {self.state, self.state_before})

    def _check_own_fields(self, vals) -> None:
        if not self.env.su and OWN_FIELDS & set(vals):
            raise AccessError(
                self.env._("The state of a connection cannot be set by hand.")
            )

    @api.model
    def _for_company(self, company):
        """Return the connection of a company as superuser, or none; one query.

        A branch whose own was never connected uses that of the nearest company
        above it that has been.

        :param company: res.company
        """
        line = company.sudo().parent_ids.ids or company.ids
        found = self.sudo().search_fetch(
            [("company_id", "in", line)],
            ["company_id", "accounting_vendor", "export_from", "state", "realm_id"],
        )
        nearest_first = found.sorted(
            lambda connection: line.index(connection.company_id.id), reverse=True
        )
        own = found.filtered(lambda connection: connection.company_id == company)
        return (nearest_first.filtered("realm_id") or own)[:1]

    @api.model
    @tools.ormcache("company_id")
    def _known_realm(self, company_id: int) -> tuple[int, str] | None:
        """Return (id, realm, perhaps empty) of a company's connection, or None."""
        connection = self._for_company(self.env["res.company"].browse(company_id))
        return (connection.id, connection.realm_id or "") if connection else None

    @api.model
    def _ensure_for_company(self, company):
        """Return the connection of a company as superuser, made when there is none."""
        return self._for_company(company) or self.sudo().create(
            {"company_id": company.id}
        )

    def _exports_documents(self) -> bool:
        """Whether what is posted goes to QuickBooks, now or when it can."""
        return bool(self.accounting_vendor == "quickbooks" and self.export_from)

    def _check_connected(self) -> None:
        """:raises NotConnected: with what a person has to do"""
        self.ensure_one()
        if self.state == "connected":
            return
        reason = self.state_reason or self._default_reason()
        words = [self._not_connected_problem(), reason, self._connect_words()]
        raise NotConnected(" ".join(filter(None, words)))

    def _not_connected_problem(self) -> str:
        """Return in a sentence that nothing can be sent: not yet, or not any more."""
        if self.connected_at:
            return self.env._("The QuickBooks account is not connected.")
        return self.env._("There are currently no connection credentials available.")

    def _default_reason(self) -> str:
        if self.state == "wrong_company":
            return self.env._(
                "Another QuickBooks company was authorized; choose first."
            )
        if self.state == "connecting":
            return self.env._("Finish in the QuickBooks window.")
        return ""

    def _connect_words(self) -> str:
        """Return what an administrator has to press; empty where that is no help.

        Apart from the reason, which people read who cannot connect.
        """
        if self.state == "not_configured":
            return self._configure_words()
        if self.state == "lost" and not self.reconnect_needed:
            return self.env._("Odoo tries again each hour; Test tries at once.")
        helps = self.state in ("not_connected", "disconnected", "lost")
        return self.env._("Press Connect to QuickBooks.") if helps else ""

    def _configure_words(self) -> str:
        """Return what is to be done before a connection is possible at all."""
        if self.accounting_vendor == "none":
            return self.env._("Choose QuickBooks in Configuration > Edit.")
        return self.env._(
            "You need the keys of an Intuit app. A system administrator enters them in "
            "Settings > Service Billing."
        )

    @api.model
    def _app_keys_changed(self) -> None:
        """Keys of the Intuit app came or went: connections become possible or not."""
        users = self.sudo().search([("accounting_vendor", "!=", "none")])
        users._update_configured()
        if lost := users.filtered(
            lambda user: user.state == "lost" and not user.reconnect_needed
        ):
            # Perhaps it was for the keys: what they open is tried now, not in an hour.
            lost._housekeeping_at(fields.Datetime.now())

    def _update_configured(self) -> None:
        """Follow vendor and app keys. Without keys an authorization is of no use."""
        for connection in self.sudo():
            if connection.state == "connected" and not connection._is_configured():
                connection._lose_without_keys()
            if connection._is_locked():
                continue
            ready = connection._is_configured()
            if not ready:
                state = "not_configured"
            elif connection.state == "not_configured":
                state = "disconnected" if connection.connected_at else "not_connected"
            else:
                continue
            connection._set_state(state)

    def _lose_without_keys(self) -> None:
        """The app's keys are gone; housekeeping goes on when they are back."""
        reason = self._keys_missing_text()
        self._set_state("lost", reason, reconnect_needed=False)
        self._tell_lost(reason)

    def _is_configured(self) -> bool:
        """A vendor is chosen and everything is there that an authorization needs.

        Addons with other vendors extend it.
        """
        return self.accounting_vendor == "quickbooks" and self.env["qbo.app"]._has_keys(
            self.environment
        )

    def _set_state(self, state: str, reason: str = "", **values) -> None:
        """Go to a state. Every change of state passes here, as superuser.

        :param reason: one sentence for people, shown beside "not connected"
        :param values: further facts to write in the same moment
        """
        self.ensure_one()
        before = self.state
        self.write(
            {
                "state": state,
                "state_reason": reason,
                "state_changed_at": fields.Datetime.now(),
                **values,
            }
        )
        if before != state:
            self._state_changed(before, state)

    def _state_changed(self, before: str, state: str) -> None:
        """Hook: what else follows when the state changed. Called in its transaction.

        :param before: the state until now
        :param state: the state from now on
        """
