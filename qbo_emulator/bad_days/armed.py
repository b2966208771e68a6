"""Which fault strikes which call."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from typing import Any

from qbo_emulator.bad_days.kinds import KINDS, FaultKind
from qbo_emulator.jsontext import Document

__all__ = ["ArmedFault", "ArmedFaults", "UnknownFault"]


class UnknownFault(ValueError):
    """A kind, or a member of its match, that does not exist."""


@dataclass
class ArmedFault:
    """A fault that waits for its call.

    ``nth`` strikes at that matching call only, counted from 1; ``probability`` strikes
    by chance, repeatably by ``seed``; ``times`` is how often it strikes (None: without
    end).
    """

    kind: str
    method: str = ""
    path: str = ""
    entity: str = ""
    nth: int | None = None
    probability: float | None = None
    times: int | None = 1
    options: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    chance: random.Random = field(default_factory=random.Random)

    @classmethod
    def read(cls, arming: Document) -> ArmedFault:
        """Read ``{"kind", "match": {...}, "times", ...options}``. Raises
        :class:`UnknownFault`."""
        kind = arming.get("kind")
        if kind not in KINDS:
            raise UnknownFault(
                f"unknown fault {kind!r}; there are {', '.join(sorted(KINDS))}"
            )
        match = dict(arming.get("match") or {})
        probability = match.pop("probability", None)
        armed = cls(
            kind=kind,
            method=str(match.pop("method", "")).upper(),
            path=str(match.pop("path", "")),
            entity=str(match.pop("entity", "")).lower(),
            nth=match.pop("nth", None),
            probability=None if probability is None else float(probability),
            times=arming.get("times", 1 if probability is None else None),
            options={
                k: v for k, v in arming.items() if k not in ("kind", "match", "times")
            },
        )
        armed.chance.seed(match.pop("seed", 0))
        if match:
            raise UnknownFault(f"unknown match {', '.join(sorted(match))}")
        return armed

    def strikes(self, method: str, path: str, entities: frozenset[str]) -> bool:
        """Count the call if it matches; True when this fault strikes it."""
        if self.times is not None and self.times <= 0:
            return False
        if self.method and self.method != method:
            return False
        # without a path a fault is meant for the API, not for sign-in
        if not (self.path in path if self.path else path.startswith("/v3/")):
            return False
        if self.entity and self.entity not in entities:
            return False
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
            "match": {
                "method": self.method,
                "path": self.path,
                "entity": self.entity,
                "nth": self.nth,
                "probability": self.probability,
            },
            **self.options,
        }


class ArmedFaults:
    """All armed faults; the first that strikes is used up for that call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[ArmedFault] = []

    def arm(self, faults: list[ArmedFault]) -> None:
        """Add faults."""
        with self._lock:
            self._faults += faults

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._faults.clear()

    def strike(
        self, method: str, path: str, entities: frozenset[str]
    ) -> tuple[ArmedFault, FaultKind] | None:
        """Return the fault for this call, or None."""
        with self._lock:
            for fault in self._faults:
                if fault.strikes(method, path, entities):
                    return fault, KINDS[fault.kind]
        return None

    def shown(self) -> list[Document]:
        """Return what is armed and not used up."""
        with self._lock:
            return [f.shown() for f in self._faults if f.times is None or f.times > 0]
