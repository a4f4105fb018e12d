"""A team's released figures to reckon with: which of its weeks count, and how far off they may be.

A figure is off by its noise and by its rounding. Noise stays the same for as long as the people do,
so that many weeks do not wear it off: wherever something is made of figures, each of them is taken
to be far off, and all of them in the same direction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Figure, Rounded, Share, TeamRelease
from bot.domain.periods import IsoWeek
from bot.domain.teams import ReleasedWeek

WEEKS = 8
"""Nothing is made of more weeks than the last so many."""
OFF = Decimal(3)
"""So many steps hold noise and rounding in eight weeks of ten, with 6 to 80 people behind a figure.
Measured; of more people noise is hardly anything beside their total.
"""
PERCENTS: Mapping[Share, tuple[int, int]] = MappingProxyType(
    {
        Share.UNDER_10: (0, 10),
        Share.FROM_10: (10, 25),
        Share.FROM_25: (25, 50),
        Share.FROM_50: (50, 75),
        Share.FROM_75: (75, 90),
        Share.OVER_90: (90, 100),
    }
)
"""Between which percents a share lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Between which amounts lay what was there before noise and rounding, eight times in ten."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Released figures of several weeks in one, and what may lie under it."""

    value: Decimal
    low: Decimal
    high: Decimal


def bounds_of(figure: Rounded) -> Bounds:
    off = OFF * figure.step
    return Bounds(low=max(figure.value - off, Decimal(0)), high=figure.value + off)


def total_of(figures: Sequence[Rounded]) -> Total:
    bounds = [bounds_of(figure) for figure in figures]
    return Total(
        value=sum((figure.value for figure in figures), Decimal(0)),
        low=sum((each.low for each in bounds), Decimal(0)),
        high=sum((each.high for each in bounds), Decimal(0)),
    )


def in_order(weeks: Sequence[ReleasedWeek]) -> tuple[ReleasedWeek, ...]:
    return tuple(sorted(weeks, key=lambda week: week.week))


def last_weeks(weeks: Sequence[ReleasedWeek], until: IsoWeek) -> tuple[ReleasedWeek, ...]:
    """Those of *weeks* that figures up to *until* may be made of, the oldest first."""
    first = until.back(WEEKS - 1)
    return in_order([week for week in weeks if first <= week.week <= until])


def shown(week: ReleasedWeek, cell: Cell) -> Figure | None:
    """The figure that was released of the team by itself, in whichever form."""
    match week.release:
        case TeamRelease(figures=figures):
            return figures.get(cell)
        case _:
            return None


def rounded(week: ReleasedWeek, cell: Cell) -> Rounded | None:
    """The figure of the team by itself; ``None`` where it is withheld, or a band."""
    figure = shown(week, cell)
    return figure if isinstance(figure, Rounded) else None


def together(weeks: Sequence[ReleasedWeek], *cells: Cell) -> list[tuple[Rounded, ...]]:
    """The figures of *cells* in each week that has all of them."""
    found = [[rounded(week, cell) for cell in cells] for week in weeks]
    return [tuple(filter(None, figures)) for figures in found if None not in figures]
