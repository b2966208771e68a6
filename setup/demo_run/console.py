"""What the demo tells the person at the terminal while it works."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TELL_EVERY_S = 10.0
#: Whose lines these are; commands built on the demo's parts put their own name here.
speaker = "demo"


def say(text: str) -> None:
    """One line of progress; on stderr, so that stdout holds the table alone."""
    sys.stderr.write(f"{speaker}: {text}\n")
    sys.stderr.flush()


def show(text: str) -> None:
    """A part of the result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextmanager
def step(text: str, progress: Callable[[], str] = str) -> Iterator[None]:
    """Announce a step, tell now and then how far it is, and how long it took.

    :param progress: says in a few words what is going on
    """
    say(f"{text} ...")
    begun = time.monotonic()
    done = threading.Event()

    def tell() -> None:
        while not done.wait(TELL_EVERY_S):
            say(f"{text}: {time.monotonic() - begun:.0f} s ... {progress()}".rstrip())

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
    say(f"{text}: done ({time.monotonic() - begun:.1f} s)")
