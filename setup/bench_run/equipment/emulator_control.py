"""The emulator's control plane: what is done to QuickBooks in a measurement."""

from typing import Any

import requests

TIMEOUT_S = 30


class EmulatorControl:
    """Bad days and switches of a running emulator."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def switch(self, realm_id: str, **switches: Any) -> None:
        """Set what Intuit's API does not show of a company."""
        self._post("switches", {"realm_id": realm_id, **switches})

    def arm(self, *faults: dict) -> None:
        """Arm faults as the emulator's README has them."""
        self._post("faults", list(faults))

    def arm_every(self, kind: str, path: str, every: int, calls: int) -> None:
        """Let a fault strike each so many-th of the next calls of a path."""
        self.arm(
            *(
                {"kind": kind, "match": {"path": path, "method": "POST", "nth": nth}}
                for nth in range(every, calls + calls // every + 1, every)
            )
        )

    def clear_faults(self) -> None:
        """Disarm everything."""
        self._post("faults", [])

    def expire_tokens(self, which: str) -> None:
        """Let tokens lapse: access, refresh or all."""
        self._post("tokens/expire", {"which": which})

    def disconnect(self, realm_id: str) -> None:
        """Let a user disconnect the app in QuickBooks: the company's tokens die."""
        self._post("disconnect", {"realm_id": realm_id})

    def _post(self, route: str, body: Any) -> None:
        requests.post(
            f"{self._base_url}/_emulator/{route}", json=body, timeout=TIMEOUT_S
        ).raise_for_status()
