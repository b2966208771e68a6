"""For tests: the emulator as a real process, and its control plane as Python calls."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import urllib.request
from types import TracebackType
from typing import Any

from qbo_emulator.jsontext import dumps, loads

__all__ = ["EmulatorProcess"]

_START_S = 20.0
_CALL_S = 30.0
_MATCH = frozenset(
    {"method", "path", "entity", "operation", "nth", "probability", "seed"}
)


class EmulatorProcess:
    """A context manager that runs ``python -m qbo_emulator`` on a free port.

    ``stop`` and ``start`` begin it again on the same port; what it remembers then
    depends on ``state`` (a file path; None keeps it in memory).
    """

    def __init__(
        self,
        *companies: str,
        state: str | os.PathLike[str] | None = None,
        limits: str = "off",
        latency: str = "none",
        port: int = 0,
        seed: int | None = None,
    ) -> None:
        self._options = ["--limits", limits, "--latency", latency]
        for company in companies:
            self._options += ["--company", company]
        if state is not None:
            self._options += ["--state", os.fspath(state)]
        if seed is not None:
            self._options += ["--seed", str(seed)]
        self._port = port
        self._process: subprocess.Popen[str] | None = None
        self.base_url = ""

    def __enter__(self) -> EmulatorProcess:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    # -- the process -------------------------------------------------------------------

    def start(self) -> None:
        """Start it and wait for the line that says where it listens.

        Raises ``RuntimeError`` when the process ends instead.
        """
        if self._process is not None:
            return
        root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "qbo_emulator",
                "--port",
                str(self._port),
                *self._options,
            ],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._process = process
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("QuickBooks emulator on "):
            self.stop()
            raise RuntimeError(f"the emulator did not start: {line!r}")
        self.base_url = line.split()[-1]
        self._port = int(self.base_url.rpartition(":")[2])

    def stop(self) -> None:
        """End it in an orderly way (SIGTERM)."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power switch does (SIGKILL)."""
        self._end(signal.SIGKILL)

    @property
    def is_running(self) -> bool:
        """Started, and neither stopped nor killed."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """The process. Raises ``RuntimeError`` when it does not run."""
        if self._process is None:
            raise RuntimeError("the emulator does not run")
        return self._process.pid

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(how)
        try:
            process.wait(_START_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_START_S)
        if process.stdout is not None:
            process.stdout.close()

    # -- the control plane -------------------------------------------------------------

    def info(self) -> dict[str, Any]:
        """Return base_url, discovery_url, the app's keys and the realms."""
        return dict(self._call("GET", "info"))

    def requests(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the log of requests after number ``since``."""
        return list(self._call("GET", f"requests?since={since}"))

    def stats(self) -> dict[str, Any]:
        """Return the counters and the duplicates found."""
        return dict(self._call("GET", "stats"))

    def books(self, realm_id: str | None = None) -> dict[str, list[dict[str, Any]]]:
        """Return all documents of a company (the first without ``realm_id``) by
        entity."""
        return dict(self._call("GET", f"books?realm_id={realm_id or ''}"))

    def ledger(self, realm_id: str | None = None) -> list[dict[str, Any]]:
        """Return the ledger's entries: txn_type, txn_id, account_id, customer_id,
        amount in the account's and home in the company's currency, debit positive."""
        return list(self._call("GET", f"ledger?realm_id={realm_id or ''}"))

    def arm(self, kind: str, *, times: int | None = None, **match: Any) -> None:
        """Arm a fault. ``match``: method, path, entity, operation, nth, probability,
        seed; ``scope="item"`` for items of batches; all else is the kind's own.

        It strikes once unless ``times`` says more; with a probability, and of some
        kinds, without end.
        """
        arming: dict[str, Any] = {"kind": kind, "match": {}}
        if times is not None:
            arming["times"] = times
        for name, value in match.items():
            (arming["match"] if name in _MATCH else arming)[name] = value
        self._call("POST", "faults", arming)

    def faults(self) -> list[dict[str, Any]]:
        """Return what is armed and not used up."""
        return list(self._call("GET", "faults"))

    def clear_faults(self) -> None:
        """Disarm everything."""
        self._call("DELETE", "faults")

    def reset(self) -> None:
        """Back to the first start: companies as founded, no tokens, no faults, no
        log."""
        self._call("POST", "reset")

    def expire_tokens(self, which: str = "access", realm_id: str | None = None) -> None:
        """Let tokens lapse: access, refresh or all; of one realm or of every one."""
        asked = (
            {"which": which}
            if realm_id is None
            else {"which": which, "realm_id": realm_id}
        )
        self._call("POST", "tokens/expire", asked)

    def disconnect(self, realm_id: str) -> None:
        """Let a user disconnect the app in QuickBooks: the company's tokens die."""
        self._call("POST", "disconnect", {"realm_id": realm_id})

    def snapshot(self, name: str = "snapshot") -> None:
        """Keep books, tokens, requestids, log and clock as they are."""
        self._call("POST", "snapshot", {"name": name})

    def restore(self, name: str = "snapshot") -> None:
        """Bring back what was kept; nothing is armed afterwards."""
        self._call("POST", "restore", {"name": name})

    def webhooks(self, url: str, **options: Any) -> None:
        """Notify this address of this machine; options: delay_s, content_type."""
        self._call("POST", "webhooks", {"url": url, **options})

    def notifications(self) -> dict[str, Any]:
        """Return url, how many events are waiting, and the attempts to deliver."""
        return dict(self._call("GET", "webhooks"))

    def use_limits(self, realm_id: str, calls: int = 0, batches: int = 0) -> None:
        """Let other apps of a company make calls: they count for its throttles."""
        self._call(
            "POST",
            "limits",
            {"realm_id": realm_id, "calls": calls, "batches": batches},
        )

    def advance_clock(self, seconds: float) -> None:
        """Move the emulator's time."""
        self._call("POST", "clock", {"advance_s": seconds})

    def switch(self, realm_id: str, **switches: Any) -> None:
        """Set what Intuit's API does not show of a company (see the README)."""
        self._call("POST", "switches", {"realm_id": realm_id, **switches})

    def _call(self, method: str, route: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"{self.base_url}/_emulator/{route}",
            method=method,
            data=None if body is None else dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=_CALL_S) as answer:
            return loads(answer.read())
