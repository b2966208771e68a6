from odoo.exceptions import UserError


class NotConnected(UserError):
    """There is no valid authorisation: never made, ended, or lost."""


class ListsBusy(UserError):
    """Another worker is retrieving the name lists of this connection."""
