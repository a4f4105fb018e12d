"""The two-week rule, and rules that are known from elsewhere, each on the same made-up lives.

A rule says whether it speaks up when a week of a life is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log1p
from statistics import fmean, median

from bench.lives import Life
from bot.domain.coaching.cost_guard import LEAST_SPEND, is_far_above
from bot.domain.coaching.nudges import Sign
from bot.domain.coaching.rises import deserves_word, is_work_missing
from bot.domain.history import USUAL_WEEKS

Speaks = Callable[[Life, int], bool]
MOST_DAYS = 28
Z, NORMAL = 3.5, 0.6745


def two_weeks(life: Life, last: int) -> bool:
    """Ours, of people of whom nothing is known but spend and work."""
    return _two_weeks(life, last, other_signs=frozenset())


def two_weeks_at_worst(life: Life, last: int) -> bool:
    """Ours, where one of the other signs is always there."""
    return _two_weeks(life, last, other_signs=frozenset({Sign.LOW_ACCEPTANCE}))


def _two_weeks(life: Life, last: int, *, other_signs: frozenset[Sign]) -> bool:
    earlier, spend = usual_weeks_before(life, last - 1), life.weeks
    missing = is_work_missing(
        [life.outcomes[week] for week in earlier], sum(life.outcomes[last - 1 : last + 1])
    )
    signs = other_signs | {Sign.NO_OUTCOMES} if missing else other_signs
    return deserves_word([spend[week] for week in earlier], spend[last - 1 : last + 1], signs)


def usual_weeks_before(life: Life, week: int) -> list[int]:
    """As ``bot.domain.usual`` has it: active ones, without those of few days."""
    active = life.active_days[:week]
    fewest = median(filter(None, active)) / 2
    return [n for n, days in enumerate(active) if days and days >= fewest][-USUAL_WEEKS:]


def published_two_weeks(life: Life, last: int) -> bool:
    """Deviations from the median in units of the median deviation, on weeks, on a log scale."""
    spend, earlier = life.weeks, usual_weeks_before(life, last - 1)
    usual = [spend[week] for week in earlier]
    middle, scale = _middle_and_deviation([log1p(amount) for amount in usual])
    return (
        all(
            NORMAL * (log1p(amount) - middle) / max(scale, 0.1) > Z
            and amount > 3 * median(usual)
            and amount > median(usual) + 25
            for amount in spend[last - 1 : last + 1]
        )
        and not any(life.outcomes[last - 1 : last + 1])
        and median(life.outcomes[week] for week in earlier) >= 2
    )


def median_deviation_of_days(life: Life, last: int) -> bool:
    """The same on the dollars of each day, beside four weeks of active days before it."""
    return any(_is_outlier(day, earlier) for day, earlier in _days_of(life, last))


def _is_outlier(day: float, earlier: Sequence[float]) -> bool:
    middle, scale = _middle_and_deviation(earlier[-MOST_DAYS:])
    return scale > 0 and NORMAL * (day - middle) / scale > Z


def five_times_the_mean(life: Life, last: int) -> bool:
    """A day above five times the mean of the seven active days before it."""
    return any(day > 5 * fmean(earlier[-7:]) for day, earlier in _days_of(life, last))


def guarded(life: Life, last: int) -> bool:
    """The cost guard, on each day of the week."""
    floor = float(LEAST_SPEND)
    return any(day > floor and is_far_above(earlier, day) for day, earlier in _days_of(life, last))


def unguarded_spread(life: Life, last: int) -> bool:
    """Five times the middle day and $50, whatever one's days vary by."""
    floor = float(LEAST_SPEND)
    return any(day > floor and day > 5 * median(earlier) for day, earlier in _days_of(life, last))


def _days_of(life: Life, week: int) -> Iterator[tuple[float, list[float]]]:
    """Each active day of *week*, with the active days before it."""
    known = [day for days in life.days[:week] for day in days if day]
    for day in filter(None, life.days[week]):
        yield day, known
        known = [*known, day]


def _middle_and_deviation(values: Sequence[float]) -> tuple[float, float]:
    middle = median(values)
    return middle, median(abs(value - middle) for value in values)


RULES: Mapping[str, Speaks] = {
    "nudge": two_weeks,
    "nudge_with_any_sign": two_weeks_at_worst,
    "published_two_weeks": published_two_weeks,
    "median_deviation_of_days": median_deviation_of_days,
    "five_times_the_mean": five_times_the_mean,
    "cost_guard": guarded,
    "five_times_the_median_day": unguarded_spread,
}
