"""Figures to the nearest multiple of a round step, which says how rough they are."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

_RUNGS = (50, 25, 20, 10)
_WHOLE = Decimal(1)


def step_of(cap: Decimal, *, whole: bool) -> Decimal:
    """The largest 1, 2, 2.5 or 5 times a power of ten that is no more than half of *cap*.

    The same for every team, so that the total has it as well. Pieces have a *whole* step.
    """
    half = cap / 2
    power = Decimal(10) ** (half.adjusted() - 1)
    step = next(rung * power for rung in _RUNGS if rung * power <= half)
    return max(step // 1, _WHOLE) if whole else step


def to_nearest(amount: Decimal, step: Decimal) -> Decimal:
    return (amount / step).quantize(Decimal(1), ROUND_HALF_EVEN) * step
