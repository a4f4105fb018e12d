"""A team's released weeks, so that a test names only the figures that it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Banded, Figure, Rounded, Share, TeamRelease, Withheld
from bot.domain.disclosure.parameters import Parameters
from bot.domain.periods import IsoWeek
from bot.domain.teams import ReleasedWeek

LAST = IsoWeek(2026, 46)
STEPS = {Cell.SPEND: Decimal(200)}
"""Of other cells, counts of finished work, it is 5."""
TEAM = "Data Platform"


def rounded(value: Decimal | int | str, step: Decimal | int | str = 5) -> Rounded:
    return Rounded(value=Decimal(value), step=Decimal(step))


def banded(low: int, high: int) -> Banded:
    return Banded(low=Decimal(low), high=Decimal(high))


def figures(**values: int | str | Figure) -> dict[Cell, Figure]:
    """A bare number is to the nearest of the usual step of its cell."""
    return {
        Cell(name): value
        if isinstance(value, Rounded | Banded)
        else rounded(value, STEPS.get(Cell(name), Decimal(5)))
        for name, value in values.items()
    }


def week(
    back: int = 0,
    *,
    tiers: Mapping[Any, Share] | None = None,
    adoption: Share | None = None,
    **values: Any,
) -> ReleasedWeek:
    """The week that was so many weeks before the last."""
    release = TeamRelease(figures=figures(**values), tiers=dict(tiers or {}), adoption=adoption)
    return released_week(back, release)


def withheld_week(back: int = 0, other: TeamRelease | Withheld | None = None) -> ReleasedWeek:
    return released_week(back, Withheld(), other or Withheld())


def released_week(
    back: int, release: TeamRelease | Withheld, other: TeamRelease | Withheld | None = None
) -> ReleasedWeek:
    return ReleasedWeek(
        team=TEAM,
        week=LAST.back(back),
        release=release,
        other=other or Withheld(),
        coverage=Share.FROM_75,
        parameters=Parameters(),
    )


def alike(count: int, **values: Any) -> Sequence[ReleasedWeek]:
    """So many weeks with the same figures, up to the last one, in their order."""
    return [week(back, **values) for back in reversed(range(count))]
