"""What becomes of a piece of work: it is finished, maybe taken up again, maybe finished anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from bot.playground.company.delivery import midnight
from bot.playground.company.teams import poisson

WORKDAYS, FIRST_HOUR, LAST_HOUR = 5, 7, 19
LONGEST_WAIT = timedelta(weeks=2)
"""How long something may be under way at the most."""
WEEKS_UNDER_WAY = 4
"""After the last week: what is finished in them may have been begun before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """``turns`` are the times when it was finished and taken up again, one after the other."""

    opened_at: datetime
    turns: tuple[datetime, ...] = ()

    def until(self, now: datetime) -> Course:
        """As it is known at *now*."""
        return replace(self, turns=tuple(at for at in self.turns if at <= now))

    @property
    def is_finished(self) -> bool:
        return len(self.turns) % 2 == 1

    @property
    def completed_at(self) -> datetime | None:
        """When it was finished for the last time, also if it was taken up again since."""
        return self.turns[::2][-1] if self.turns else None

    @property
    def reopened_at(self) -> datetime | None:
        """Since when it is not finished any more."""
        return None if self.is_finished or not self.turns else self.turns[-1]

    @property
    def changed_at(self) -> datetime:
        return self.turns[-1] if self.turns else self.opened_at


def mondays(start: date, end: date) -> Iterator[datetime]:
    """The beginning of each whole week from *start* to *end*."""
    return (midnight(start + timedelta(weeks=n)) for n in range((end - start).days // 7))


def mondays_of_work(start: date, end: date) -> Iterator[datetime]:
    """Also of the weeks in which what is under way at *end* will be finished."""
    return mondays(start, end + timedelta(weeks=WEEKS_UNDER_WAY))


def draw_course(
    opened_at: datetime, finished_at: datetime, rng: Random, *, reopened: float, again: float
) -> Course:
    """Finish it at *finished_at*; the shares are of what is taken up again, and of that finished.

    What is taken up again is so within three days.
    """
    turns = [finished_at]
    if rng.random() < reopened:
        turns.append(turns[-1] + timedelta(minutes=rng.randint(20, 3 * 24 * 60)))
        if rng.random() < again:
            turns.append(turns[-1] + timedelta(minutes=rng.randint(20, 2 * 24 * 60)))
    return Course(opened_at=opened_at, turns=tuple(turns))


def moments_of_week(
    monday: datetime, mean: float, dispersion: float, rng: Random
) -> Iterator[datetime]:
    """When something was finished in a week: a negative binomial count of working hours."""
    expected = rng.gammavariate(dispersion, mean / dispersion)
    for _ in range(poisson(expected, rng)):
        yield monday + timedelta(
            days=rng.randrange(WORKDAYS),
            hours=rng.randrange(FIRST_HOUR, LAST_HOUR),
            seconds=rng.randrange(3600),
        )
