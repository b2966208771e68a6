"""What a bad day means to the rules while one call is executed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["CALM", "ItemBlow", "Weather"]


@dataclass(frozen=True)
class ItemBlow:
    """The refusal of one batch item; ``committed`` when it is executed all the same."""

    refusal: Exception
    committed: bool = False


def _no_blow(_entity: str, _operation: str) -> ItemBlow | None:
    return None


@dataclass(frozen=True)
class Weather:
    """``switches`` go before the company's own; ``item`` tells what strikes a batch
    item, by its entity and operation in lower case."""

    switches: Mapping[str, Any] = field(default_factory=dict)
    item: Callable[[str, str], ItemBlow | None] = _no_blow


CALM = Weather()
