"""Commands that take a while: their output in a log file, their progress on the terminal."""

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from demo_run.console import say

TELL_EVERY_S = 10.0


class CommandFailed(Exception):
    """A command ended with an error; the text holds the end of its output."""


def run(command: Sequence[str], what: str, log: Path) -> None:
    """Run a command to its end and tell now and then how far it is.

    :raises CommandFailed: when it does not end with 0
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=os.environ
        )
    try:
        while (status := _status(process)) is None:
            say(f"{what}: {time.monotonic() - begun:.0f} s, at: {last_line(log)[-90:]}")
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if status != 0:
        raise CommandFailed(f"{what} failed, status {status}; the end of {log}:\n{tail(log)}")


def _status(process: subprocess.Popen) -> int | None:
    try:
        return process.wait(TELL_EVERY_S)
    except subprocess.TimeoutExpired:
        return None


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def last_line(log: Path) -> str:
    """The last line of a log."""
    return tail(log, 1)
