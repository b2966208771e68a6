"""What a measurement is, and which ones there are."""

import argparse
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field

import bench_run


@dataclass(frozen=True)
class Measured:
    """What came out: the inputs that were used, and the figures by name."""

    inputs: dict[str, object]
    figures: dict[str, float]


def no_arguments(_parser: argparse.ArgumentParser) -> None:
    """A measurement without inputs of its own."""


@dataclass(frozen=True)
class Bench:
    """One measurement.

    ``limits`` are what the figures of the same names are judged by; ``needs`` the
    parts of setup/lib.sh to be brought before (python is always there); ``arguments``
    adds its own options to the command line.
    """

    name: str
    about: str
    run: Callable[[argparse.Namespace], Measured]
    limits: dict[str, float] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    arguments: Callable[[argparse.ArgumentParser], None] = no_arguments


def benches() -> dict[str, Bench]:
    """All measurements by name: those of every module in this folder."""
    found = {}
    for module in pkgutil.iter_modules(bench_run.__path__):
        if module.ispkg or module.name.startswith("__"):
            continue
        bench = getattr(
            importlib.import_module(f"bench_run.{module.name}"), "BENCH", None
        )
        if bench is not None:
            found[bench.name] = bench
    return found
