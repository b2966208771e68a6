"""`setup/test`: every stage, side by side where they do not wait for each other,
or, with arguments, pytest on what they name."""

import concurrent.futures
import graphlib
import os
import sys
import time
import traceback

from . import databases
from .arguments import run_pytest
from .paths import LOG_DIR
from .results import Result, last_line, table
from .stages import INSTALLATION, STAGES

# Seconds between two lines that tell which stages are at work.
TELL_EVERY_S = 30


def say(text: str) -> None:
    """One line to the reader, at once."""
    print(f"test: {text}", flush=True)


def run_stage(name: str, earlier: dict[str, Result]) -> Result:
    """Run a stage; a mistake in the stage itself is its failure, with traceback."""
    begun = time.monotonic()
    function, needs = STAGES[name]
    result = Result(name)
    if INSTALLATION in needs and not earlier[INSTALLATION].good:
        result.fail("not run, for the addons could not be installed")
    else:
        try:
            result = function(earlier)
        except databases.DatabaseError as error:
            result.fail(str(error))
        except Exception:  # the other stages go on, this one is told
            result.fail(traceback.format_exc())
    result.kind = name
    result.seconds = time.monotonic() - begun
    verdict = "ok" if result.good else "FAILED"
    say(f"{name}: {verdict}, {result.passed} passed ({result.seconds:.0f} s)")
    for note in result.notes[:20]:
        say(f"    {note}")
    return result


def run_all() -> list[Result]:
    """All stages, one more at a time than there are processors.

    Half of its time a stage waits: for a server to start or end, for a back-off.
    """
    graph = graphlib.TopologicalSorter(
        {name: needs for name, (_, needs) in STAGES.items()}
    )
    graph.prepare()
    results: dict[str, Result] = {}
    running: dict[concurrent.futures.Future[Result], str] = {}
    pool = concurrent.futures.ThreadPoolExecutor((os.cpu_count() or 1) + 1)
    try:
        while graph.is_active():
            for name in graph.get_ready():
                running[pool.submit(run_stage, name, results)] = name
            done, _ = concurrent.futures.wait(
                running, TELL_EVERY_S, concurrent.futures.FIRST_COMPLETED
            )
            if not done:
                at_work = [name for future, name in running.items() if future.running()]
                say(f"at work: {', '.join(at_work)}")
            for future in done:
                name = running.pop(future)
                results[name] = future.result()
                graph.done(name)
    finally:
        # After Ctrl-C those at work end by themselves, the others do not begin.
        pool.shutdown(cancel_futures=True)
    return [results[name] for name in STAGES]


def main(arguments: list[str]) -> int:
    """Run what was asked for; 0 only when all passed and nothing was skipped."""
    LOG_DIR.mkdir(parents=True, exist_ok=True)
    databases.drop_leftovers()
    if arguments:
        try:
            results = run_pytest(arguments)
        except databases.DatabaseError as error:
            say(str(error))
            return 1
    else:
        results = run_all()
        print(f"\n{table(results)}\n(logs in {LOG_DIR})")
    print(last_line(results))
    return 0 if results and all(result.good for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
