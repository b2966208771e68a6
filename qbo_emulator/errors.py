"""Intuit's errors, one constant each: code, text, fault type.

Texts are Intuit's where a public sample shows them (reference 9); the rest is in
Intuit's manner. Business rules raise :class:`Fault`; what the gateway in front of
QuickBooks refuses raises :class:`GatewayFault`, which has its own shape.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ErrorKind", "Fault", "GatewayFault", "GatewayKind"]


class Fault(Exception):
    """A refusal by QuickBooks itself: HTTP 400 (or inside a 200 of a batch)."""

    def __init__(self, kind: ErrorKind, detail: str, element: str = "") -> None:
        super().__init__(f"{kind.code} {detail}")
        self.kind = kind
        self.detail = detail
        self.element = element


@dataclass(frozen=True)
class ErrorKind:
    """One row of Intuit's table of error codes."""

    code: str
    message: str
    type: str = "ValidationFault"
    status: int = 400

    def fault(self, detail: str | None = None, element: str = "") -> Fault:
        """Return the exception to raise; without detail the message stands for it."""
        return Fault(self, self.message if detail is None else detail, element)


class GatewayFault(Exception):
    """A refusal in front of QuickBooks: lower-case keys, 401, 403 or 429."""

    def __init__(self, kind: GatewayKind, detail: str | None = None) -> None:
        super().__init__(kind.message)
        self.kind = kind
        self.detail = detail if detail is not None else kind.detail


@dataclass(frozen=True)
class GatewayKind:
    """One refusal of the gateway (recorded answers: reference 9.1)."""

    status: int
    code: str
    name: str
    type: str
    detail: str | None = None

    @property
    def message(self) -> str:
        """The composite text that Intuit puts into ``message``."""
        code = self.code.zfill(6)
        return f"message={self.name}; errorCode={code}; statusCode={self.status}"


TOKEN_INVALID = GatewayKind(401, "3200", "AuthenticationFailed", "AUTHENTICATION")
NOT_AUTHORIZED = GatewayKind(403, "3100", "ApplicationAuthorizationFailed", "SERVICE")
THROTTLED = GatewayKind(
    429,
    "3001",
    "ThrottleExceeded",
    "SERVICE",
    "The request limit was reached.  Try again later",
)

WRONG_CLUSTER = ErrorKind("130", "Accessing Wrong Cluster", "AuthenticationFault")
COMPANY_LOCKED = ErrorKind("140", "Company locked out", "SystemFault")
MAINTENANCE = ErrorKind("150", "Company under maintenance", "SystemFault")
UNSUPPORTED_OPERATION = ErrorKind("500", "Unsupported Operation")
DUPLICATE_REQUEST_ID = ErrorKind("600", "Duplicate Request ID")
NOT_FOUND = ErrorKind("610", "Object Not Found")
CANNOT_LINK = ErrorKind("620", "Transaction cannot be linked")
CANNOT_DELETE = ErrorKind("700", "Cannot delete")
PARENT_IS_CHILD = ErrorKind("900", "Parent cannot be child")
BATCH_TOO_LARGE = ErrorKind("1040", "Batch size exceeded the limit")
UNSUPPORTED_PROPERTY = ErrorKind("2010", "Request has invalid or unsupported property")
REQUIRED = ErrorKind(
    "2020", "Required param missing, need to supply the required value for the API"
)
INVALID_ID = ErrorKind("2030", "Invalid ID")
INVALID_STRING = ErrorKind("2040", "Invalid String")
STRING_LENGTH = ErrorKind(
    "2050", "String length is either shorter or longer than supported by specification"
)
INVALID_DATE = ErrorKind("2060", "Invalid Date")
INVALID_NUMBER = ErrorKind("2080", "Invalid Number")
INVALID_DECIMAL = ErrorKind("2090", "Invalid Decimal")
INVALID_REQUEST_ID = ErrorKind("2130", "Invalid Request Id")
INVALID_ENUM = ErrorKind("2170", "Invalid Enumeration")
INVALID_EMAIL = ErrorKind("2210", "Invalid Email Address format")
INVALID_CURRENCY = ErrorKind("2220", "Invalid Currency Code")
INVALID_BOOLEAN = ErrorKind("2230", "Invalid Boolean")
NEGATIVE_AMOUNT = ErrorKind("2290", "Negative Amount not allowed")
INVALID_REFERENCE = ErrorKind("2500", "Invalid Reference Id")
QUERY_PARSER = ErrorKind("4000", "Error parsing query")
QUERY_VALIDATION = ErrorKind("4001", "Invalid query")
QUERY_PROCESSING = ErrorKind("4002", "Error processing query")
STALE = ErrorKind("5010", "Stale Object Error")
FEATURE_UNSUPPORTED = ErrorKind("5030", "Feature Not Supported Error")
BUSINESS = ErrorKind(
    "6000", "A business validation error has occurred while processing your request"
)
AMOUNT_MISMATCH = ErrorKind("6070", "Amount calculation incorrect in the request")
NAME_MISSING = ErrorKind("6080", "Name required")
LINE_TAX_CODE = ErrorKind("6100", "Invalid line-level tax code")
DUPLICATE_NUMBER = ErrorKind("6140", "Duplicate Document Number Error")
TAX_MODE = ErrorKind("6170", "Tax calculation mode conflict")
TAX_CODE_NOT_APPLICABLE = ErrorKind("6470", "Tax code conflict")
SUBSCRIPTION_ENDED = ErrorKind("6190", "Invalid Company Status")
BOOKS_CLOSED_PASSWORD = ErrorKind("6200", "Account Period Closed, Password Needed")
BOOKS_CLOSED = ErrorKind(
    "6210", "Account Period Closed, Cannot Update Through Services API"
)
DUPLICATE_NAME = ErrorKind("6240", "Duplicate Name Exists Error")
DEPOSITED = ErrorKind("6540", "Deposited Transaction cannot be changed")
EMAIL_REQUIRED = ErrorKind("6420", "Email address required")
ITEM_REQUIRED = ErrorKind("6440", "Item required")
APPLICATION = ErrorKind(
    "10000",
    "An application error has occurred while processing your request",
    "SystemFault",
    500,
)
RESULT_TOO_BIG = ErrorKind("10100", "The query result is too large")
