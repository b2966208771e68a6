"""What went wrong with QuickBooks, in words for the person who pressed a button."""

from contextlib import contextmanager

from odoo import models
from odoo.exceptions import UserError

from ..quickbooks import (
    AuthenticationFailed,
    ClientRefused,
    GrantRefused,
    InsecureAddress,
    LimitReached,
    NotAuthorized,
    QuickBooksError,
    Refused,
    Throttled,
    VaultError,
)
from .error_words import words_of
from .qbo_exceptions import KeysMissing


class QboConnection(models.Model):
    _inherit = "qbo.connection"

    @contextmanager
    def _telling_failures(self):
        """Let what fails within end in a message, as far as people can do something.

        What Odoo must do again (a row that somebody else wrote) passes.

        :raises NotConnected: with what a person has to do
        :raises UserError: with what was found, and what to do
        """
        self.ensure_one()
        try:
            yield
        except (QuickBooksError, VaultError) as error:
            message = " ".join(self._words_for_failed_sign_in(error))
            raise UserError(message) from error

    def _words_for_failed_sign_in(self, error: Exception) -> tuple[str, str]:
        """Return what was found, and what to do."""
        if self._ends_authorization(error):
            todo = self.env._("Fix the cause, or connect to QuickBooks again.")
            return self._reason_of(error), todo
        found = words_of(self.env, error)
        if isinstance(error, Refused):
            return found, self.env._("Look into it in QuickBooks, then try again.")
        if isinstance(error, InsecureAddress):
            todo = self.env._("A system administrator must mend it on the server.")
            return found, todo
        return found, self.env._("Try again in a few minutes.")

    def _is_silence(self, error: Exception) -> bool:
        """Whether QuickBooks gave no answer that tells anything."""
        told = (Refused, InsecureAddress, Throttled, LimitReached)
        return not self._ends_authorization(error) and not isinstance(error, told)

    def _ends_authorization(self, error: Exception) -> bool:
        """Whether people must act before QuickBooks can be used again."""
        return isinstance(
            error,
            (
                AuthenticationFailed,
                NotAuthorized,
                GrantRefused,
                ClientRefused,
                VaultError,
            ),
        )

    def _reason_of(self, error: Exception) -> str:
        """Say in a sentence for people why an authorization cannot be used."""
        if isinstance(error, ClientRefused):
            return self.env._(
                "Intuit refuses the Client ID and Client Secret. "
                "A system administrator must check them in Settings."
            )
        if isinstance(error, VaultError):
            return self.env._(
                "The key that encrypts the tokens is missing or has changed. "
                "A system administrator must bring it back, or connect again."
            )
        if isinstance(error, KeysMissing):
            return self._keys_missing_text()
        if isinstance(error, GrantRefused):
            return self.env._(
                "The authorization has expired or was ended in QuickBooks."
            )
        return self.env._(
            "QuickBooks no longer gives access to this company, perhaps because the "
            "person who connected is no longer an administrator of it."
        )

    def _keys_unreadable_words(self) -> tuple[str, str]:
        """Return what was found, and what to do, when no stored secret can be read."""
        return (
            self.env._("The key that encrypts the app keys is missing or has changed."),
            self.env._(
                "A system administrator must bring it back on the server, or enter the "
                "app keys again in Settings > Service Billing."
            ),
        )
