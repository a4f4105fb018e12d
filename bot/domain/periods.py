"""Periods of time: half-open, in UTC, and ISO weeks among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Period:
    """From *start* up to, not including, *end*; both aware."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a period is bounded by aware times")
        if self.start > self.end:
            raise ValueError("a period does not end before it starts")

    @classmethod
    def of_days(cls, first: date, last: date) -> Period:
        """The UTC days from *first* to *last*, both included."""
        return cls(midnight(first), midnight(last + timedelta(days=1)))

    @property
    def first_day(self) -> date:
        return self.start.date()

    @property
    def last_day(self) -> date:
        return (self.end - timedelta(microseconds=1)).date()

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


# A tuple: weeks are what figures are looked up by, and a dataclass takes several times as long.
class IsoWeek(NamedTuple):
    """A week of ISO 8601: Monday to Sunday, in UTC."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> IsoWeek:
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def last_closed(cls, now: datetime) -> IsoWeek:
        return cls.of(now.astimezone(UTC).date()).back(1)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def period(self) -> Period:
        return Period.of_days(self.monday, self.monday + timedelta(days=6))

    def back(self, weeks: int) -> IsoWeek:
        return IsoWeek.of(self.monday - timedelta(weeks=weeks))

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from *first* to *last*, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def month_of(day: date) -> Period:
    first = day.replace(day=1)
    return Period(midnight(first), midnight((first + timedelta(days=32)).replace(day=1)))
