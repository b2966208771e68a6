"""PostgreSQL goes away and comes back."""

import os
import random
import subprocess
import threading
from contextlib import closing

import psycopg2
from checks.paths import ROOT

from chaos_run.beat import Beat
from chaos_run.nodes import Node

#: As by a power cut: sessions end without a word, the log is replayed.
RESTART = ". setup/lib.sh; lock; pg_ctl -w -m immediate restart >/dev/null; unlock"
SHORTEST_S, LONGEST_S = 15.0, 60.0
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND datname NOT IN (%s, 'postgres')
"""


class PostgresqlRestarts(threading.Thread):
    """Restarts setup's own PostgreSQL a few times, while nobody else uses it."""

    def __init__(
        self, database: str, nodes: list[Node], wanted: int, seed: int
    ) -> None:
        super().__init__(name="postgresql", daemon=True)
        self._database, self._nodes = database, nodes
        self._wanted = wanted if os.environ.get("CHAOS_OWNS_POSTGRESQL") else 0
        self._chance = random.Random(f"{seed} postgresql")
        self.beat = Beat(self._chance.uniform(SHORTEST_S, LONGEST_S))
        self.count = 0
        if self._wanted:
            self._keep_copies()

    def _keep_copies(self) -> None:
        """A database that was copied takes its sequences' reserves along, for which no
        log is written in the copy: replayed, they would begin again where the original
        stood, and ids that are taken be given out anew. Not after a checkpoint.
        """
        with closing(psycopg2.connect(dbname="postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("CHECKPOINT")

    def run(self) -> None:
        """Restart now and then until there were as many as wanted."""
        while self.count < self._wanted and self.beat.wait():
            if not self._is_used_by_others():
                subprocess.run(["bash", "-euc", RESTART], cwd=ROOT, check=True)
                self.count += 1
                for node in self._nodes:
                    node.database_restarted()

    def stop(self) -> None:
        """No more; returns when the server is there."""
        self.beat.stop()
        self.join()

    def _is_used_by_others(self) -> bool:
        with closing(psycopg2.connect(dbname="postgres")) as connection:
            with connection.cursor() as cursor:
                cursor.execute(OTHERS, (self._database,))
                return cursor.fetchone()[0] > 0
