"""One figure a week: its middle over some weeks, and whether a change is more than ups and downs.

The middle is the median, so that a single odd week neither finds a tip nor makes one look heeded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from bot.domain.coaching.facts import RECENT_WEEKS, Facts, ModelWeek, once, weeks_up_to
from bot.domain.periods import IsoWeek
from bot.domain.statistics import quantile
from bot.domain.tiers import Tier

Weekly = Mapping[IsoWeek, Decimal]
Read = Callable[[Sequence[ModelWeek]], Decimal | None]

HISTORY_WEEKS = 16
FEWEST_CHECKED = 2
"""Of the three weeks after a tip, so many must tell something."""
FEWEST_RECENT = 3
FEWEST_EARLIER = 4
FEWEST_STEPS = 3
_HALF = Decimal("0.5")
_STEP_OF_NOISE = Decimal("0.954")
"""The median step from one week to the next is so many standard deviations of pure noise."""
_TOLD_APART = 6
"""A third of so many standard deviations is 2.3 times the error of the difference between a median
of four weeks and one of three: noise alone goes a third of the way in fewer than 1 case of 50."""


def weekly(facts: Facts, use: Iterable[ModelWeek], read: Read) -> Weekly:
    """What *read* tells of each week of *use*, without weeks that were all experiments."""
    by_week: defaultdict[IsoWeek, list[ModelWeek]] = defaultdict(list)
    for entry in use:
        by_week[entry.week].append(entry)
    told = {week: read(entries) for week, entries in by_week.items()}
    left_out = weeks_of_experiments(facts) if told else ()
    return {
        week: value for week, value in told.items() if value is not None and week not in left_out
    }


def middle(values: Weekly, weeks: Iterable[IsoWeek], fewest: int) -> Decimal | None:
    """The median over *weeks*, ``None`` where fewer than *fewest* of them tell a value."""
    known = [values[week] for week in weeks if week in values]
    return quantile(known, _HALF) if len(known) >= fewest else None


def recent_middle(facts: Facts, values: Weekly) -> Decimal | None:
    return middle(values, weeks_until(facts.until)[-RECENT_WEEKS:], FEWEST_RECENT)


def told_recently(facts: Facts, values: Weekly) -> Collection[IsoWeek]:
    """Those of the weeks that a tip is about which tell a value."""
    return [week for week in weeks_until(facts.until)[-RECENT_WEEKS:] if week in values]


def earlier_middle(facts: Facts, values: Weekly) -> Decimal | None:
    return middle(values, earlier_weeks(facts), FEWEST_EARLIER)


def earlier_weeks(facts: Facts) -> Sequence[IsoWeek]:
    """Those before the weeks that a tip is about."""
    return weeks_until(facts.until)[:-RECENT_WEEKS]


def checkable(
    values: Weekly, now: Decimal, goal: Decimal
) -> tuple[Decimal, Decimal] | tuple[None, None]:
    """*now* and *goal*, or nothing to check where noise alone might go a third of the way."""
    return (now, goal) if _stands_out(values, goal - now) else (None, None)


def _stands_out(values: Weekly, change: Decimal) -> bool:
    ordered = [values[week] for week in sorted(values)]
    steps = [abs(later - earlier) for earlier, later in pairwise(ordered)]
    if len(steps) < FEWEST_STEPS:
        return False
    return abs(change) >= _TOLD_APART * quantile(steps, _HALF) / _STEP_OF_NOISE


@once
def weeks_of_experiments(facts: Facts) -> Collection[IsoWeek]:
    """The weeks with use, all of which was for trying things out."""
    use = facts.history.use
    tried = {entry.day for entry in use if entry.tier is Tier.EXPLORATION and entry.is_use}
    if not tried:
        return ()
    others = {entry.day for entry in use if entry.tier is not Tier.EXPLORATION and entry.is_use}
    return {_week_of(day) for day in tried} - {_week_of(day) for day in others}


def weeks_until(last: IsoWeek) -> tuple[IsoWeek, ...]:
    """All weeks that facts are of, the oldest first."""
    return weeks_up_to(last, HISTORY_WEEKS)


@lru_cache(maxsize=1024)
def _week_of(day: date) -> IsoWeek:
    return IsoWeek.of(day)
