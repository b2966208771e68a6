"""The emulator's time: the machine's clock plus an offset that tests may move."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

__all__ = ["Clock", "microseconds", "moment_of", "stamp", "stamp_ms"]

#: Times in Intuit's answers carry Pacific offsets, whatever the company's place.
PACIFIC = ZoneInfo("America/Los_Angeles")
_MOMENT = re.compile(
    r"(?P<whole>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)"
    r"(?:\.(?P<fraction>\d{1,9}))?(?P<offset>Z|[+-]\d\d:?\d\d)?"
)
#: The years that the clock may be moved to.
_YEARS = range(2000, 2201)
_FURTHEST_S = 200 * 366 * 86_400.0
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
        """Move time; a negative number moves it back.

        Raises ``ValueError``, and leaves the time as it is, where the years 2000 to
        2200 would end: each answer and token needs dates around it.
        """
        offset_s = self.offset_s + seconds
        if not abs(offset_s) < _FURTHEST_S:
            raise ValueError(f"the clock cannot be moved by {seconds} seconds")
        year = (datetime.now(timezone.utc) + timedelta(seconds=offset_s)).year
        if year not in _YEARS:
            raise ValueError(f"the clock cannot be moved to the year {year}")
        self.offset_s = offset_s


def moment_of(text: str) -> datetime:
    """Return the moment that a client writes, aware; without an offset it is Pacific.

    Takes a date alone, fractions of any length, ``Z``, ``-0700`` and ``-07:00``. Raises
    ``ValueError``.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text} is not a date and time")
    fraction = (match["fraction"] or "0").ljust(6, "0")[:6]
    offset = match["offset"] or ""
    if offset == "Z":
        offset = "+00:00"
    elif offset and ":" not in offset:
        offset = f"{offset[:3]}:{offset[3:]}"
    day, _, time = match["whole"].replace("T", " ").partition(" ")
    whole = datetime.fromisoformat(f"{day}T{time or '00:00'}{offset}")
    if whole.tzinfo is None:
        whole = whole.replace(tzinfo=PACIFIC)
    try:
        return whole.replace(microsecond=int(fraction)).astimezone(timezone.utc)
    except OverflowError:
        raise ValueError(f"{text} is beyond the calendar") from None


def stamp(moment: datetime) -> str:
    """``2026-09-01T02:03:04-07:00``: the form of MetaData times."""
    return moment.astimezone(PACIFIC).isoformat(timespec="seconds")


def stamp_ms(moment: datetime) -> str:
    """``2026-09-01T02:03:04.567-07:00``: the form of an answer's ``time``."""
    return moment.astimezone(PACIFIC).isoformat(timespec="milliseconds")


def microseconds(moment: datetime) -> int:
    """Return whole microseconds since 1970: how the store keeps and compares times."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
