"""Agents that run on by themselves: some for two weeks, some for one costly day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle, islice, repeat
from random import Random
from typing import Final

from bot.playground.company.delivery import midnight
from bot.playground.company.habits import Habit
from bot.playground.company.prone import Prone
from bot.playground.company.usage import UsageFact, fact_of

TOLD_AFTER = timedelta(days=3, hours=6)
LOOP: Final = timedelta(weeks=2)
LOOP_TIMES, COSTLY_TIMES = 10.5, 14.0
"""A day of it, in the person's usual active days."""
LEAST_COSTLY_DAY = 65.0
UP_AND_DOWN = (0.96, 1.04)
KNOWN_BEFORE_LOOPS, KNOWN_BEFORE_COSTLY_DAYS = timedelta(weeks=11), timedelta(weeks=8)
"""The first month with a tool is for trying out; then it takes six weeks, or ten active days."""
BEFORE_THE_END: Final = (timedelta(weeks=3), timedelta(weeks=4))
"""When loops began, so that both their weeks were over in one of the last two."""
AFTER_THE_END: Final = timedelta(weeks=6)
COSTLY_DAYS_BEFORE: Final = (timedelta(days=6), timedelta(days=12))
"""A Tuesday and a Wednesday."""
LOOP_MIX = (0.01, 0.96, 0.028, 0.0, 0.002)
"""Nearly all of it is read again and again, and hardly anything written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runaway:
    """From *first_day* on an agent costs *person* about so many dollars, every day alike."""

    person: str
    first_day: date
    days: int
    dollars: float

    def is_on(self, day: date) -> bool:
        return self.first_day <= day < self.last_day + timedelta(days=1)

    @property
    def last_day(self) -> date:
        return self.first_day + timedelta(days=self.days - 1)

    @property
    def is_loop(self) -> bool:
        """Whether it went on for weeks; else it was one day."""
        return self.days > 1

    def is_told_by(self, now: datetime) -> bool:
        """Whether its person has heard of it: providers may be two days late with a day."""
        return now >= midnight(self.last_day) + TOLD_AFTER


def runaways_of(who: Prone, start: date, today: date) -> tuple[Runaway, ...]:
    """Theirs, seen from *today*: some lately, some later; none before enough is known of them."""
    half = (len(who.loops) + 1) // 2
    begins = [*islice(_beginnings(start, today), half), *repeat(today + AFTER_THE_END, half)]
    days = cycle(today - before for before in COSTLY_DAYS_BEFORE)
    return (
        *(
            _loop(habit, begin)
            for habit, begin in zip(who.loops, begins, strict=False)
            if begin - start >= KNOWN_BEFORE_LOOPS
        ),
        *(
            _costly_day(habit, day)
            for habit, day in zip(who.costly, days, strict=False)
            if day - start >= KNOWN_BEFORE_COSTLY_DAYS
        ),
    )


def _beginnings(start: date, today: date) -> Iterator[date]:
    """Of one loop after another, in turns, where the earlier one is not too early."""
    latest, earlier = (today - before for before in BEFORE_THE_END)
    return cycle([latest, earlier] if earlier - start >= KNOWN_BEFORE_LOOPS else [latest])


def ran_away(
    facts: Sequence[UsageFact], runaways: Sequence[Runaway], habits: Sequence[Habit], day: date
) -> list[UsageFact]:
    """*facts* of *day*, in which an agent takes the place of what its person did otherwise."""
    running = {runaway.person: runaway for runaway in runaways if runaway.is_on(day)}
    if not running:
        return list(facts)
    by_person = {habit.slack_id: habit for habit in habits}
    of_others = [fact for fact in facts if fact.person not in running]
    return of_others + [_fact(by_person[who], day, it.dollars) for who, it in running.items()]


def _loop(habit: Habit, begin: date) -> Runaway:
    dollars = habit.usual_dollars * LOOP_TIMES
    return Runaway(person=habit.slack_id, first_day=begin, days=LOOP.days, dollars=dollars)


def _costly_day(habit: Habit, day: date) -> Runaway:
    dollars = max(LEAST_COSTLY_DAY, habit.usual_dollars * COSTLY_TIMES)
    return Runaway(person=habit.slack_id, first_day=day, days=1, dollars=dollars)


def _fact(habit: Habit, day: date, dollars: float) -> UsageFact:
    rng, choice = Random(f"runaway/{habit.slack_id}/{day}"), habit.providers[0]
    return fact_of(
        provider=choice.account.provider,
        day=day,
        person=habit.slack_id,
        account=choice.account.id,
        api_key=choice.account.api_key,
        product=choice.product,
        model=choice.models[0],
        target=dollars * rng.uniform(*UP_AND_DOWN),
        mix=LOOP_MIX,
        rng=rng,
    )
