"""The axis of values: round steps that hold zero and every value, about four of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

_STEPS = 4
_ROUND = (1, 2, 2.5, 5, 10)
_SMALLEST = 1e-9
_LARGEST = 1e15
_UNITS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1, ""))
_MOST_DECIMALS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    low: float
    high: float
    step: float

    def share(self, value: float) -> float:
        """How far up *value* stands: 0 at the bottom, 1 at the top."""
        return (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> list[float]:
        first, last = round(self.low / self.step), round(self.high / self.step)
        return [number * self.step for number in range(first, last + 1)]

    def told(self, tick: float) -> str:
        unit, sign = next(
            ((unit, sign) for unit, sign in _UNITS if self._extent >= unit), (1.0, "")
        )
        decimals = next(
            places
            for places in range(_MOST_DECIMALS + 1)
            if math.isclose(round(self.step / unit, places), self.step / unit)
            or places == _MOST_DECIMALS
        )
        return f"{tick / unit:,.{decimals}f}{sign if tick else ''}"

    @property
    def _extent(self) -> float:
        return max(-self.low, self.high)


def scale_of(values: Iterable[float]) -> Scale:
    known = [min(max(value, -_LARGEST), _LARGEST) for value in values]
    low, high = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
    if high - low < _SMALLEST:
        return Scale(low=0, high=1, step=1)
    step = _round_step((high - low) / _STEPS)
    return Scale(low=math.floor(low / step) * step, high=math.ceil(high / step) * step, step=step)


def _round_step(least: float) -> float:
    magnitude = 10.0 ** math.floor(math.log10(least))
    return next(
        (times * magnitude for times in _ROUND if times * magnitude >= least), 10 * magnitude
    )
