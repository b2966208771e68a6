"""Whether exporting one invoice costs more, and memory grows, when many wait.

Limits and latency are off; what is counted is the processor's time of the Odoo process
and of its PostgreSQL sessions.
"""

import argparse
import statistics
import threading

import psutil

from bench_run.bench import Bench, Measured

MIB = 2**20
SAMPLE_S = 0.1
ORIGINALS = 250


class Memory:
    """Watches the memory of a process while a block runs."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._done = threading.Event()
        self.highest_mib = self.now_mib

    @property
    def now_mib(self) -> float:
        return self._process.memory_info().rss / MIB

    def __enter__(self) -> "Memory":
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._done.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._done.wait(SAMPLE_S):
            self.highest_mib = max(self.highest_mib, self.now_mib)


def run(options: argparse.Namespace) -> Measured:
    """Drain a small backlog, the large one, and a small one again."""
    from bench_run.equipment.place import connected_company

    with connected_company("backlog") as place, place.odoo_process() as odoo:
        place.use_catalogue(odoo)
        odoo.tell("lift_limits")
        originals = odoo.tell("draft", count=ORIGINALS)
        odoo.tell("post", ids=originals)
        odoo.tell("drain")
        needed = options.large + 2 * options.small
        copies = odoo.tell("multiply", ids=originals, copies=-(-needed // ORIGINALS))

        def drained(count: int):
            odoo.tell("enqueue", ids=[copies.pop() for _number in range(count)])
            with Memory(odoo.pid) as memory:
                cost = odoo.tell("drain")
            return cost, memory.highest_mib

        small, mib = drained(options.small)
        large, mib_large = drained(options.large)
        again, _mib = drained(options.small)

    def each(cost, count: int) -> float:
        return 1000 * (cost.cpu_s + cost.database_cpu_s) / count

    small_ms = statistics.mean(each(cost, options.small) for cost in (small, again))
    large_ms = each(large, options.large)
    wall_ms = statistics.mean(1000 * c.wall_s / options.small for c in (small, again))
    large_wall_ms = 1000 * large.wall_s / options.large
    return Measured(
        {"large": options.large, "small": options.small},
        {
            "cost_ratio": round(large_ms / small_ms, 3),
            "memory_growth_mib": round(mib_large - mib, 1),
            "wall_ratio": round(large_wall_ms / wall_ms, 3),
            "cpu_ms_small": round(small_ms, 3),
            "cpu_ms_large": round(large_ms, 3),
            "wall_ms_large": round(large_wall_ms, 3),
            "memory_mib": round(mib_large, 1),
        },
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument("--large", type=int, default=20_000, metavar="N")
    parser.add_argument("--small", type=int, default=1_000, metavar="N")


BENCH = Bench(
    "backlog",
    "cost of an invoice, and memory, when 20,000 wait / when 1,000 do",
    run,
    limits={"cost_ratio": 1.1, "memory_growth_mib": 50},
    needs=("odoo", "python", "postgresql"),
    arguments=arguments,
)
