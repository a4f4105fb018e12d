"""When a reader gets a message: on the local clock, never before the period's figures are in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.cadences import last_closed, period_before
from bot.domain.periods import IsoWeek, Period
from bot.domain.preferences import Cadence

LAST_HOUR = 18
FIGURES_ARE_IN = timedelta(hours=6)
"""How long after a period's end its last day is collected."""


@dataclass(frozen=True, slots=True)
class DigestTime:
    """What decides when people's digests come: their clock, and the weekday of their own."""

    time_zone: str
    own_day: int | None = None


def zone_named(name: str) -> ZoneInfo:
    """The time zone called *name*, UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def due_at(period: Period, time_zone: str, *, weekday: int | None, hour: int) -> datetime:
    """When what is told of *period* is due: at that hour of the local clock, on the first day
    after it, or on the first such weekday.
    """
    day = period.end.date()
    if weekday is not None:
        day += timedelta(days=(weekday - day.weekday()) % 7)
    zone = zone_named(time_zone)
    wished = datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)
    return within_hours(max(wished, period.end + FIGURES_ARE_IN), time_zone, hour)


def weekly_due(week: IsoWeek, time_zone: str, *, weekday: int, hour: int) -> datetime:
    return due_at(week.period, time_zone, weekday=weekday, hour=hour)


def within_hours(moment: datetime, time_zone: str, first_hour: int) -> datetime:
    """*moment*, or the next one at which it is between *first_hour* and the evening there."""
    local = moment.astimezone(zone_named(time_zone))
    if first_hour <= local.hour < LAST_HOUR:
        return moment
    day = local.date() + timedelta(days=1 if local.hour >= first_hour else 0)
    start = datetime(day.year, day.month, day.day, first_hour, tzinfo=local.tzinfo)
    return start.astimezone(UTC)


def latest_due(
    cadence: Cadence, now: datetime, time_zone: str, *, weekday: int, hour: int
) -> Period:
    """The latest closed period of which it is time to tell there; a day waits for no weekday."""
    on = None if cadence is Cadence.DAILY else weekday
    period = last_closed(cadence, now)
    while due_at(period, time_zone, weekday=on, hour=hour) > now:
        period = period_before(cadence, period)
    return period


def latest_due_week(now: datetime, time_zone: str, *, weekday: int, hour: int) -> IsoWeek:
    """The latest closed week of which it is time to tell there."""
    return IsoWeek.of(
        latest_due(Cadence.WEEKLY, now, time_zone, weekday=weekday, hour=hour).first_day
    )
