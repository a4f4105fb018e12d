"""What is told of one cell: its cohorts' figures, and their sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.disclosure.bands import band_of
from bot.domain.disclosure.cohorts import Cohort
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Banded, Figure, Rounded
from bot.domain.disclosure.noise import Noise
from bot.domain.disclosure.pooling import Published
from bot.domain.disclosure.rounding import step_of, to_nearest

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """``total`` is the sum of what is told, never of what is known: with all the teams taken off
    it, nothing is left.
    """

    teams: Mapping[int, Figure]
    other: Figure | None
    total: Figure | None


def tell(cell: Cell, published: Published, cap: Decimal, noise: Noise, *, strict: bool) -> Told:
    def figure_of(cohort: Cohort) -> Figure:
        amount = noise.added_to(cohort, cell, cap)
        return band_of(amount, cap) if strict else _rounded(cell, amount, cap)

    teams = {team: figure_of(cohort) for team, cohort in published.teams.items()}
    other = None if published.other is None else figure_of(published.other)
    every = [*teams.values(), *([] if other is None else [other])]
    return Told(teams=teams, other=other, total=_sum_of(every))


def _rounded(cell: Cell, amount: Decimal, cap: Decimal) -> Rounded:
    step = step_of(cap, whole=cell is not Cell.SPEND)
    return Rounded(value=to_nearest(amount, step), step=step)


def _sum_of(figures: Iterable[Figure]) -> Figure | None:
    """Of figures that are all rounded, to the same step, or all in bands."""
    every = tuple(figures)
    rounded = [one for one in every if isinstance(one, Rounded)]
    if rounded:
        return Rounded(value=sum((one.value for one in rounded), _NOTHING), step=rounded[0].step)
    bands = [one for one in every if isinstance(one, Banded)]
    if bands:
        return Banded(
            low=sum((one.low for one in bands), _NOTHING),
            high=sum((one.high for one in bands), _NOTHING),
        )
    return None
