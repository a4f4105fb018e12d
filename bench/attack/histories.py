"""Workspaces that do not exist, week by week: what each person spent and finished, and where.

Calibrated as ``bench.lives``: spend is lognormal between people (sigma 1.15), a week of about four
active days varies as days with a sigma of 0.6 do, one person-week in five is idle, what is usual
drifts by 15 % a week, and finished work is gamma-Poisson.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from random import Random

from bench.lives import BETWEEN_PEOPLE, DISPERSION, MEDIAN_DAY, WEEKLY_OUTCOMES, poisson
from bot.domain.periods import IsoWeek

FIRST_WEEK = IsoWeek(2026, 2)
WEEKS = 25
"""Four for the caps, the eight that end the first quarter, and the whole of the second."""
CAP_WEEKS = 4
SMALLEST, LARGEST = 5, 40
FEWEST_PEOPLE = 70
"""In a workspace: enough for caps of its own even where one week in five is idle."""
TOO_SMALL = 1 / 3
"""How often there is a team that has to be pooled."""
DAYS, DAY_SIGMA, DRIFT = 4, 0.6, 0.15
NEVER, IDLE = 0.1, 1 / 9
"""Who has a seat and never uses it, and how often everybody else is idle: 20 % together."""
WEEK_SIGMA = sqrt(log(1 + (exp(DAY_SIGMA**2) - 1) / DAYS))
"""A lognormal week that varies as the sum of its days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    spend: tuple[float, ...]
    outcomes: tuple[float, ...]
    has_seat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The first team is the one that is attacked; people are numbered."""

    people: tuple[Person, ...]
    teams: tuple[tuple[int, ...], ...]


def week_at(index: int) -> IsoWeek:
    return FIRST_WEEK.back(-index)


def history_of(size: int, rng: Random, weeks: int = WEEKS) -> History:
    """Beside a team of *size* as many others as it takes; at times the last one is too small."""
    sizes = [size, rng.randint(SMALLEST, LARGEST)]
    while sum(sizes) < FEWEST_PEOPLE:
        sizes.append(rng.randint(SMALLEST, LARGEST))
    if rng.random() < TOO_SMALL:
        sizes.append(rng.randint(2, 4))
    return workspace(sizes, rng, weeks)


def workspace(sizes: Sequence[int], rng: Random, weeks: int = WEEKS) -> History:
    people = tuple(_person(rng, weeks) for _ in range(sum(sizes)))
    numbers = iter(range(len(people)))
    return History(
        people=people, teams=tuple(tuple(next(numbers) for _ in range(size)) for size in sizes)
    )


def _person(rng: Random, weeks: int) -> Person:
    usual = DAYS * MEDIAN_DAY * exp(rng.gauss(0, BETWEEN_PEOPLE))
    outcomes = rng.gammavariate(DISPERSION, WEEKLY_OUTCOMES / DISPERSION)
    never = rng.random() < NEVER
    spend, finished = [], []
    for _ in range(weeks):
        drift = exp(rng.gauss(0, DRIFT))
        usual, outcomes = usual * drift, outcomes * drift
        idle = never or rng.random() < IDLE
        spend.append(0.0 if idle else round(usual * exp(rng.gauss(0, WEEK_SIGMA)), 2))
        finished.append(0.0 if idle else float(poisson(outcomes, rng)))
    return Person(
        spend=tuple(spend), outcomes=tuple(finished), has_seat=any(spend) or rng.random() < 0.8
    )
