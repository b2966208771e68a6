import threading


class ExchangeRecorder:
    """Collects the exchanges of a client, whose threads must not touch the ORM.

    Hand it to the connection's `_client()`; afterwards the thread that owns a cursor
    gives what was collected to `qbo.log`.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._exchanges = []

    def __call__(self, exchange) -> None:
        """Take a quickbooks.Exchange (already redacted)."""
        with self._lock:
            self._exchanges.append(exchange)

    def take(self) -> list:
        """Return what came since the last time, oldest first."""
        with self._lock:
            taken, self._exchanges = self._exchanges, []
        return taken
