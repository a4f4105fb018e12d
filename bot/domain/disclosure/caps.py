"""The most that one person adds to a figure: whoever has far more must not be what it shows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from bot.domain.disclosure.contributions import Cell

FEWEST_AMOUNTS = 50
"""With fewer, a percentile would itself tell of somebody."""
ROUND_AMOUNTS = MappingProxyType(
    {
        Cell.SPEND: Decimal(100),
        Cell.MERGED_CHANGE: Decimal(5),
        Cell.REVIEW_GIVEN: Decimal(10),
        Cell.TASK_DONE: Decimal(5),
        Cell.TICKET_SOLVED: Decimal(40),
        Cell.DEAL_WON: Decimal(2),
        Cell.PAGE_PUBLISHED: Decimal(3),
        Cell.LOGGED: Decimal(3),
        Cell.REVERTED: Decimal(1),
    }
)
_PERCENTILE = Decimal("0.9")
_LADDER = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)


def caps_of(past: Mapping[Cell, Sequence[Decimal]]) -> dict[Cell, Decimal]:
    """Each cell's cap, from the amounts of the four weeks before: their 90th percentile.

    It is a round number, which stays the same from week to week: noise is measured by it, and what
    moves with it would show in a trend.
    """
    return {cell: _cap(cell, past.get(cell, ())) for cell in Cell}


def _cap(cell: Cell, past: Sequence[Decimal]) -> Decimal:
    amounts = sorted(amount for amount in past if amount > 0)
    if len(amounts) < FEWEST_AMOUNTS:
        return ROUND_AMOUNTS[cell]
    cap = _rounded(amounts[math.ceil(_PERCENTILE * len(amounts)) - 1])
    if cell is Cell.SPEND:
        return cap
    return max(cap.quantize(Decimal(1), ROUND_HALF_UP), Decimal(1))


def _rounded(amount: Decimal) -> Decimal:
    power = Decimal(10) ** (amount.adjusted() - 1)
    return min(_LADDER, key=lambda rung: abs(rung * power - amount)) * power
