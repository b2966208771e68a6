"""An Odoo process that is told what to do, and measured at it."""

import os
import subprocess
import sys
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from checks.paths import ROOT

# The file descriptor of the channel; `inside`, which imports Odoo, reads the same.
CHANNEL = "BENCH_CHANNEL"
SCRIPT = "from bench_run.equipment.inside import serve; serve(env)\n"
END_TIMEOUT_S = 30


class OdooFailed(Exception):
    """What it was told failed; the text is the traceback there, or its log."""


class OdooProcess:
    """A real Odoo shell on a database; a context manager.

    :param environment: of the addon: where QuickBooks is, and the app's keys
    """

    def __init__(
        self, database: str, folder: Path, environment: dict[str, str] | None = None
    ) -> None:
        self._log = folder / f"shell-{database}.log"
        self._command = [
            *(sys.executable, "-m", "odoo", "shell", f"--database={database}"),
            *("--no-http", "--max-cron-threads=0", "--log-level=warn"),
        ]
        self._environment = {**os.environ, **(environment or {})}

    def __enter__(self) -> "OdooProcess":
        self._channel, theirs = Pipe()
        self._environment[CHANNEL] = str(theirs.fileno())
        with theirs, self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
            )
        self._process.stdin.write(SCRIPT.encode())
        self._process.stdin.close()
        return self

    def __exit__(self, *failure: object) -> None:
        self._channel.close()
        try:
            self._process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def tell(self, name: str, /, **arguments: Any) -> Any:
        """Have a method of ``inside.Worker`` done, and return what it answers.

        :raises OdooFailed: when it fails there
        """
        try:
            self._channel.send((name, arguments))
            done, answer = self._channel.recv()
        except (EOFError, ConnectionError) as error:
            raise OdooFailed(f"Odoo ended, see {self._log}") from error
        if not done:
            raise OdooFailed(answer)
        return answer
