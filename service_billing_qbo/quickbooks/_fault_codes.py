"""What each of Intuit's codes means for us: one table, one row a code.

Source of the codes and their meaning: developer.intuit.com, "Error codes"
(docs/develop/troubleshooting/ error-codes) and "Handling common errors"; codes of the
gateway (3001, 3100) from recorded answers. A code that is not in the table needs a
person: nothing is retried or dropped on a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from ._fault_shapes import Fault

__all__ = [
    "CODES",
    "PROBLEM_KINDS",
    "Classification",
    "Outcome",
    "classify",
    "existing_id",
]


class Outcome(str, Enum):
    """What is to be done about an error. Exactly one applies."""

    TRANSIENT = "transient"
    """Not executed; try again later with the same request id."""
    UNCERTAIN = "uncertain"
    """May have been executed; repeat with the same request id soon, else look it up."""
    LOOK_UP = "look_up"
    """Something like it is there already; find it, then adopt it or decide."""
    STALE = "stale"
    """Changed in QuickBooks meanwhile; read again, apply again."""
    RECONNECT = "reconnect"
    """The authorization is gone; a person connects again. Stop the connection."""
    REFRESH = "refresh"
    """The access token is not accepted; refresh once, then repeat."""
    PAUSE = "pause"
    """The company is closed for now; pause the connection and tell people."""
    PERSON = "person"
    """Will be refused again until a person mends data, a mapping or a setting."""
    BUG = "bug"
    """We sent what we should never send."""


PROBLEM_KINDS = (
    "unmapped",
    "inactive",
    "customer",
    "closed",
    "number",
    "currency",
    "feature",
    "connection",
    "subscription",
    "data",
    "changed",
    "unknown",
)


@dataclass(frozen=True)
class Classification:
    """The decision about a fault or an error.

    :param outcome: what to do.
    :param problem_kind: one of ``PROBLEM_KINDS``: under which heading people see it,
        once it is shown.
    """

    outcome: Outcome
    problem_kind: str


_T, _U, _L = Outcome.TRANSIENT, Outcome.UNCERTAIN, Outcome.LOOK_UP
_P, _B = Outcome.PERSON, Outcome.BUG

_TABLE: dict[str, tuple[Outcome, str]] = {
    # authorization, company
    "100": (Outcome.REFRESH, "connection"),  # general authentication error
    "110": (Outcome.REFRESH, "connection"),  # authentication OAuth error
    "120": (
        Outcome.RECONNECT,
        "connection",
    ),  # the connecting user is no longer an administrator
    "130": (Outcome.PAUSE, "connection"),  # wrong cluster: the company is being moved
    "140": (Outcome.PAUSE, "connection"),  # company locked out
    "150": (Outcome.PAUSE, "connection"),  # company under maintenance
    "3100": (
        Outcome.RECONNECT,
        "connection",
    ),  # application not authorized for this company
    "3200": (Outcome.REFRESH, "connection"),  # token expired or malformed
    "3202": (Outcome.REFRESH, "connection"),  # Authorization header empty
    "6190": (Outcome.PAUSE, "subscription"),  # QuickBooks subscription lapsed or unpaid
    "10200": (Outcome.STALE, "changed"),  # company data was reset meanwhile
    # OAuth (RFC 6749 5.2)
    "invalid_grant": (Outcome.RECONNECT, "connection"),
    "access_denied": (Outcome.RECONNECT, "connection"),
    "invalid_token": (Outcome.REFRESH, "connection"),
    "invalid_client": (
        _P,
        "connection",
    ),  # wrong app keys, or those of the other environment
    "unauthorized_client": (_P, "connection"),
    "invalid_scope": (_P, "connection"),
    "invalid_request": (_B, "connection"),
    "unsupported_grant_type": (_B, "connection"),
    # the service
    "3001": (_T, "connection"),  # throttled
    "10000": (_U, "unknown"),  # application error, HTTP 500
    "4002": (_T, "unknown"),  # query could not be processed: "unexpected errors"
    # identity and versions
    "600": (_L, "unknown"),  # duplicate request id
    "630": (_L, "unknown"),  # duplicate object
    "6140": (_L, "number"),  # duplicate DocNumber
    "6240": (_L, "customer"),  # duplicate name over customers, vendors and employees
    "5010": (Outcome.STALE, "changed"),  # SyncToken is not the newest
    # references and links
    "610": (_P, "inactive"),  # made inactive or deleted
    "620": (_P, "changed"),  # transaction cannot be linked
    "700": (_P, "inactive"),  # parent reference invalid
    "900": (_P, "data"),  # parent cannot be its own child
    "2500": (
        _P,
        "inactive",
    ),  # reference id invalid: deleted, inactive or of another company
    "6250": (_P, "customer"),  # customer missing or inactive
    "6310": (_P, "customer"),  # billable without a customer
    "6160": (_P, "unmapped"),  # tax code cannot be used on a transaction
    "6230": (_P, "unmapped"),  # the same on update
    "6100": (_P, "unmapped"),  # US lines take TAX or NON only
    "6440": (_P, "unmapped"),  # line without item
    "6430": (_P, "unmapped"),  # item or line with an account of the wrong type
    # cannot be changed or removed
    "800": (_P, "changed"),  # cannot delete: others depend on it
    "6110": (_P, "changed"),  # settled by the merchant service: no update
    "6120": (_P, "changed"),  # the same: no delete
    "6130": (_P, "customer"),  # cannot change who the customer bills with
    "6220": (_P, "changed"),  # cannot delete: open balance
    "6280": (_P, "changed"),  # cannot delete: unbilled expenses
    "6400": (_P, "changed"),  # a linked invoice would become invalid
    "6450": (_P, "changed"),  # already settled, cannot be voided
    "6480": (_P, "changed"),  # matched with a bank line
    "6540": (_P, "changed"),  # payment already deposited
    # books, features
    "6200": (_P, "closed"),  # accounting period closed
    "6210": (_P, "closed"),  # accounting period closed, password needed
    "5020": (_P, "feature"),  # no permission for this feature
    "5030": (_P, "feature"),  # not in this edition
    "6170": (_P, "feature"),  # TxnTaxDetail together with NotApplicable
    "6470": (_P, "feature"),  # tax not allowed on this transaction
    "3000": (_P, "feature"),  # custom field not defined
    "2220": (_P, "currency"),  # currency unknown or not enabled
    # data
    "1000": (_P, "unknown"),  # operation failed, no reason given
    "1010": (_P, "unknown"),  # create failed, the detail says why
    "1020": (_P, "unknown"),  # update failed
    "6000": (_P, "data"),  # business validation; see _REFINED
    "2020": (_P, "data"),  # required member missing
    "2030": (_P, "data"),  # invalid id
    "2040": (_P, "data"),  # invalid characters
    "2050": (_P, "data"),  # text too long or too short
    "2060": (_P, "data"),  # date format
    "2070": (_P, "data"),  # date
    "2080": (_P, "data"),  # number format
    "2090": (_P, "data"),  # number
    "2100": (_P, "data"),  # decimal format
    "2110": (_P, "data"),  # decimal
    "2120": (_P, "data"),  # type
    "2140": (_P, "data"),  # amount
    "2150": (_P, "data"),  # percent
    "2160": (_P, "data"),  # quantity
    "2170": (_P, "data"),  # enumeration
    "2180": (_P, "data"),  # string range
    "2190": (_P, "data"),  # date range
    "2200": (_P, "data"),  # web address
    "2210": (_P, "data"),  # e-mail address
    "2230": (_P, "data"),  # boolean
    "2240": (_P, "data"),  # number range
    "2250": (_P, "data"),  # no line
    "2280": (_P, "data"),  # tax amount missing
    "2290": (_P, "data"),  # negative line
    "6070": (_P, "data"),  # Amount is not Qty x UnitPrice
    "6080": (_P, "customer"),  # customer without any name
    "6090": (_P, "data"),  # discount line without amount or percent
    "6150": (_P, "data"),  # ParentRef required
    "6180": (_P, "customer"),  # more than five levels of sub-customers
    "6270": (_P, "data"),  # dated before the inventory start date of the item
    "6420": (_P, "customer"),  # delivery by e-mail, but no address
    "6460": (_P, "data"),  # deposit amount differs
    "6520": (_P, "data"),  # inventory item without quantity
    # ours to mend
    "500": (_B, "unknown"),  # unsupported operation: bad path or broken UTF-8
    "1040": (_B, "unknown"),  # batch too large
    "1050": (_B, "unknown"),  # content type
    "2000": (_B, "unknown"),  # object name
    "2010": (_B, "unknown"),  # property name
    "2130": (_B, "unknown"),  # request id format
    "2600": (_B, "unknown"),  # conflicting members
    "4000": (_B, "unknown"),  # query cannot be parsed
    "4001": (_B, "unknown"),  # query invalid
    "5000": (_B, "unknown"),  # deprecated member
    "6020": (_B, "unknown"),  # content length missing
    "6530": (_B, "unknown"),  # raw card number
    "10100": (_B, "unknown"),  # result too large: ask in pages
    # attachments
    "6030": (_P, "data"),  # upload above 100 MB
    "6040": (_B, "unknown"),  # metadata is not an Attachable
    "6041": (_P, "data"),  # file type not accepted
    "6050": (_B, "unknown"),  # entity cannot have attachments
    # answers without a code of Intuit's
    "HTTP-400": (_P, "unknown"),
    "HTTP-401": (Outcome.REFRESH, "connection"),
    # Intuit names a code when access is withdrawn; without one a firewall has spoken.
    "HTTP-403": (Outcome.PAUSE, "connection"),
    "HTTP-404": (_B, "unknown"),
    "HTTP-405": (_B, "unknown"),
    "HTTP-406": (_B, "unknown"),
    "HTTP-408": (_U, "connection"),
    "HTTP-413": (_B, "unknown"),
    "HTTP-415": (_B, "unknown"),
    "HTTP-429": (_T, "connection"),
    "HTTP-500": (_U, "connection"),
    "HTTP-502": (_U, "connection"),
    "HTTP-503": (_U, "connection"),
    "HTTP-504": (_U, "connection"),
    # a batch answer that leaves one of its items out (see batch.py)
    "NO-ANSWER": (_U, "unknown"),
}

CODES = MappingProxyType(
    {code: Classification(outcome, kind) for code, (outcome, kind) in _TABLE.items()}
)
"""Read-only: code -> Classification."""

_UNKNOWN = Classification(Outcome.PERSON, "unknown")

# Two codes cover so much that only the text tells what a person must mend. The outcome
# stays; a text that Intuit rewords falls back to the heading of the code.
_REFINED: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("6000", re.compile(r"currency", re.IGNORECASE), "currency"),
    (
        "6000",
        re.compile(r"\b(GST|HST|VAT|sales tax) rate|tax (rate|code)", re.IGNORECASE),
        "unmapped",
    ),
    ("6000", re.compile(r"closed|closing date", re.IGNORECASE), "closed"),
    ("610", re.compile(r"deleted this transaction", re.IGNORECASE), "changed"),
    ("2500", re.compile(r"\b(Names?|Customer) element", re.IGNORECASE), "customer"),
)


def classify(fault: Fault) -> Classification:
    """Decide about one fault. An unknown code needs a person, any 5xx is uncertain."""
    found = CODES.get(fault.code)
    if found is None:
        return (
            CODES["HTTP-500"] if re.fullmatch(r"HTTP-5\d\d", fault.code) else _UNKNOWN
        )
    for code, pattern, kind in _REFINED:
        if fault.code == code and pattern.search(
            f"{fault.message} {fault.detail} {fault.element}"
        ):
            return Classification(found.outcome, kind)
    return found


_ID_IN_DETAIL = {
    "6140": re.compile(r"\bTxnId\s*=\s*(\d+)"),
    "6240": re.compile(r"\bId\s*=\s*(\d+)"),
}


def existing_id(fault: Fault) -> str | None:
    """Id of the record that is in the way, when the fault names it.

    A 6140 names the transaction ("... TxnType=Invoice with TxnId=6575"), a 6240 the
    record of the same type (": Id=58"); a clash with a vendor, an employee or an
    inactive record names none.
    """
    pattern = _ID_IN_DETAIL.get(fault.code)
    found = pattern.search(fault.detail) if pattern else None
    return found.group(1) if found else None
