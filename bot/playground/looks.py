"""When the clock looks, and where it stops: in nobody's night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from bot.domain.periods import days, midnight
from bot.playground.page.stage import Goal

NIGHT = timedelta(hours=5, minutes=5)
WORKING = timedelta(hours=14)
"""When Europe is still at work, and America already."""
HOURS: Mapping[int, tuple[int, ...]] = {0: (8, 14, 20), 1: (8, 14, 20)}
"""Monday and Tuesday, when messages go out round the world."""
SELDOM = (NIGHT, WORKING, timedelta(hours=20))
"""On Tuesdays alone: once in everybody's working day, and after teams' summaries are due."""
LIVED_CLOSELY = timedelta(days=6)
MONDAY, TUESDAY = 0, 1


def every_night(after: datetime, until: datetime) -> list[datetime]:
    """Each night after *after*, the hours of the messages, and *until* itself."""
    looks = (look for day in days(after.date(), until.date()) for look in _of(day))
    return sorted({until, *(look for look in looks if after < look < until)})


def first_weeks(installed: datetime, until: datetime) -> list[datetime]:
    """As if the machine slept between Tuesdays, but for the last days: the bot catches up."""
    closely_from = max(installed, midnight(until.date() - LIVED_CLOSELY))
    tuesdays = [day for day in days(installed.date(), closely_from.date()) if _is_tuesday(day)]
    seldom = (midnight(day) + time for day in tuesdays for time in SELDOM)
    before = {look for look in seldom if installed < look < closely_from}
    return sorted({installed, *before, *every_night(closely_from, until)})


def moment_of(goal: Goal, now: datetime) -> datetime:
    match goal:
        case Goal.TOMORROW:
            return midnight(now.date() + timedelta(days=1)) + WORKING
        case Goal.NEXT_MONDAY:
            return _first(MONDAY, now.date() + timedelta(days=1))
        case Goal.NEXT_MONTH:
            return _first(MONDAY, _first_of_next_month(now.date()))


def last_tuesday(today: date) -> date:
    """The last one until *today*: Monday's digests are out by then, and most summaries."""
    return today - timedelta(days=(today.weekday() - TUESDAY) % 7)


def _of(day: date) -> Iterator[datetime]:
    yield midnight(day) + NIGHT
    for hour in HOURS.get(day.weekday(), ()):
        yield midnight(day) + timedelta(hours=hour)


def _is_tuesday(day: date) -> bool:
    return day.weekday() == TUESDAY


def _first(weekday: int, day: date) -> datetime:
    """That weekday's working moment, on *day* or after it."""
    return midnight(day + timedelta(days=(weekday - day.weekday()) % 7)) + WORKING


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
