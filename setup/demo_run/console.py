"""What the demo tells the person at the terminal while it works."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str) -> None:
    """One line of progress; on stderr, so that stdout holds the table alone."""
    sys.stderr.write(f"demo: {text}\n")
    sys.stderr.flush()


def show(text: str) -> None:
    """A part of the result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step and, once it is done, tell how long it took."""
    say(f"{text} ...")
    begun = time.monotonic()
    yield
    say(f"{text}: done ({time.monotonic() - begun:.1f} s)")
