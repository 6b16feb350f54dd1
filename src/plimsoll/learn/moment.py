"""Points in time as far as a text states them: any part may be absent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

_SOME_LEAP_YEAR = 2000


class Moment(Struct, frozen=True):
    """Year, month, day, clock and offset (minutes east of Greenwich), each None where not stated."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int = 0
    offset: int | None = None

    @property
    def has_clock(self) -> bool:
        return self.hour is not None and self.minute is not None

    @property
    def has_date(self) -> bool:
        return self.month is not None and self.day is not None

    @property
    def is_nothing(self) -> bool:
        return self.year is None and not self.has_date and not self.has_clock

    @property
    def date(self) -> tuple[int | None, int | None, int | None]:
        return self.year, self.month, self.day

    @property
    def clock(self) -> int | None:
        """Minutes since midnight."""
        if self.hour is None or self.minute is None:
            return None
        return 60 * self.hour + self.minute

    def iso(self) -> str | None:
        """ISO 8601 with the parts that are stated; None where that is nothing that it can say."""
        clock = f"T{self.hour:02}:{self.minute:02}:{self.second:02}" if self.has_clock else ""
        if clock and self.offset is not None:
            clock += offset_text(self.offset)
        if self.has_date:
            year = f"{self.year:04}-" if self.year is not None else "--"
            return f"{year}{self.month:02}-{self.day:02}{clock}"
        if clock:
            return clock
        if self.year is None:
            return None
        return f"{self.year:04}-{self.month:02}" if self.month else f"{self.year:04}"

    def dated_as(self, other: Moment | None) -> Moment:
        """With the date of *other* where this has none, and its year where only that is absent."""
        if other is None:
            return self
        if self.has_date:
            is_bare = self.year is None and other.year is not None
            return replace(self, year=other.year) if is_bare else self
        if self.month is not None or self.year is not None:
            return self
        return replace(self, year=other.year, month=other.month, day=other.day)

    def days_later(self, days: int) -> Moment:
        """The same clock some days on; unchanged without a date."""
        if not days or self.month is None or self.day is None:
            return self
        try:
            day = datetime(self.year or _SOME_LEAP_YEAR, self.month, self.day, tzinfo=UTC)
            day += timedelta(days=days)
        except (ValueError, OverflowError):
            return self
        year = None if self.year is None else day.year
        return replace(self, year=year, month=day.month, day=day.day)

    def instant(self) -> datetime | None:
        """For arithmetic between moments of one text; None without a clock or for no real date."""
        if self.hour is None or self.minute is None:
            return None
        date = (self.year or _SOME_LEAP_YEAR, self.month or 1, self.day or 1)
        try:
            at = datetime(*date, self.hour, self.minute, tzinfo=UTC)
            return at - timedelta(minutes=self.offset or 0)
        except (ValueError, OverflowError):
            return None


def offset_text(minutes: int) -> str:
    """+05:30 for 330."""
    sign, size = ("-" if minutes < 0 else "+"), abs(minutes)
    return f"{sign}{size // 60:02}:{size % 60:02}"


def minutes_between(start: Moment | None, end: Moment | None) -> int | None:
    """Whole minutes from *start* to *end*; None where their parts do not allow it.

    Without dates the end is at most a day later. An offset that only one of them states is that of
    both.
    """
    if start is None or end is None:
        return None
    if start.offset is None or end.offset is None:
        start, end = replace(start, offset=None), replace(end, offset=None)
    if start.has_date != end.has_date:
        return None
    if (start.year is None) != (end.year is None):
        start, end = replace(start, year=None), replace(end, year=None)
    first, last = start.instant(), end.instant()
    if first is None or last is None:
        return None
    minutes = round((last - first).total_seconds() / 60)
    return minutes % 1440 if not start.has_date else minutes
