"""A team's week beside its own earlier ones: more or less only where nothing else explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Rounded
from bot.domain.statistics import Difference, difference
from bot.domain.team_figures import Bounds, bounds_of, rounded
from bot.domain.teams import ReleasedWeek

FEWEST_EARLIER = 4
TOLD = tuple(cell for cell in Cell if cell is not Cell.LOGGED)
"""What people log themselves is a series of its own, and never to be more than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """``usual`` is the released figure in the middle of the earlier ``weeks``.

    ``difference`` is ``None`` where noise and rounding alone could make it.
    """

    cell: Cell
    now: Rounded
    usual: Rounded
    weeks: int
    difference: Difference | None


def team_trends(weeks: Sequence[ReleasedWeek]) -> tuple[Trend, ...]:
    """Of *weeks*, in their order, the last one beside those before it."""
    *earlier, now = weeks
    trends = (_trend(cell, now, earlier) for cell in TOLD)
    return tuple(trend for trend in trends if trend is not None)


def _trend(cell: Cell, now: ReleasedWeek, earlier: Sequence[ReleasedWeek]) -> Trend | None:
    figure = rounded(now, cell)
    before = [known for week in earlier if (known := rounded(week, cell)) is not None]
    if figure is None or len(before) < FEWEST_EARLIER:
        return None
    return Trend(
        cell=cell,
        now=figure,
        usual=sorted(before, key=lambda known: known.value)[(len(before) - 1) // 2],
        weeks=len(before),
        difference=difference(bounds_of(figure), _bounds_of_usual(before)),
    )


def _bounds_of_usual(before: Sequence[Rounded]) -> Bounds:
    """The middle one of what lay under the figures is between those of their bounds."""
    bounds = [bounds_of(figure) for figure in before]
    return Bounds(
        low=median_low([each.low for each in bounds]),
        high=median_low([each.high for each in bounds]),
    )
