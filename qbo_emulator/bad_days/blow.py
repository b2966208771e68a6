"""All that strikes one call, put together."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qbo_emulator.bad_days.armed import ArmedFault, ArmedFaults
from qbo_emulator.bad_days.weather import CALM, ItemBlow, Weather
from qbo_emulator.wire.answer import Answer

if TYPE_CHECKING:
    from qbo_emulator.state import Emulator
    from qbo_emulator.wire.exchange import Exchange

__all__ = ["Blow"]


@dataclass(frozen=True)
class _Item:
    """An item of a batch, as faults see it."""

    path: str
    entities: frozenset[str]
    operations: frozenset[str]
    method: str = "POST"


@dataclass(frozen=True)
class Blow:
    """The faults that strike a call, from before its execution to after its answer."""

    faults: list[ArmedFault]
    armed: ArmedFaults
    path: str

    @property
    def names(self) -> str | None:
        """The kinds for the log, None when nothing strikes."""
        return ",".join(fault.kind for fault in self.faults) or None

    @property
    def delay_s(self) -> float:
        """How long the call waits first, in seconds."""
        return sum(
            float(fault.options.get("seconds", fault.of.delay_s))
            for fault in self.faults
            if fault.of.delay_s
        )

    @property
    def refusal(self) -> ItemBlow | None:
        """The refusal that stands for the emulator's own answer, or None."""
        return next((each for each in map(_refusal, self.faults) if each), None)

    def meanwhile(
        self, emulator: Emulator, connection: sqlite3.Connection, exchange: Exchange
    ) -> None:
        """Let others do what they do just before the call."""
        for fault in self.faults:
            if fault.of.meanwhile is not None:
                fault.of.meanwhile(emulator, connection, exchange, fault.options)

    def before(self) -> Answer | None:
        """Return the answer in place of an execution, or None."""
        for fault in self.faults:
            if fault.of.before is not None:
                return fault.of.before(fault.options)
        return None

    def weather(self) -> Weather:
        """Return what the rules shall know of it."""
        if self.armed.is_empty:
            return CALM
        switches: dict[str, Any] = {}
        for fault in self.faults:
            if fault.of.switches is not None:
                switches.update(fault.of.switches(fault.options))
        return Weather(switches, self._item)

    def after(self, answer: Answer) -> Answer:
        """Return the answer as it leaves."""
        for fault in self.faults:
            if fault.of.after is not None:
                answer = fault.of.after(answer, fault.options)
        return answer

    def _item(self, entity: str, operation: str) -> ItemBlow | None:
        item = _Item(self.path, frozenset({entity}), frozenset({operation}))
        struck = self.armed.strike(item, "item")
        return _refusal(struck[0]) if struck else None


def _refusal(fault: ArmedFault) -> ItemBlow | None:
    if fault.of.refusal is None:
        return None
    return ItemBlow(fault.of.refusal(fault.options), fault.of.committed)
