"""What the emulator was started with."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Latency", "Settings"]


@dataclass(frozen=True)
class Latency:
    """Milliseconds that an answer takes: per call, and per item of a batch."""

    base_ms: int = 0
    per_item_ms: int = 0

    @classmethod
    def parse(cls, text: str) -> Latency:
        """Read ``none``, ``intuit`` or ``BASE+PER_ITEM``. Raises ``ValueError``."""
        if text == "none":
            return cls()
        if text == "intuit":
            return cls(400, 150)
        base, plus, per_item = text.partition("+")
        if not plus:
            raise ValueError(
                f"latency is none, intuit or BASE_MS+PER_ITEM_MS, not {text!r}"
            )
        return cls(int(base), int(per_item))

    def seconds(self, batch_items: int) -> float:
        """Return how long a call with so many batch items takes, in seconds."""
        return (self.base_ms + self.per_item_ms * batch_items) / 1000


@dataclass(frozen=True)
class Settings:
    """The start options; what Intuit leaves undocumented is in ``switches``."""

    host: str = "127.0.0.1"
    port: int = 0
    state: str | None = None
    companies: tuple[str, ...] = ("us",)
    limits: bool = True
    latency: Latency = Latency()
    seed: int = 20261122
    #: The folder where answers are recorded, None: they are not.
    record: str | None = None
