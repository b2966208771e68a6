"""The faults that can be armed, each with the moment at which it strikes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from qbo_emulator import errors
from qbo_emulator.bad_days import disguises, meanwhile
from qbo_emulator.wire.answer import Answer
from qbo_emulator.wire.server import Sever

if TYPE_CHECKING:
    from qbo_emulator.state import Emulator
    from qbo_emulator.wire.exchange import Exchange

__all__ = ["KINDS", "FaultKind", "Target"]

Options = dict[str, Any]


class Target(str, Enum):
    """What a fault is meant for when its match names no path."""

    API = "/v3/"
    TOKEN = "/oauth2/v1/tokens/bearer"
    WEBHOOK = "webhook"


@dataclass(frozen=True)
class FaultKind:
    """One kind of bad day; ``about`` says it in a line.

    ``meanwhile``: what others do just before the call. ``before``: instead of executing
    it. ``refusal``: raised as if the emulator itself refused; ``committed`` when the
    call is executed and kept all the same. ``switches``: turned for this call.
    ``after``: the call is executed and kept, then its answer is changed. ``delay_s``:
    waits first; a fault's own ``seconds`` replaces it. ``operations`` are those that it
    can strike (none: all). ``lasting`` kinds stay until they are disarmed. ``options``
    are what an arming may say besides.
    """

    about: str
    target: Target = Target.API
    meanwhile: (
        Callable[[Emulator, sqlite3.Connection, Exchange, Options], None] | None
    ) = None
    before: Callable[[Options], Answer] | None = None
    refusal: Callable[[Options], Exception] | None = None
    committed: bool = False
    switches: Callable[[Options], Mapping[str, Any]] | None = None
    after: Callable[[Answer, Options], Answer] | None = None
    delay_s: float = 0.0
    operations: frozenset[str] = frozenset()
    lasting: bool = False
    options: frozenset[str] = frozenset()

    @property
    def is_blow(self) -> bool:
        """True for what one call suffers only once, however much is armed."""
        return self.before is not None or self.refusal is not None


_XML = "application/xml;charset=UTF-8"
_CHALLENGE = {"www-authenticate": 'Bearer realm="Intuit", error="invalid_token"'}
_SECONDS = frozenset({"seconds"})
#: Words of a refusal that an arming may choose.
_WORDS = frozenset({"status", "detail", "element"})
_UPDATES = frozenset({"update", "delete", "void"})


def _severed(sever: Sever) -> Callable[[Options], Answer]:
    return lambda _options: Answer(0, sever=sever)


def _then_severed(sever: Sever) -> Callable[[Answer, Options], Answer]:
    return lambda answer, _options: replace(answer, sever=sever)


def _page(status: int, title: str) -> Callable[[Options], Answer]:
    """The page of a proxy in front of Intuit's gateway."""
    text = (
        f"<html><head><title>{status} {title}</title></head><body><center><h1>{status}"
        f" {title}</h1></center><hr><center>nginx</center></body></html>"
    )
    return lambda _options: Answer(status, text, "text/html")


def _xml_401(code: str, message: str, detail: str) -> Callable[[Options], Answer]:
    """A 401 in XML although JSON was asked for (OJS#91; python-quickbooks#120)."""
    text = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><IntuitResponse'
        ' xmlns="http://schema.intuit.com/finance/v3" time="2026-11-22T08:00:00-08:00">'
        f'<Fault type="AuthenticationFault"><Error code="{code}"><Message>{message}'
        f"</Message><Detail>{detail}</Detail></Error></Fault></IntuitResponse>"
    )
    return lambda _options: Answer(401, text, _XML, _CHALLENGE)


def _gateway(
    kind: errors.GatewayKind, detail: str | None = None
) -> Callable[[Options], Exception]:
    return lambda _options: errors.GatewayFault(kind, detail)


def _fault(
    kind: errors.ErrorKind, detail: str | None = None
) -> Callable[[Options], Exception]:
    """A refusal by QuickBooks itself; ``status`` and ``detail`` may be given."""

    def refusal(options: Options) -> Exception:
        own = replace(kind, status=int(options.get("status", kind.status)))
        return own.fault(options.get("detail", detail), options.get("element", ""))

    return refusal


def _any_refusal(options: Options) -> Exception:
    """A refusal in the arming's own words: code, message, detail, element, status."""
    kind = errors.ErrorKind(
        str(options.get("code", errors.BUSINESS.code)),
        str(options.get("message", errors.BUSINESS.message)),
        str(options.get("type", errors.BUSINESS.type)),
    )
    return _fault(kind)(options)


#: The words of 6190 (JAVA JSONSerializerTest.java:210).
_LAPSED = (
    "Subscription period has ended or canceled or there was a billing problem : You"
    " can't add data to QuickBooks Online Plus because your trial or subscription"
    " period ended, you canceled your subscription, or there was a billing problem."
)

