"""When a reader gets a message: on the local clock, never before the week's figures are in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.periods import IsoWeek

LAST_HOUR = 18
FIGURES_ARE_IN = timedelta(hours=6)
"""How long after a week's end its last day is collected."""


def zone_named(name: str) -> ZoneInfo:
    """The time zone called *name*, UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def weekly_due(week: IsoWeek, time_zone: str, *, weekday: int, hour: int) -> datetime:
    """When what is told of *week* is due: the next such weekday and hour on the local clock."""
    day = week.monday + timedelta(days=7 + weekday)
    zone = zone_named(time_zone)
    wished = datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)
    return within_hours(max(wished, week.period.end + FIGURES_ARE_IN), time_zone, hour)


def within_hours(moment: datetime, time_zone: str, first_hour: int) -> datetime:
    """*moment*, or the next one at which it is between *first_hour* and the evening there."""
    local = moment.astimezone(zone_named(time_zone))
    if first_hour <= local.hour < LAST_HOUR:
        return moment
    day = local.date() + timedelta(days=1 if local.hour >= first_hour else 0)
    start = datetime(day.year, day.month, day.day, first_hour, tzinfo=local.tzinfo)
    return start.astimezone(UTC)


def latest_due_week(now: datetime, time_zone: str, *, weekday: int, hour: int) -> IsoWeek:
    """The latest closed week of which it is time to tell there."""
    week = IsoWeek.last_closed(now)
    while weekly_due(week, time_zone, weekday=weekday, hour=hour) > now:
        week = week.back(1)
    return week
