"""The faults that can be armed, each with the moment at which it strikes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from qbo_emulator import errors
from qbo_emulator.wire.answer import Answer
from qbo_emulator.wire.server import Sever

__all__ = ["KINDS", "FaultKind"]

_HTML = "text/html"
_UNAVAILABLE = (
    "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad"
    " Gateway</h1>"
    "</center><hr><center>nginx</center></body></html>"
)


@dataclass(frozen=True)
class FaultKind:
    """``before``: instead of executing the call. ``refusal``: raised as if the emulator
    itself refused. ``after``: the call is executed and kept, then its answer is
    changed. ``delay_s``: waits first; a fault's own ``seconds`` parameter replaces it.
    """

    before: Callable[[dict[str, Any]], Answer] | None = None
    refusal: Callable[[dict[str, Any]], Exception] | None = None
    after: Callable[[Answer], Answer] | None = None
    delay_s: float = 0.0


def _severed(sever: Sever) -> Callable[[dict[str, Any]], Answer]:
    return lambda _options: Answer(0, sever=sever)


def _then_severed(sever: Sever) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, sever=sever)


def _expired(_options: dict[str, Any]) -> Exception:
    return errors.GatewayFault(errors.TOKEN_INVALID, "Token expired: AB01...")


def _html(status: int, text: str) -> Callable[[dict[str, Any]], Answer]:
    return lambda _options: Answer(status, text, _HTML)


KINDS: dict[str, FaultKind] = {
    "reset_before": FaultKind(before=_severed(Sever.RESET)),
    "reset_after": FaultKind(after=_then_severed(Sever.RESET)),
    "lost_answer": FaultKind(after=_then_severed(Sever.CLOSE)),
    "cut_answer": FaultKind(after=_then_severed(Sever.CUT)),
    "unavailable": FaultKind(before=_html(502, _UNAVAILABLE)),
    "gateway_timeout": FaultKind(
        before=_html(
            504, _UNAVAILABLE.replace("502 Bad Gateway", "504 Gateway Time-out")
        )
    ),
    "error_500": FaultKind(
        refusal=lambda _options: errors.APPLICATION.fault(
            "An application error has occurred while processing your request"
        )
    ),
    "throttled": FaultKind(
        refusal=lambda _options: errors.GatewayFault(errors.THROTTLED)
    ),
    "expired_401": FaultKind(refusal=_expired),
    "forbidden_403": FaultKind(
        refusal=lambda _options: errors.GatewayFault(errors.NOT_AUTHORIZED)
    ),
    "slow": FaultKind(delay_s=2.0),
}
