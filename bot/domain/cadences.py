"""What a digest is about: a day, an ISO week or a month, all of UTC, as often as it is wished."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from bot.domain.periods import IsoWeek, Period, month_of
from bot.domain.preferences import Cadence

_PERIODS: Mapping[Cadence, Callable[[date], Period]] = MappingProxyType(
    {
        Cadence.WEEKLY: lambda day: IsoWeek.of(day).period,
        Cadence.MONTHLY: month_of,
        Cadence.DAILY: lambda day: Period.of_days(day, day),
    }
)
TELLING = tuple(_PERIODS)
"""Every cadence but that of those who want no digest."""


def period_of(cadence: Cadence, day: date) -> Period:
    """The day, week or month that *day* is in."""
    return _PERIODS[cadence](day)


def period_before(cadence: Cadence, period: Period) -> Period:
    return period_of(cadence, period.first_day - timedelta(days=1))


def last_closed(cadence: Cadence, now: datetime) -> Period:
    return period_before(cadence, period_of(cadence, now.astimezone(UTC).date()))
