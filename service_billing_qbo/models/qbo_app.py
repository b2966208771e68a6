import logging
from dataclasses import dataclass, field

from odoo import api, fields, models

from ..quickbooks import VaultError
from .server_settings import server_setting, vault

_logger = logging.getLogger(__name__)

ENVIRONMENTS = [("sandbox", "Sandbox"), ("production", "Production")]
SECRET_NAMES = ("client_secret", "verifier_token")


@dataclass(frozen=True)
class AppKeys:
    """Keys of an Intuit app as they are used; their values never show in a log.

    `source` tells who set the client ID: "server", "database" or None.
    """

    client_id: str | None
    client_secret: str | None = field(repr=False)
    source: str | None

    @property
    def complete(self) -> bool:
        """Whether a connection can be made with them."""
        return bool(self.client_id and self.client_secret)


class QboApp(models.Model):
    """Keys of the Intuit app, one row an environment, for all companies.

    Only system administrators come here. Secrets can be written, never read:
    what is stored is encrypted and closed to everybody, what is shown is the
    day on which it was set. What the server's configuration says wins.
    """

    _name = "qbo.app"
    _description = "Intuit App Keys"
    _rec_name = "environment"

    environment = fields.Selection(ENVIRONMENTS, required=True)
    client_id = fields.Char(string="Client ID")
    client_secret = fields.Char(
        compute="_compute_secrets",
        inverse="_inverse_client_secret",
        help="Write only. Leave it empty to keep the stored one.",
    )
    client_secret_encrypted = fields.Char(groups=fields.NO_ACCESS, copy=False)
    client_secret_set_at = fields.Datetime(readonly=True, copy=False)
    verifier_token = fields.Char(
        string="Webhook Verifier Token",
        compute="_compute_secrets",
        inverse="_inverse_verifier_token",
        help="Write only. Leave it empty to keep the stored one.",
    )
    verifier_token_encrypted = fields.Char(groups=fields.NO_ACCESS, copy=False)
    verifier_token_set_at = fields.Datetime(readonly=True, copy=False)

    _environment_uniq = models.Constraint(
        "UNIQUE(environment)", "Each environment has one set of app keys."
    )

    def _compute_secrets(self):
        for name in SECRET_NAMES:
            self[name] = False

    def _inverse_client_secret(self):
        self._store_secret("client_secret")

    def _inverse_verifier_token(self):
        self._store_secret("verifier_token")

    def _store_secret(self, name: str) -> None:
        """Encrypt what was typed; nothing typed keeps the stored secret."""
        for app in self.filtered(name):
            app.sudo().write(
                {
                    f"{name}_encrypted": vault().encrypt(app[name].strip()),
                    f"{name}_set_at": fields.Datetime.now(),
                }
            )

    @api.model_create_multi
    def create(self, vals_list):
        apps = super().create(vals_list)
        apps._forget_typed_secrets()
        self.env["qbo.connection"]._app_keys_changed()
        return apps

    def write(self, vals):
        result = super().write(vals)
        self._forget_typed_secrets()
        if {"client_id", "client_secret_encrypted"} & set(vals):
            self.env["qbo.connection"]._app_keys_changed()
        return result

    def _forget_typed_secrets(self) -> None:
        # Else the answer to the form that saved them would send them back.
        self.invalidate_recordset(SECRET_NAMES, flush=False)

    @api.model
    def _of(self, environment: str):
        """Return the row of an environment, made when it is missing, as superuser."""
        apps = self.sudo()
        return apps.search([("environment", "=", environment)]) or apps.create(
            {"environment": environment}
        )

    @api.model
    def _keys(self, environment: str) -> AppKeys:
        """Return the keys in force for an environment.

        :raises KeyMissing, WrongKey: if a stored secret cannot be decrypted
        """
        app = self.sudo().search([("environment", "=", environment)])
        from_server = server_setting("client_id", environment)
        client_id = from_server or app.client_id or None
        return AppKeys(
            client_id=client_id,
            client_secret=app._secret("client_secret", environment),
            source="server" if from_server else "database" if client_id else None,
        )

    @api.model
    def _verifier_token(self, environment: str) -> str | None:
        """Return the verifier token of an environment's webhooks.

        Apart from the keys, so that one that cannot be read stops no connection.

        :raises KeyMissing, WrongKey: if the stored one cannot be decrypted
        """
        app = self.sudo().search([("environment", "=", environment)])
        return app._secret("verifier_token", environment)

    @api.model
    def _has_keys(self, environment: str) -> bool:
        """Whether a connection can be made, told without opening any secret."""
        app = self.sudo().search([("environment", "=", environment)])
        return bool(
            (server_setting("client_id", environment) or app.client_id)
            and (
                server_setting("client_secret", environment)
                or app.client_secret_encrypted
            )
        )

    @api.model
    def _unreadable_secrets(self, environment: str) -> set[str]:
        """Return the names of the secrets that are kept but cannot be decrypted."""
        app = self.sudo().search([("environment", "=", environment)])
        unreadable = set()
        for name in SECRET_NAMES:
            try:
                app._secret(name, environment)
            except VaultError as error:
                _logger.info("%s of %s cannot be read: %s", name, environment, error)
                unreadable.add(name)
        return unreadable

    def _secret(self, name: str, environment: str) -> str | None:
        from_server = server_setting(name, environment)
        if from_server:
            return from_server
        encrypted = self[f"{name}_encrypted"]
        return vault().decrypt(encrypted) if encrypted else None
