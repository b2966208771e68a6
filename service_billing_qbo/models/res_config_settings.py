from urllib.parse import urlsplit

from odoo import api, fields, models

from .qbo_app import ENVIRONMENTS
from .qbo_connection import STATES
from .server_settings import encryption_key_place, server_setting

SECRETS = ("client_secret", "verifier_token")
ON_SERVER = {
    "client_id": "qbo_client_id_on_server",
    "client_secret": "qbo_client_secret_on_server",
    "verifier_token": "qbo_verifier_on_server",
}


class ResConfigSettings(models.TransientModel):
    """Block "QuickBooks Online" of Settings > Service Billing.

    No field is a column of this table: what is typed goes straight to
    ``qbo.app`` and ``qbo.connection``, so that no secret stays behind in the
    rows of settings that were saved before.
    """

    _inherit = "res.config.settings"

    qbo_connection_id = fields.Many2one(
        "qbo.connection", compute="_compute_qbo_connection"
    )
    qbo_state = fields.Selection(
        STATES, string="Connection", compute="_compute_qbo_connection"
    )
    qbo_company_name = fields.Char(related="qbo_connection_id.qbo_company_name")
    qbo_reconnect_due = fields.Boolean(related="qbo_connection_id.reconnect_due")
    qbo_environment_locked = fields.Boolean(related="qbo_connection_id.locked")
    qbo_environment = fields.Selection(
        ENVIRONMENTS,
        string="Environment",
        compute="_compute_qbo_connection",
        inverse="_inverse_qbo_environment",
        readonly=False,
    )
    qbo_client_id = fields.Char(
        string="Client ID",
        compute="_compute_qbo_app",
        inverse="_inverse_qbo_app",
        readonly=False,
    )
    qbo_client_secret = fields.Char(
        string="Client Secret",
        compute="_compute_qbo_app",
        inverse="_inverse_qbo_app",
        readonly=False,
    )
    qbo_client_secret_set_at = fields.Datetime(compute="_compute_qbo_app")
    qbo_verifier_token = fields.Char(
        string="Webhook Verifier Token",
        compute="_compute_qbo_app",
        inverse="_inverse_qbo_app",
        readonly=False,
    )
    qbo_verifier_token_set_at = fields.Datetime(compute="_compute_qbo_app")
    qbo_client_secret_hint = fields.Char(
        string="Client secret, hint", compute="_compute_qbo_app"
    )
    qbo_verifier_token_hint = fields.Char(
        string="Verifier token, hint", compute="_compute_qbo_app"
    )
    qbo_client_id_on_server = fields.Boolean(compute="_compute_qbo_app")
    qbo_client_secret_on_server = fields.Boolean(compute="_compute_qbo_app")
    qbo_verifier_on_server = fields.Boolean(compute="_compute_qbo_app")
    qbo_secrets_unreadable = fields.Boolean(compute="_compute_qbo_app")
    qbo_keys_missing = fields.Boolean(compute="_compute_qbo_app")
    qbo_redirect_uri = fields.Char(
        string="Redirect URI", compute="_compute_qbo_addresses"
    )
    qbo_webhook_url = fields.Char(
        string="Webhook URL", compute="_compute_qbo_addresses"
    )
    qbo_launch_url = fields.Char(string="Launch URL", compute="_compute_qbo_addresses")
    qbo_disconnect_url = fields.Char(
        string="Disconnect URL", compute="_compute_qbo_addresses"
    )
    qbo_reconnect_url = fields.Char(
        string="Reconnect URL", compute="_compute_qbo_addresses"
    )
    qbo_insecure = fields.Boolean(compute="_compute_qbo_security")
    qbo_on_localhost = fields.Boolean(
        compute="_compute_qbo_security",
        help="The addresses are good for trying out: Intuit takes them in a sandbox.",
    )
    qbo_key_place = fields.Selection(
        [
            ("environment", "In the server's environment"),
            ("odoo.conf", "In odoo.conf"),
            ("named_file", "In the file that the server's configuration names"),
            ("file", "In a file of Odoo's data folder"),
        ],
        string="Encryption key",
        compute="_compute_qbo_addresses",
    )

    @api.depends("company_id")
    def _compute_qbo_connection(self):
        connections = self.env["qbo.connection"].sudo()
        for settings in self:
            connection = connections.search(
                [("company_id", "=", settings.company_id.id)]
            )
            settings.qbo_connection_id = connection
            settings.qbo_state = connection.state or "not_configured"
            settings.qbo_environment = connection.environment or "sandbox"

    def _inverse_qbo_environment(self):
        connections = self.env["qbo.connection"].sudo()
        for settings in self:
            connection = connections.search(
                [("company_id", "=", settings.company_id.id)]
            )
            if connection.environment == settings.qbo_environment:
                continue
            values = {"environment": settings.qbo_environment}
            if connection:
                connection.write(values)
            elif settings.qbo_environment != "sandbox":
                connections.create({**values, "company_id": settings.company_id.id})

    @api.depends("qbo_environment")
    def _compute_qbo_app(self):
        for settings in self:
            environment = settings.qbo_environment
            app = self.env["qbo.app"].sudo().search([("environment", "=", environment)])
            for name, flag in ON_SERVER.items():
                settings[flag] = bool(server_setting(name, environment))
            unreadable = app._unreadable_secrets(environment)
            settings.qbo_secrets_unreadable = bool(unreadable)
            settings.qbo_keys_missing = not self.env["qbo.app"]._has_keys(environment)
            settings.qbo_client_id = app.client_id
            settings.qbo_client_secret = False
            settings.qbo_client_secret_set_at = app.client_secret_set_at
            settings.qbo_verifier_token = False
            settings.qbo_verifier_token_set_at = app.verifier_token_set_at
            for name in SECRETS:
                is_set = bool(app[f"{name}_set_at"])
                hint = self._secret_hint(is_set, name in unreadable)
                settings[f"qbo_{name}_hint"] = hint

    @api.model
    def _secret_hint(self, is_set: bool, is_unreadable: bool) -> str:
        if is_unreadable:
            return self.env._("Cannot be read, enter it again")
        return self.env._("Set, not shown") if is_set else self.env._("Not set")

    def _inverse_qbo_app(self):
        """Keep what changed; an empty secret means "as it was"."""
        for settings in self:
            apps = self.env["qbo.app"].sudo()
            app = apps.search([("environment", "=", settings.qbo_environment)])
            values = {}
            if settings.qbo_client_id != app.client_id:
                values["client_id"] = settings.qbo_client_id
            for name in SECRETS:
                if typed := settings[f"qbo_{name}"]:
                    values[name] = typed
            if values:
                (app or apps._of(settings.qbo_environment)).write(values)

    @api.depends("company_id")
    def _compute_qbo_addresses(self):
        base = self.env["qbo.connection"].get_base_url()
        for settings in self:
            settings.qbo_redirect_uri = f"{base}/service_billing_qbo/callback"
            settings.qbo_webhook_url = f"{base}/service_billing_qbo/webhook"
            settings.qbo_launch_url = f"{base}/service_billing_qbo/launch"
            settings.qbo_disconnect_url = f"{base}/service_billing_qbo/disconnected"
            settings.qbo_reconnect_url = f"{base}/service_billing_qbo/reconnect"
            settings.qbo_key_place = encryption_key_place()

    @api.depends("company_id", "qbo_environment")
    def _compute_qbo_security(self):
        address = urlsplit(self.env["qbo.connection"].get_base_url())
        is_http = address.scheme != "https"
        for settings in self:
            is_sandbox = settings.qbo_environment == "sandbox"
            is_fit = is_http and is_sandbox and address.hostname == "localhost"
            settings.qbo_on_localhost = is_fit
            settings.qbo_insecure = is_http and not is_fit

    def action_qbo_test(self):
        """Button "Test" of the block."""
        return self._qbo_own_connection().action_test()

    def action_qbo_refresh_references(self):
        """Button "Refresh Account Mappings" of the block."""
        return self._qbo_own_connection().action_refresh_references()

    def _qbo_own_connection(self):
        """Return the connection of the current company, with the user's own rights."""
        connections = self.env["qbo.connection"]
        connections.check_access("read")
        return connections._ensure_own(self.env.company).sudo(False)

    def action_qbo_configuration(self):
        """Open the Configuration of the current company."""
        return self.env["qbo.connection"].action_open_configuration()
