"""The emulator's time: the machine's clock plus an offset that tests may move."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

__all__ = ["Clock", "microseconds", "stamp", "stamp_ms"]

#: Times in Intuit's answers carry Pacific offsets, whatever the company's place.
PACIFIC = ZoneInfo("America/Los_Angeles")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Clock:
    """Time that can be moved, never set back by the machine's own time zone."""

    def __init__(self, offset_s: float = 0.0) -> None:
        self.offset_s = offset_s

    def now(self) -> datetime:
        """Return the emulator's present moment, aware, in UTC."""
        return datetime.now(timezone.utc) + timedelta(seconds=self.offset_s)

    def today(self) -> date:
        """Return the date on the server's wall: Pacific, as QuickBooks defaults
        TxnDate."""
        return self.now().astimezone(PACIFIC).date()

    def advance(self, seconds: float) -> None:
        """Move time; a negative number moves it back."""
        self.offset_s += seconds


def stamp(moment: datetime) -> str:
    """``2026-09-01T02:03:04-07:00``: the form of MetaData times."""
    return moment.astimezone(PACIFIC).isoformat(timespec="seconds")


def stamp_ms(moment: datetime) -> str:
    """``2026-09-01T02:03:04.567-07:00``: the form of an answer's ``time``."""
    return moment.astimezone(PACIFIC).isoformat(timespec="milliseconds")


def microseconds(moment: datetime) -> int:
    """Return whole microseconds since 1970: how the store keeps and compares times."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
