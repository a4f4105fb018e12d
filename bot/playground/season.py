"""Living through the weeks: the clock is moved, and the bot does what is due each time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta

from bot.app import Upshot
from bot.clock import SetClock
from bot.domain.periods import days, midnight
from bot.playground.company import Company
from jobs.once import run_all_due

NIGHT = timedelta(hours=5, minutes=5)
BEFORE_ALL = timedelta(days=-1)
DELIVERY_DAYS = (0, 1)
"""Monday and Tuesday, when messages go out round the world."""


def moments(company: Company, *, installed_after: timedelta = BEFORE_ALL) -> Iterator[datetime]:
    """When the clock looks: every night, and three times on the days of the messages."""
    for day in days(company.start + installed_after, company.end + timedelta(days=1)):
        yield midnight(day) + NIGHT
        if day.weekday() in DELIVERY_DAYS:
            yield from (midnight(day) + timedelta(hours=hour) for hour in (8, 14, 20))


async def live_through(
    upshot: Upshot,
    clock: SetClock,
    company: Company,
    on_moment: Callable[[datetime], None],
    before: Callable[[datetime], Awaitable[object]] | None = None,
    *,
    installed_after: timedelta = BEFORE_ALL,
) -> None:
    """Run what is due at every moment of the company's weeks, ending shortly after them.

    *before* is what others do at each moment, ahead of the bot.
    """
    for moment in moments(company, installed_after=installed_after):
        clock.move_to(moment)
        if before is not None:
            await before(moment)
        await run_all_due(upshot.queue, upshot.tick)
        on_moment(moment)
