"""QuickBooks' own books and request log, as the emulator keeps them."""

import json
from decimal import Decimal

import requests

from demo_run import calls

TIMEOUT_S = 60.0


class EmulatorView:
    """Read-only view of a running emulator by its control plane; nothing is metered."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def info(self) -> dict:
        """Base and discovery addresses, app keys, and the companies."""
        return self._get("info")

    def books(self, realm_id: str) -> dict[str, list[dict]]:
        """Every object of a company by entity; amounts are Decimal."""
        return self._get("books", realm_id=realm_id)

    def requests(self, since: int = 0) -> list[dict]:
        """The log of API requests after number ``since``."""
        return self._get("requests", since=since)

    def last_request(self) -> int:
        """The number of the newest request."""
        return max((request["n"] for request in self.requests()), default=0)

    def stats(self) -> dict:
        """Counters: calls, metered, throttled, created by entity, and duplicates."""
        return self._get("stats")

    def calls(self) -> calls.Calls:
        """How often QuickBooks was asked, and what for."""
        return calls.count(self.requests(), int(self.stats()["metered"]))

    def _get(self, what: str, **parameters: str | int):
        answer = requests.get(
            f"{self._base_url}/_emulator/{what}", params=parameters, timeout=TIMEOUT_S
        )
        answer.raise_for_status()
        return json.loads(answer.text, parse_float=Decimal)
