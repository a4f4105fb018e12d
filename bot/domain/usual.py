"""What is usual for one person: the middle of the last active weeks, at the prices of now.

Weeks of nothing but experiments (the first with a tool among them) and holiday weeks are no part
of it, nor is what lies before the day on which the person let it start anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.history import USUAL_WEEKS, DayOfUse
from bot.domain.periods import IsoWeek
from bot.domain.statistics import quantile
from bot.domain.tiers import Tier

FEWEST_USUAL_WEEKS = 4
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """One's own ordinary week: the median and the middle of the last active weeks."""

    median: Decimal
    low: Decimal
    high: Decimal
    weeks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveWeek:
    """A week of use that is no experiment; ``spend`` is at the model's first list prices."""

    week: IsoWeek
    spend: Decimal
    days: int


def usual_week(use: Sequence[DayOfUse], *, before: date, since: date | None = None) -> Usual | None:
    """Of the weeks that ended before *before* and began on *since* or later; ``None`` of too few.

    A month may begin in the middle of a week: half a week is not a usual one.
    """
    weeks = usual_weeks(use, before=before, since=since)
    if len(weeks) < FEWEST_USUAL_WEEKS:
        return None
    level = price_level(use)
    spend = [week.spend * level for week in weeks]
    return Usual(
        median=quantile(spend, HALF),
        low=quantile(spend, Decimal("0.1")),
        high=quantile(spend, Decimal("0.9")),
        weeks=len(spend),
    )


def usual_weeks(
    use: Sequence[DayOfUse], *, before: date, since: date | None = None
) -> list[ActiveWeek]:
    """The last eight at the most, the oldest first."""
    monday = IsoWeek.of(before).monday
    active = [
        week
        for week in active_weeks(use)
        if week.week.monday < monday and (since is None or week.week.monday >= since)
    ]
    return _without_holidays(active)[-USUAL_WEEKS:]


def active_weeks(use: Sequence[DayOfUse]) -> list[ActiveWeek]:
    """Each week with use that is no experiment and has a known price, the oldest first."""
    spend: defaultdict[IsoWeek, Decimal] = defaultdict(Decimal)
    days: defaultdict[IsoWeek, set[date]] = defaultdict(set)
    for entry in use:
        if entry.tier is Tier.EXPLORATION:
            continue
        week = IsoWeek.of(entry.day)
        cost = entry.cost if entry.constant_cost is None else entry.constant_cost
        if cost is not None:
            spend[week] += cost
        if entry.is_use:
            days[week].add(entry.day)
    return [
        ActiveWeek(week=week, spend=spend[week], days=len(days[week]))
        for week in sorted(spend)
        if days[week]
    ]


def price_level(use: Sequence[DayOfUse]) -> Decimal:
    """What the newest use costs now, as a multiple of the first list prices."""
    priced = [entry for entry in use if entry.cost and entry.cost > 0]
    if not priced:
        return Decimal(1)
    last = IsoWeek.of(max(entry.day for entry in priced))
    newest = [entry for entry in priced if IsoWeek.of(entry.day) == last]
    now = sum((entry.cost for entry in newest if entry.cost), Decimal(0))
    then = sum(
        (e.cost if e.constant_cost is None else e.constant_cost for e in newest if e.cost),
        Decimal(0),
    )
    return now / then if then > 0 else Decimal(1)


def _without_holidays(weeks: Sequence[ActiveWeek]) -> list[ActiveWeek]:
    """Without those of fewer than half of one's usual days: they tell nothing of a whole week."""
    if not weeks:
        return []
    usual_days = quantile([Decimal(week.days) for week in weeks], HALF)
    return [week for week in weeks if week.days >= usual_days / 2]
