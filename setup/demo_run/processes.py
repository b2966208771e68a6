"""The two servers of the demo, the emulator and Odoo, as processes of their own."""

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import requests
from checks import ports

from demo_run.database import last_lines
from demo_run.failure import DemoFailure
from demo_run.wait import until

ROOT = Path(__file__).resolve().parents[2]
STOP_TIMEOUT_S = 15.0
STARTED_TIMEOUT_S = 120.0
READY_TIMEOUT_S = 60.0


class ServerDied(DemoFailure):
    """A server ended before it answered; the text holds the end of its log."""


def free_port(preferred: int = 0, *, must: bool = False) -> int:
    """``preferred`` when it is free, else any free port of the loopback interface.

    :raises PortTaken: ``preferred`` is not free and it ``must`` be that one
    """
    if preferred and ports.is_free(preferred):
        return preferred
    if must:
        raise PortTaken(f"port {preferred} of 127.0.0.1 is taken by another program")
    return ports.free_port()


class PortTaken(DemoFailure):
    """No port to listen on."""


class Server:
    """A command that serves HTTP until it is stopped; its output goes to a log file."""

    def __init__(
        self, command: list[str], url: str, log: Path, environment: dict[str, str]
    ) -> None:
        self.url = url
        self.port = urlsplit(url).port
        self.log = log
        self._command = command
        self._environment = environment
        self._process: subprocess.Popen | None = None

    def start(self, ready_path: str) -> None:
        """Start, and return as soon as ``ready_path`` answers with success.

        :raises ServerDied: when the process ends instead
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            # A session of its own: Ctrl-C reaches the demo alone, and that stops them.
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self._environment},
                cwd=ROOT,
                start_new_session=True,
            )
        until(
            lambda: self._answers(ready_path),
            f"{self.url}{ready_path}",
            STARTED_TIMEOUT_S,
        )

    def stop(self) -> None:
        """End the process and all that it started, if it is running."""
        if self._process is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                continue
            except ProcessLookupError:
                self._process.wait(STOP_TIMEOUT_S)
            break
        self._process = None

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        """Whether the process was started and has not ended by itself."""
        return self._process is not None and self._process.poll() is None

    @property
    def ended_by(self) -> int | None:
        """The number of the signal that ended the process, if one did."""
        status = self._process.poll() if self._process else None
        return -status if status is not None and status < 0 else None

    def _answers(self, path: str) -> bool:
        """Whether this process, and no other on its port, answers with success."""
        if self._process is None or self._process.poll() is not None:
            raise ServerDied(
                f"{self._command[0]} ended by itself; the end of {self.log}:\n"
                f"{last_lines(self.log, 15)}"
            )
        if not _listens(self._process.pid, self.port):
            return False
        try:
            return requests.get(self.url + path, timeout=READY_TIMEOUT_S).ok
        except requests.RequestException:
            return False


def _listens(pid: int, port: int) -> bool:
    """Whether a process listens on a port."""
    try:
        sockets = psutil.Process(pid).connections("tcp")
    except psutil.NoSuchProcess:
        return False
    return any(
        found.status == psutil.CONN_LISTEN and found.laddr.port == port
        for found in sockets
    )


def emulator(
    port: int,
    kind: str,
    folder: Path,
    *,
    keep_state: bool = False,
    options: Sequence[str] = (),
) -> Server:
    """The QuickBooks emulator; with ``keep_state`` its books outlive the process.

    :param options: more of its command line
    """
    command = [str(ROOT / "setup/emulator"), "--port", str(port), "--company", kind]
    command += options
    if keep_state:
        command += ["--state", str(folder / "emulator.sqlite")]
    return Server(command, f"http://127.0.0.1:{port}", folder / "emulator.log", {})


def odoo(
    port: int,
    database: str,
    folder: Path,
    environment: dict[str, str],
    *,
    cron_threads: int = 2,
) -> Server:
    """An Odoo server of one database, threaded, on loopback only.

    :param cron_threads: how many scheduled actions run at once; 0 for pages alone
    """
    command = [
        str(ROOT / "setup/odoo"),
        "server",
        f"--database={database}",
        f"--db-filter=^{database}$",
        "--no-database-list",
        "--http-interface=127.0.0.1",
        f"--http-port={port}",
        "--workers=0",
        f"--max-cron-threads={cron_threads}",
    ]
    # localhost, not 127.0.0.1: Intuit takes no other name without https.
    return Server(command, f"http://localhost:{port}", folder / "odoo.log", environment)
