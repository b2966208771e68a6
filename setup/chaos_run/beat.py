"""The time between two of the same kind."""

import threading


class Beat:
    """Something happens every so often until it is stopped."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._stopped = threading.Event()

    def wait(self) -> bool:
        """Wait for the next time; False when it was stopped."""
        return not self._stopped.wait(self._every_s)

    def stop(self) -> None:
        """No more."""
        self._stopped.set()
