from odoo.exceptions import UserError


class NotConnected(UserError):
    """There is no valid authorisation: never made, ended, or lost."""


class NotConfirmed(NotConnected):
    """Connected, but nobody has said yet that it is the right QuickBooks company."""


class ListsBusy(UserError):
    """Another worker is retrieving the name lists of this connection."""
