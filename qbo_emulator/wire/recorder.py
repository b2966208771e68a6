"""Every answer of the API in a file of its own process: what a whole run of tests was
answered can be held against Intuit's schemas when it is over."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from qbo_emulator.jsontext import dumps
from qbo_emulator.wire.answer import JSON, Answer
from qbo_emulator.wire.exchange import Exchange

__all__ = ["Recorder"]


class Recorder:
    """Adds a line to ``FOLDER/<process id>.jsonl`` for each answer in JSON.

    Answers that a fault was armed for are left out: they are wrong on purpose.
    """

    def __init__(self, folder: str) -> None:
        Path(folder).mkdir(parents=True, exist_ok=True)
        self._file = Path(folder, f"{os.getpid()}.jsonl")
        self._lock = threading.Lock()

    def keep(self, exchange: Exchange, answer: Answer, fault: str | None) -> None:
        """Note one answer, if it is one of those."""
        if fault or not exchange.is_api or answer.content_type != JSON:
            return
        line = {"call": f"{exchange.method} {exchange.path}", "answer": answer.body}
        with self._lock, self._file.open("a", encoding="utf-8") as file:
            file.write(dumps(line) + "\n")