KINDS: dict[str, FaultKind] = {
    "reset_before": FaultKind(
        "the connection is reset, nothing is executed", before=_severed(Sever.RESET)
    ),
    "reset_after": FaultKind(
        "executed, then the connection is reset", after=_then_severed(Sever.RESET)
    ),
    "lost_answer": FaultKind(
        "executed, then closed without an answer", after=_then_severed(Sever.CLOSE)
    ),
    "cut_answer": FaultKind(
        "executed, then half of the answer", after=_then_severed(Sever.CUT)
    ),
    "unavailable": FaultKind("502 in HTML", before=_page(502, "Bad Gateway")),
    "service_unavailable": FaultKind(
        "503 in HTML", before=_page(503, "Service Temporarily Unavailable")
    ),
    "gateway_timeout": FaultKind("504 in HTML", before=_page(504, "Gateway Time-out")),
    "error_500": FaultKind(
        "500 with code 10000, nothing is executed",
        refusal=_fault(errors.APPLICATION),
        options=_WORDS,
    ),
    "error_500_after": FaultKind(
        "executed, then 500 with code 10000",
        refusal=_fault(errors.APPLICATION),
        committed=True,
        options=_WORDS,
    ),
    "throttled": FaultKind("429 with code 3001", refusal=_gateway(errors.THROTTLED)),
    "expired_401": FaultKind(
        "401, the access token has lapsed",
        refusal=_gateway(errors.TOKEN_INVALID, "Token expired: AB01..."),
    ),
    "expired_401_xml": FaultKind(
        "the same in XML, with code 100",
        before=_xml_401(
            "100",
            "General Authentication Error",
            "AuthenticationErrorGeneral: SRV-110-Authentication Failure ,"
            " statusCode: 401",
        ),
    ),
    "forbidden_403": FaultKind(
        "403 with code 3100", refusal=_gateway(errors.NOT_AUTHORIZED)
    ),
    "wrong_cluster": FaultKind(
        "401 in XML with code 130: the company is being moved",
        before=_xml_401(
            "130", "Accessing Wrong Cluster", "Accessing Wrong Cluster, statusCode: 401"
        ),
    ),
    "company_locked": FaultKind(
        "code 140; `status` (401: its shape is not documented, 130 came so)",
        refusal=_fault(replace(errors.COMPANY_LOCKED, status=401)),
        options=_WORDS,
    ),
    "maintenance": FaultKind(
        "code 150; `status` (401)",
        refusal=_fault(replace(errors.MAINTENANCE, status=401)),
        options=_WORDS,
    ),
    "subscription_ended": FaultKind(
        "6190: nothing can be added any more; stays",
        refusal=_fault(errors.SUBSCRIPTION_ENDED, _LAPSED),
        operations=_UPDATES | {"create"},
        lasting=True,
        options=_WORDS,
    ),
    "refused": FaultKind(
        "any refusal: `code`, `message`, `detail`, `element`, `status`, `type`",
        refusal=_any_refusal,
        options=_WORDS | {"code", "message", "type"},
    ),
    "stale_sync_token": FaultKind(
        "another user saves the same document first: 5010",
        meanwhile=meanwhile.someone_edits,
        operations=_UPDATES,
    ),
    "clock_jump": FaultKind(
        "the clock moves by `seconds` (3600; negative: back)",
        meanwhile=meanwhile.jump,
        options=_SECONDS,
    ),
    "requestid_forgotten": FaultKind(
        "requestids are remembered for `seconds` (0) only; stays",
        switches=lambda options: {"requestid_memory_s": options.get("seconds", 0)},
        lasting=True,
        options=_SECONDS,
    ),
    "tax_delta": FaultKind(
        "QuickBooks' tax is off by `amount` (0.01); stays",
        switches=lambda options: {"tax_delta": options.get("amount", "0.01")},
        lasting=True,
        options=frozenset({"amount"}),
    ),
    "unknown_member": FaultKind(
        "every object of an answer has a member `name` more; stays",
        after=disguises.unknown_member,
        lasting=True,
        options=frozenset({"name"}),
    ),
    "iso3_countries": FaultKind(
        "every address comes with an ISO-3 country; stays",
        after=disguises.iso3_countries,
        lasting=True,
    ),
    "slow": FaultKind("answers after `seconds` (2)", delay_s=2.0, options=_SECONDS),
    "refresh_rotates": FaultKind(
        "this refresh brings a new value, the old one dies",
        target=Target.TOKEN,
        meanwhile=meanwhile.age_refresh_token,
    ),
    "refresh_race": FaultKind(
        "another process refreshed first: invalid_grant",
        target=Target.TOKEN,
        meanwhile=meanwhile.refresh_first,
    ),
    "webhook_duplicate": FaultKind("a notification comes twice", target=Target.WEBHOOK),
    "webhook_disorder": FaultKind(
        "a notification is held back for `seconds` (10), its events reversed",
        target=Target.WEBHOOK,
        options=_SECONDS,
    ),
    "webhook_forged": FaultKind(
        "a notification comes with a wrong signature first", target=Target.WEBHOOK
    ),
    "webhook_lost": FaultKind("a notification never comes", target=Target.WEBHOOK),
}
