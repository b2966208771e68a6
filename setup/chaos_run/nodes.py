"""Odoo servers that are killed and started again, at random moments, named points."""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from demo_run.failure import DemoFailure
from demo_run.processes import Server, odoo

VARIABLE = "SERVICE_BILLING_QBO_FAULT_POINT"
POINTS = ("before_send", "sent", "answer_read", "before_commit", "after_commit")
#: Seconds that a server lives after it answers, at most, when no point ends it.
SHORTEST_LIFE_S, LONGEST_LIFE_S = 1.0, 14.0
LATEST_HIT = 6
CRON_THREADS = 2
POLL_S = 0.05
START = "/web/login"


class Kills:
    """How many are wanted, and what they were."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._lock = threading.Lock()
        self.by_point = 0
        self.by_moment = 0

    @property
    def count(self) -> int:
        """How many there were."""
        return self.by_point + self.by_moment

    @property
    def enough(self) -> bool:
        """Whether there were as many as wanted."""
        return self.count >= self._wanted

    def note(self, *, at_point: bool) -> None:
        """One more."""
        with self._lock:
            if at_point:
                self.by_point += 1
            else:
                self.by_moment += 1


class Node(threading.Thread):
    """One Odoo server of several on a database; a thread that kills and starts it.

    :param environment: of the addon
    :param is_office: it serves pages, runs no jobs and is not killed, so that people
        can go on working
    """

    def __init__(
        self,
        number: int,
        database: str,
        folder: Path,
        environment: dict[str, str],
        kills: Kills,
        seed: int,
        port: int,
        *,
        is_office: bool = False,
    ) -> None:
        super().__init__(name=f"node {number}", daemon=True)
        self._database, self._folder = database, folder / f"node{number}"
        self._environment, self._kills = environment, kills
        self._chance = random.Random(f"{seed} node {number}")
        self._port, self._is_office = port, is_office
        self._server: Server | None = None
        self.url = f"http://localhost:{port}"
        self.done = threading.Event()
        self.settled = threading.Event()
        self._without_jobs = threading.Event()

    def run(self) -> None:
        """Kill and start until there were enough kills, then start it to stay."""
        while not self.done.is_set():
            self.settled.clear()
            self._without_jobs.clear()
            try:
                if self._is_office or self._kills.enough:
                    self._stay()
                else:
                    self._live_and_die()
            finally:
                self._end()

    def database_restarted(self) -> None:
        """Start it anew: the threads of a server that run scheduled actions end when
        PostgreSQL goes away (``cron_thread`` in odoo/service/server.py)."""
        if not self._is_office:
            self.settled.clear()
            self._without_jobs.set()

    def stop(self) -> None:
        """End it for good."""
        self.done.set()
        if self.is_alive():
            self.join()

    @property
    def is_up(self) -> bool:
        """Whether it was started and not killed since."""
        server = self._server
        return bool(server and server.is_running)

    @property
    def log(self) -> Path:
        """Where it writes what it does."""
        return self._folder / "odoo.log"

    def _live_and_die(self) -> None:
        """Start it, and kill it unless it ends at a named point before."""
        point = self._chance.choice(POINTS) if self._chance.random() < 0.5 else ""
        hit = self._chance.randint(1, LATEST_HIT)
        life_s = self._chance.uniform(SHORTEST_LIFE_S, LONGEST_LIFE_S)
        try:
            self._start({VARIABLE: f"{point}:{hit}"} if point else {})
        except DemoFailure:
            if self._server.ended_by == signal.SIGKILL:
                self._kills.note(at_point=True)
            return
        self._wait(LONGEST_LIFE_S if point else life_s)
        at_point = not self._server.is_running
        if not at_point:
            os.kill(self._server.pid, signal.SIGKILL)
        self._kills.note(at_point=at_point)

    def _stay(self) -> None:
        """Start it, and let it be."""
        try:
            self._start({})
        except DemoFailure:
            return  # PostgreSQL was away: once more
        self.settled.set()
        self._wait(float("inf"))

    def _start(self, more: dict[str, str]) -> None:
        self._server = odoo(
            self._port,
            self._database,
            self._folder,
            {**self._environment, **more},
            cron_threads=0 if self._is_office else CRON_THREADS,
        )
        self._server.start(START)

    def _wait(self, seconds: float) -> None:
        """Until it ended, is not wanted any more, has no jobs, or the time is over."""
        deadline = time.monotonic() + seconds
        while self._server.is_running and time.monotonic() < deadline:
            if self.done.is_set() or self._without_jobs.is_set():
                return
            time.sleep(POLL_S)

    def _end(self) -> None:
        server, self._server = self._server, None
        if server:
            server.stop()


def running(nodes: list[Node], chance: random.Random) -> Iterator[Node]:
    """The nodes that are up, in an order of chance."""
    for node in chance.sample(nodes, len(nodes)):
        if node.is_up:
            yield node
