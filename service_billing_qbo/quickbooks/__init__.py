"""A client for QuickBooks Online. Plain Python: nothing in here imports Odoo.

Start at ``client`` for the calls, ``errors`` for what may go wrong and ``faults`` for
what to do then.
"""

from .batch import MAX_ITEMS, BatchAnswer, BatchItem
from .client import CDC_MAX_OBJECTS, QuickBooksClient
from .crypto import BadKey, KeyMissing, Vault, VaultError, WrongKey, load_keys
from .endpoints import Endpoints, discover
from .errors import (
    AnswerLost,
    AuthenticationFailed,
    ClientRefused,
    GrantRefused,
    InsecureAddress,
    LimitReached,
    NotAuthorized,
    NotSent,
    Paused,
    QuickBooksError,
    Refused,
    Throttled,
    Unavailable,
)
from .faults import (
    PROBLEM_KINDS,
    Classification,
    Fault,
    Outcome,
    classify,
    classify_error,
    existing_id,
    parse_faults,
)
from .limiter import Limiter
from .oauth import OAuthClient, TokenSet, authorization_url
from .redaction import RedactingFilter, redact
from .transport import Answer, Exchange, Request, Transport

__all__ = [
    "CDC_MAX_OBJECTS",
    "MAX_ITEMS",
    "PROBLEM_KINDS",
    "Answer",
    "AnswerLost",
    "AuthenticationFailed",
    "BadKey",
    "BatchAnswer",
    "BatchItem",
    "Classification",
    "ClientRefused",
    "Endpoints",
    "Exchange",
    "Fault",
    "GrantRefused",
    "InsecureAddress",
    "KeyMissing",
    "LimitReached",
    "Limiter",
    "NotAuthorized",
    "NotSent",
    "OAuthClient",
    "Outcome",
    "Paused",
    "QuickBooksClient",
    "QuickBooksError",
    "RedactingFilter",
    "Refused",
    "Request",
    "Throttled",
    "TokenSet",
    "Transport",
    "Unavailable",
    "Vault",
    "VaultError",
    "WrongKey",
    "authorization_url",
    "classify",
    "classify_error",
    "discover",
    "existing_id",
    "load_keys",
    "parse_faults",
    "redact",
]
