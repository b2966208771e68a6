from psycopg2.errors import (
    DeadlockDetected,
    LockNotAvailable,
    SerializationFailure,
)

from odoo.exceptions import UserError

#: Somebody else's transaction was first: the same again in a new one succeeds.
CONFLICTS = (SerializationFailure, DeadlockDetected, LockNotAvailable)


class NotConnected(UserError):
    """There is no valid authorization: never made, ended, or lost."""


class KeysMissing(NotConnected):
    """The server has no keys of an Intuit app, or no longer has them."""


class NotConfirmed(NotConnected):
    """Connected, but nobody has said yet that it is the right QuickBooks company."""


class RealmBusy(Exception):
    """Another worker drains this QuickBooks company: told to programs, not people."""


class TakesLonger(Exception):
    """Somebody waits, and the time for it is over: told to programs, not people."""


class ListsBusy(UserError):
    """Another worker is retrieving the name lists of this connection."""
