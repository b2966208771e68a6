"""Which fault strikes which call."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from typing import Any, Protocol

from qbo_emulator.bad_days.kinds import KINDS, FaultKind
from qbo_emulator.bad_days.options import UnknownFault, check_options, number
from qbo_emulator.jsontext import Document

__all__ = ["ArmedFault", "ArmedFaults", "Subject", "UnknownFault"]


#: How often a fault may be told to strike, or which call it waits for.
_MOST = 10**9


class Subject(Protocol):
    """What a fault may strike: a call, an item of a batch, a notification."""

    @property
    def method(self) -> str:
        """The HTTP method."""

    @property
    def path(self) -> str:
        """The path, or what stands for it."""

    @property
    def entities(self) -> frozenset[str]:
        """The entities that it is about, in lower case."""

    @property
    def operations(self) -> frozenset[str]:
        """create, update, delete, void, read, query, ...: what it does."""


@dataclass
class ArmedFault:
    """A fault that waits for its call.

    ``nth`` strikes at that matching call only, counted from 1; ``probability`` strikes
    by chance, repeatably by ``seed``; ``times`` is how often it strikes (None: without
    end). With the scope ``item`` it strikes and counts the items of batches.
    """

    kind: str
    method: str = ""
    path: str = ""
    entity: str = ""
    operation: str = ""
    scope: str = "call"
    nth: int | None = None
    probability: float | None = None
    times: int | None = 1
    options: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    chance: random.Random = field(default_factory=random.Random)

    @classmethod
    def read(cls, arming: Document) -> ArmedFault:
        """Read ``{"kind", "match": {...}, "times", "scope", ...options}``. Raises
        :class:`UnknownFault`."""
        options = dict(arming)
        kind = options.pop("kind", None)
        if kind not in KINDS:
            raise UnknownFault(
                f"unknown fault {kind!r}; there are {', '.join(sorted(KINDS))}"
            )
        match = dict(options.pop("match", None) or {})
        probability, nth = match.pop("probability", None), match.pop("nth", None)
        stays = probability is not None or (KINDS[kind].lasting and nth is None)
        times = options.pop("times", None if stays else 1)
        armed = cls(
            kind=kind,
            method=str(match.pop("method", "")).upper(),
            path=str(match.pop("path", "")),
            entity=str(match.pop("entity", "")).lower(),
            operation=str(match.pop("operation", "")).lower(),
            scope=str(options.pop("scope", "call")),
            nth=None if nth is None else int(number("nth", nth, 1, _MOST)),
            probability=(
                None
                if probability is None
                else number("probability", probability, 0, 1)
            ),
            times=None if times is None else int(number("times", times, 0, _MOST)),
            options=options,
        )
        check_options(kind, armed.of.options, options)
        armed.chance.seed(match.pop("seed", 0))
        if match:
            raise UnknownFault(f"unknown match {', '.join(sorted(match))}")
        if armed.scope not in ("call", "item"):
            raise UnknownFault("scope is call or item")
        if armed.scope == "item" and KINDS[kind].refusal is None:
            raise UnknownFault(f"{kind} cannot strike an item: it is no refusal")
        return armed

    @property
    def of(self) -> FaultKind:
        """What its kind does."""
        return KINDS[self.kind]

    @property
    def is_used_up(self) -> bool:
        """True when it strikes no more."""
        return self.times is not None and self.times <= 0

    def matches(self, subject: Subject) -> bool:
        """True when the subject is one of those that it is meant for."""
        kind = self.of
        if self.method and self.method != subject.method:
            return False
        # without a path most faults are meant for the API, not for sign-in
        if not (
            self.path in subject.path
            if self.path
            else subject.path.startswith(kind.target.value)
        ):
            return False
        if self.entity and self.entity not in subject.entities:
            return False
        wanted = frozenset({self.operation}) if self.operation else kind.operations
        return not wanted or not wanted.isdisjoint(subject.operations)

    def strikes(self) -> bool:
        """Count a matching subject; True when it is this one's turn."""
        self.seen += 1
        if self.nth is not None and self.seen != self.nth:
            return False
        if self.probability is not None and self.chance.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def shown(self) -> Document:
        """Return it for the control plane."""
        return {
            "kind": self.kind,
            "times": self.times,
            "seen": self.seen,
            "scope": self.scope,
            "match": {
                "method": self.method,
                "path": self.path,
                "entity": self.entity,
                "operation": self.operation,
                "nth": self.nth,
                "probability": self.probability,
            },
            **self.options,
        }


class ArmedFaults:
    """All armed faults. One call suffers one blow, and whatever else lasts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[ArmedFault] = []

    def arm(self, faults: list[ArmedFault]) -> None:
        """Add faults."""
        with self._lock:
            self._faults = [*self._faults, *faults]

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._faults = []

    def strike(self, subject: Subject, scope: str = "call") -> list[ArmedFault]:
        """Return the faults that strike this subject."""
        if not self._faults:
            return []
        struck: list[ArmedFault] = []
        with self._lock:
            for fault in self._faults:
                if fault.is_used_up or fault.scope != scope:
                    continue
                if fault.of.is_blow and any(each.of.is_blow for each in struck):
                    continue
                if fault.matches(subject) and fault.strikes():
                    struck.append(fault)
        return struck

    @property
    def is_empty(self) -> bool:
        """True when nothing is armed at all."""
        return not self._faults

    def shown(self) -> list[Document]:
        """Return what is armed and not used up."""
        with self._lock:
            return [fault.shown() for fault in self._faults if not fault.is_used_up]
