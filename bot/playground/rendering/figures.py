"""Numbers as people read them: thousands apart, and as many decimals as the column needs."""

from __future__ import annotations

import math
from collections.abc import Iterable

_OF_A_FRACTION = 2
_MOST_DECIMALS = 12


def decimals_of(numbers: Iterable[float]) -> int:
    """None for whole numbers, else two, or as many as show the largest."""
    known = list(numbers)
    largest = max(map(abs, known), default=0.0)
    if all(float(number).is_integer() for number in known):
        return 0
    leading = math.floor(math.log10(largest))
    return min(max(_OF_A_FRACTION, 1 - leading), _MOST_DECIMALS)


def plain_number(number: float, decimals: int | None = None) -> str:
    shown = decimals_of([number]) if decimals is None else decimals
    return f"{number:,.{shown}f}"
