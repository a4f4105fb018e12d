"""What is released: figures that are coarse on purpose, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from bot.domain.disclosure.contributions import Cell
from bot.domain.tiers import Tier


class Share(Enum):
    """A share as a band: never nobody, never everybody."""

    UNDER_10 = "under 10 %"
    FROM_10 = "10-25 %"
    FROM_25 = "25-50 %"
    FROM_50 = "50-75 %"
    FROM_75 = "75-90 %"
    OVER_90 = "over 90 %"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounded:
    """A figure with noise, to the nearest ``step``; never below zero."""

    value: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Banded:
    """What strict mode shows instead: between which round figures it lies."""

    low: Decimal
    high: Decimal


Figure = Rounded | Banded


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRelease:
    """Figures that nobody can be singled out of; ``None`` and absent cells are withheld.

    ``adoption`` is the share of seat holders who used something. ``tiers`` are shares of the
    spend, all of them or none.
    """

    figures: Mapping[Cell, Figure] = field(default_factory=dict)
    tiers: Mapping[Tier, Share] = field(default_factory=dict)
    adoption: Share | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """There is a team, but not one that numbers can hide in."""


Release = TeamRelease | Withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRelease:
    """A whole week of the workspace: every team, the pool of those too small, and the total.

    ``other`` pools, cell by cell, the teams that could not be shown by themselves. ``total`` is the
    sum of what is published, never of what is known. ``coverage`` is how many of the people who
    count in a team are behind the total of the spend.
    """

    teams: Mapping[int, Release]
    other: Release
    total: Release
    coverage: Share | None
