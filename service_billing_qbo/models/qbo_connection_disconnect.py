import logging

from odoo import models
from odoo.exceptions import UserError

from ..quickbooks import GrantRefused, QuickBooksError, VaultError
from .exchange_recorder import ExchangeRecorder

_logger = logging.getLogger(__name__)


class QboConnection(models.Model):
    """Signing out: the authorization ends at Intuit, the tokens are forgotten."""

    _inherit = "qbo.connection"

    def _disconnect(self) -> bool:
        """End the authorization at Intuit and forget the tokens; everything else stays.

        First here, then there, with nothing locked: whatever becomes of the call,
        nothing more is sent to QuickBooks.

        :return: whether Intuit confirmed; if not, a person should remove the app there
        """
        self.ensure_one()
        with self._token_lock(), self._own_env() as env:
            connection = self.with_env(env)
            tokens = env["qbo.token"].search([("connection_id", "=", self.id)])
            grants = connection._grants_of(tokens)
            tokens.unlink()
            connection._set_state(
                "disconnected" if connection.connected_at else "not_connected",
                state_before=False,
                reconnect_needed=False,
                attempt_hash=False,
            )
            connection._tell_disconnected()
        self.invalidate_recordset(flush=False)
        return self._revoke(grants)

    def _forget_unused_realm(self) -> None:
        """After a wrong choice at the first try: the next company is no other one.

        And whichever comes next, a person has to say that it is the right one.
        """
        with self._own_env() as env:
            connection = self.with_env(env)
            connection.confirmed_realm_id = False
            if connection.state == "disconnected" and not connection._exported_count(
                connection.realm_id
            ):
                connection.realm_id = False
        self.invalidate_recordset(flush=False)

    def _grants_of(self, tokens) -> list[str | None]:
        """Return the refresh tokens whose authorization can be ended.

        Not that of a company which another connection uses: Intuit ends an app's
        access as a whole. None for one that can no longer be decrypted.
        """
        own = tokens.filtered(lambda token: not self._other_owner_of(token.realm_id))
        grants = []
        for token in own:
            try:
                grants.append(token._refresh_token())
            except VaultError as error:
                _logger.info("A token of connection %s is lost: %s", self.id, error)
                grants.append(None)
        return grants

    def _revoke(self, grants: list[str | None]) -> bool:
        """Tell Intuit that authorizations end; whether it confirmed each.

        Network: call it with no transaction open that others wait for.
        """
        recorder = ExchangeRecorder()
        try:
            return all([self._revoke_one(grant, recorder) for grant in grants])
        finally:
            self._record_exchanges(recorder, "disconnect")

    def _revoke_one(self, grant: str | None, recorder: ExchangeRecorder) -> bool:
        if grant is None:
            return False
        try:
            self._oauth_client(recorder).revoke(grant)
        except GrantRefused:
            _logger.info(
                "The authorization of connection %s had ended before.", self.id
            )
        except (QuickBooksError, VaultError, UserError) as error:
            _logger.info(
                "Intuit did not confirm the end of connection %s: %s", self.id, error
            )
            return False
        return True
