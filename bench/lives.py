"""People who do not exist, week by week: what they spend and finish when nothing happens.

Spend is calibrated to published figures: between people its daily median is lognormal around $5.60
(sigma 1.15), 78 % of weekdays are active, and an active day varies by a sigma of its own. Finished
work is gamma-Poisson: how much is a person's own (mean 2.2 a week, dispersion 1.2, a little more
for those who spend more), and when it comes is chance, so that weeks without any are natural.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, log, log10
from random import Random
from statistics import median

EARLIER, QUARTER = 10, 13
"""Weeks before the quarter that is looked at, and in it."""
MEDIAN_DAY, BETWEEN_PEOPLE, ACTIVE = 5.6, 1.15, 0.78
WEEKLY_OUTCOMES, DISPERSION, LINK_TO_SPEND = 2.2, 1.2, 0.3
WEEKDAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """``days`` has the spend of each weekday of each week; what is usual is the truth.

    ``usual_spend`` is the median of all weeks that there could be, ``usual_outcomes`` their mean.
    """

    days: tuple[tuple[float, ...], ...]
    weeks: tuple[float, ...]
    active_days: tuple[int, ...]
    outcomes: tuple[int, ...]
    usual_spend: float
    usual_outcomes: float

    def with_two_weeks(self, last: int, *, times: float, work: bool) -> Life:
        """The same with *times* the spend in week *last* and the one before, and work or none."""
        special = (last - 1, last)
        days = tuple(
            tuple(day * times for day in days) if week in special else days
            for week, days in enumerate(self.days)
        )
        outcomes = tuple(
            count if work or week not in special else 0 for week, count in enumerate(self.outcomes)
        )
        return replace(self, days=days, weeks=tuple(map(sum, days)), outcomes=outcomes)


def live(sigma: float, rng: Random, *, lumpiness: float = 0.0) -> Life:
    """*lumpiness* is the share of the dispersion of work that is from week to week, of one."""
    median_day = MEDIAN_DAY * exp(rng.gauss(0, BETWEEN_PEOPLE))
    days = tuple(tuple(_day(median_day, sigma, rng) for _ in range(WEEKDAYS)) for _ in _weeks())
    link = max(1 + LINK_TO_SPEND * log10(median_day / MEDIAN_DAY), 0.1)
    within = lumpiness / DISPERSION
    between = (1 + 1 / DISPERSION) / (1 + within) - 1
    usual_outcomes = WEEKLY_OUTCOMES * link * _varied(between, rng)
    outcomes = tuple(
        poisson(usual_outcomes * _varied(within, rng), rng) if any(week) else 0 for week in days
    )
    return Life(
        days=days,
        weeks=tuple(map(sum, days)),
        active_days=tuple(sum(day > 0 for day in week) for week in days),
        outcomes=outcomes,
        usual_spend=median_day * _median_week(sigma),
        usual_outcomes=usual_outcomes,
    )


def poisson(mean: float, rng: Random) -> int:
    """By adding up the exponential waits."""
    count, waited = -1, 0.0
    while waited < mean:
        count += 1
        waited -= log(1 - rng.random())
    return max(count, 0)


def _weeks() -> range:
    return range(EARLIER + QUARTER)


def _day(median_day: float, sigma: float, rng: Random) -> float:
    return median_day * exp(rng.gauss(0, sigma)) if rng.random() < ACTIVE else 0.0


def _varied(variance: float, rng: Random) -> float:
    """A gamma variable of the mean 1."""
    return rng.gammavariate(1 / variance, variance) if variance > 0 else 1.0


@lru_cache
def _median_week(sigma: float) -> float:
    """As a multiple of the median day."""
    rng = Random(2026)
    return median(sum(_day(1, sigma, rng) for _ in range(WEEKDAYS)) for _ in range(20_000))
