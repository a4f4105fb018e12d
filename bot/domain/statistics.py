"""Statistics for small numbers: what can honestly be said of a few events."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@lru_cache(maxsize=1_024)
def poisson_interval(events: int, *, confidence: float = 0.80) -> Interval:
    """The exact (Garwood 1936) interval for the rate behind a count of *events*."""
    tail = (1 - confidence) / 2
    low = 0.0 if events == 0 else _root(lambda rate: 1 - _poisson_cdf(events - 1, rate) - tail)
    high = _root(lambda rate: tail - _poisson_cdf(events, rate))
    return Interval(low, high)


def quantile(values: Sequence[Decimal], share: Decimal) -> Decimal:
    """The value below which *share* of the sorted *values* lie, interpolated between neighbours."""
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def _poisson_cdf(events: int, rate: float) -> float:
    terms = (
        math.exp(count * math.log(rate) - rate - math.lgamma(count + 1))
        for count in range(events + 1)
    )
    return math.fsum(terms)


def _root(rising: Callable[[float], float]) -> float:
    """Where *rising*, negative near zero, crosses it: bisection to the last digits that matter."""
    low, high = 1e-12, 1.0
    while rising(high) < 0:
        low, high = high, high * 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2
