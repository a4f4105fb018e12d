"""A monthly amount that its owner hears about privately, at half of it, at four fifths and at all.

Each step is told once a month, whatever the figures do afterwards: amounts come late, and are
corrected down and up again. A look that passes several steps tells of the highest, and the lower
ones count as told with it. What was charged in another currency is part of no sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.domain.gamma import lower_quantile, upper_quantile
from bot.domain.history import DayOfUse, PersonalHistory, total_cost, used_in
from bot.domain.periods import Period, days, month_of
from bot.domain.senders import is_sender
from bot.domain.usage import CostBasis

STEPS = (50, 80, 100)
"""Percents of the amount."""
FEWEST_ACTIVE_DAYS = 5
_TAIL = 0.1
_SATURDAY = 5
_LEAST_SHAPE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsEnd:
    """What the whole month may come to, eight times out of ten, in US dollars."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetNote:
    """*step* percent of *amount* are *spent* in the month that begins on *month*.

    ``reached`` has every step that is told with this one. ``months_end`` is ``None`` where there
    is too little to tell from. ``is_partial`` says that some use has no known price in US dollars.
    """

    month: date
    is_over: bool
    step: int
    reached: tuple[int, ...]
    amount: int
    spent: Decimal
    bases: frozenset[CostBasis]
    is_partial: bool
    months_end: MonthsEnd | None
    data_through: tuple[tuple[str, date | None], ...]


def budget_note(
    history: PersonalHistory, month: Period, through: date, *, amount: int, told: Collection[int]
) -> BudgetNote | None:
    """What to tell of *month* with the figures up to *through*, if there is anything.

    *history* names the sources of use alone: how far they reach is how far the month has come.
    """
    last = min(through, month.last_day)
    use = [entry for entry in used_in(month, history.use) if entry.day <= last]
    spent = total_cost(use)
    if spent is None or not (reached := due_steps(spent, amount, told)):
        return None
    ahead = months_end(use, _told_through(history, last))
    return BudgetNote(
        month=month.first_day,
        is_over=last == month.last_day,
        step=reached[-1],
        reached=reached,
        amount=amount,
        spent=spent,
        bases=frozenset().union(*(entry.bases for entry in use)),
        is_partial=any(entry.has_unpriced or entry.foreign_cost is not None for entry in use),
        months_end=ahead and MonthsEnd(low=max(ahead.low, spent), high=max(ahead.high, spent)),
        data_through=history.data_through,
    )


def due_steps(spent: Decimal, amount: int, told: Collection[int]) -> tuple[int, ...]:
    """The steps that are reached and were not told yet, the lowest first; none of no amount."""
    if amount <= 0:
        return ()
    highest = max(told, default=0)
    return tuple(step for step in STEPS if step > highest and spent * 100 >= step * amount)


def months_end(use: Sequence[DayOfUse], through: date) -> MonthsEnd | None:
    """Where the month of *through* may end, by the *use* of its days up to then.

    So many more days like the active ones so far: their sum is taken as gamma distributed, with
    the variance of the days, of their mean that few of them tell, and of how many there will be.
    """
    so_far = [entry for entry in use if entry.day <= through]
    spent = total_cost(so_far)
    active = _active_days(so_far)
    left = list(days(through + timedelta(days=1), month_of(through).last_day))
    if spent is None or len(active) < FEWEST_ACTIVE_DAYS or not left:
        return None
    mean, variance = _moments(active.values())
    chances = _chances(active, through, left)
    more = sum(chances)
    if mean <= 0 or more <= 0:
        return None
    count = len(active)
    # of few days the variance itself is a guess: as wide as Student's t makes it
    variance *= (count - 1) / (count - 3)
    variance = variance * more * (1 + more / count) + mean**2 * _sum_of_variances(chances)
    low, high = _eight_of_ten(mean * more, variance)
    return MonthsEnd(low=spent + low, high=spent + high)


def _told_through(history: PersonalHistory, last: date) -> date:
    """The last day up to *last* that every source has told of which has told anything."""
    told = [day for name, day in history.data_through if day and not is_sender(name)]
    return min([last, *told])


def _active_days(use: Iterable[DayOfUse]) -> dict[date, Decimal]:
    """What each day cost on which something was used, where that is known."""
    spend: defaultdict[date, Decimal] = defaultdict(Decimal)
    for entry in use:
        if entry.is_use and entry.cost is not None:
            spend[entry.day] += entry.cost
    return dict(spend)


def _moments(amounts: Collection[Decimal]) -> tuple[float, float]:
    values = [float(amount) for amount in amounts]
    mean = sum(values) / len(values)
    return mean, sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _chances(active: Collection[date], through: date, left: Iterable[date]) -> list[float]:
    """How likely each of the days *left* is an active one: working days and weekends apart."""
    so_far = list(days(through.replace(day=1), through))

    def share(*, weekend: bool) -> float:
        alike = [day for day in so_far if _is_weekend(day) is weekend]
        return sum(day in active for day in alike) / len(alike) if alike else 0.0

    shares = {weekend: share(weekend=weekend) for weekend in (False, True)}
    return [shares[_is_weekend(day)] for day in left]


def _sum_of_variances(chances: Iterable[float]) -> float:
    return sum(chance * (1 - chance) for chance in chances)


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY


def _eight_of_ten(mean: float, variance: float) -> tuple[Decimal, Decimal]:
    """The tenth and the ninetieth percentile of a gamma variable with these moments."""
    if variance <= mean**2 * 1e-6:
        return Decimal(mean), Decimal(mean)
    shape = max(mean**2 / variance, _LEAST_SHAPE)
    scale = mean / shape
    low, high = lower_quantile(shape, _TAIL) * scale, upper_quantile(shape, _TAIL) * scale
    return Decimal(low), Decimal(high)
