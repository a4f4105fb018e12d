"""Statistics for small numbers: what can honestly be said of a few events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from statistics import NormalDist
from typing import Protocol

from bot.domain.gamma import lower_quantile, upper_quantile

MOST_EVENTS = 10**9
# the low end for a thousandth of an event is under 1e-300 already, whatever the confidence
_HARDLY_AN_EVENT = 1e-3


class Range(Protocol):
    """Anything with two ends, of a count, a share or an amount of money."""

    @property
    def low(self) -> Decimal | float: ...

    @property
    def high(self) -> Decimal | float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    low: float
    high: float


class Difference(StrEnum):
    MORE = "more"
    LESS = "less"


def poisson_interval(events: float | Decimal, *, confidence: float = 0.80) -> Interval:
    """The exact (Garwood 1936) interval for the rate behind a count of *events*.

    Its ends are quantiles of gamma distributions, which exist for every count: a sum of shares in
    common work (1/n each) need not be whole, and its interval lies between those of the whole
    counts around it. There the gamma form extends Garwood's, which speaks of whole counts only.
    """
    count = float(events)
    if not 0 <= count <= MOST_EVENTS:
        raise ValueError(f"a count of events lies between 0 and {MOST_EVENTS}")
    return _garwood(count, _tail(confidence))


def wilson_interval(hits: int, trials: int, *, confidence: float = 0.80) -> Interval:
    """Wilson's (1927) score interval for the share behind *hits* in a number of *trials*."""
    if not 0 <= hits <= trials or trials == 0:
        raise ValueError(
            "hits lie between 0 and the number of trials, of which there is one or more"
        )
    deviation = NormalDist().inv_cdf(_tail(confidence))
    square = deviation**2
    spread = math.sqrt(square * (hits * (trials - hits) / trials + square / 4))
    upper = hits + square / 2 + spread
    # the lower root from the product of the two: their difference would lose digits
    low = hits * hits / (trials * upper)
    high = upper / (trials + square) if hits < trials else 1.0
    return Interval(low=low, high=high)


def difference(now: Range, before: Range) -> Difference | None:
    """More or less is only said of two ranges that do not even touch."""
    if now.low > before.high:
        return Difference.MORE
    if now.high < before.low:
        return Difference.LESS
    return None


def quantile(values: Sequence[Decimal], share: Decimal) -> Decimal:
    """The value below which *share* of the sorted *values* lie, interpolated between neighbours."""
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


@lru_cache(maxsize=4_096)
def _garwood(events: float, tail: float) -> Interval:
    low = lower_quantile(events, tail) if events > _HARDLY_AN_EVENT else 0.0
    return Interval(low=low, high=upper_quantile(events + 1, tail))


def _tail(confidence: float) -> float:
    """What each of the two ends leaves out."""
    if not 0 < confidence < 1:
        raise ValueError("a confidence lies between 0 and 1, without the two")
    return (1 - confidence) / 2
