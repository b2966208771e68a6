from datetime import timedelta, timezone

from odoo import fields, models

from ..quickbooks import jsonmoney
from .server_settings import vault

# A token with less than this left is renewed before it is used, so that it
# does not run out between two calls of one pass.
ACCESS_MARGIN = timedelta(minutes=5)
PENDING_LIFETIME = timedelta(minutes=15)


class QboToken(models.Model):
    """The secret half of a connection, in a row that nothing else writes.

    Intuit changes the refresh token about once a day and the old one dies. So
    this row is only written in a cursor of its own that commits at once
    (qbo_connection_tokens.py): neither a rollback of the caller nor a second
    worker can lose the newest value. Nobody has access rights; values are
    encrypted with a key that is not in the database.

    A pending row is an authorization that was given for another QuickBooks
    company than last time: it lies unused until a person decides, and is dropped
    after 15 minutes.
    """

    _name = "qbo.token"
    _description = "QuickBooks Tokens"
    _rec_name = "connection_id"
    _log_access = False

    connection_id = fields.Many2one(
        "qbo.connection", required=True, ondelete="cascade", groups=fields.NO_ACCESS
    )
    pending = fields.Boolean(groups=fields.NO_ACCESS)
    realm_id = fields.Char(required=True, groups=fields.NO_ACCESS)
    access_token_encrypted = fields.Char(required=True, groups=fields.NO_ACCESS)
    refresh_token_encrypted = fields.Char(required=True, groups=fields.NO_ACCESS)
    access_expires_at = fields.Datetime(required=True, groups=fields.NO_ACCESS)
    refresh_expires_at = fields.Datetime(required=True, groups=fields.NO_ACCESS)
    hard_expires_at = fields.Datetime(groups=fields.NO_ACCESS)
    refreshed_at = fields.Datetime(required=True, groups=fields.NO_ACCESS)
    company_info_text = fields.Text(groups=fields.NO_ACCESS)
    preferences_text = fields.Text(groups=fields.NO_ACCESS)

    _connection_uniq = models.Constraint(
        "UNIQUE(connection_id, pending)",
        "A connection has one pair of tokens, and one that waits for a decision.",
    )

    def _store(self, connection, realm_id: str, token_set, pending: bool = False):
        """Write a pair of tokens over what the connection has. Call it as superuser.

        :param token_set: quickbooks.TokenSet
        :return: the row
        """
        values = {
            "realm_id": realm_id,
            "access_token_encrypted": vault().encrypt(token_set.access_token),
            "refresh_token_encrypted": vault().encrypt(token_set.refresh_token),
            "access_expires_at": _naive_utc(token_set.access_expires_at),
            "refresh_expires_at": _naive_utc(token_set.refresh_expires_at),
            "refreshed_at": _naive_utc(token_set.received_at),
        }
        if token_set.hard_expires_at:
            values["hard_expires_at"] = _naive_utc(token_set.hard_expires_at)
        elif pending:
            # A new authorization without a known limit; a refresh keeps the known one.
            values["hard_expires_at"] = False
        token = self._of(connection, pending)
        if token:
            token.write(values)
            return token
        return self.create(
            {"connection_id": connection.id, "pending": pending, **values}
        )

    def _of(self, connection, pending: bool = False):
        """Return the row of a connection, or none. Call it as superuser."""
        return self.search(
            [("connection_id", "=", connection.id), ("pending", "=", pending)]
        )

    def _is_fresh(self) -> bool:
        """Whether the access token can be used for a pass."""
        return self.access_expires_at > fields.Datetime.now() + ACCESS_MARGIN

    def _is_stale(self) -> bool:
        """Whether tokens that wait for a decision have waited too long."""
        return self.refreshed_at < fields.Datetime.now() - PENDING_LIFETIME

    def _keep_facts(self, company_info: dict, preferences: dict) -> None:
        """Keep what was read of the company that the tokens open."""
        self.company_info_text = jsonmoney.dumps(company_info)
        self.preferences_text = jsonmoney.dumps(preferences)

    def _facts(self) -> tuple[dict, dict]:
        """Return (CompanyInfo, Preferences) of the company that the tokens open."""
        return (
            jsonmoney.loads(self.company_info_text or "{}"),
            jsonmoney.loads(self.preferences_text or "{}"),
        )

    def _access_token(self) -> str:
        """:raises KeyMissing, WrongKey: if the key that encrypted it is gone"""
        return vault().decrypt(self.access_token_encrypted)

    def _refresh_token(self) -> str:
        """:raises KeyMissing, WrongKey: if the key that encrypted it is gone"""
        return vault().decrypt(self.refresh_token_encrypted)


def _naive_utc(moment):
    """Odoo keeps UTC without a zone."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
