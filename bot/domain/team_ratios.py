"""Spend per outcome and reverts of a team, as ranges: of released weekly figures, and of no other.

A range is as wide as the randomness of counts makes it (Poisson's for events, Wilson's for shares,
eight times in ten), at the figures that lie furthest apart of all that noise and rounding allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from bot.domain.disclosure.contributions import Cell
from bot.domain.outcomes import OutcomeKind
from bot.domain.statistics import poisson_interval, wilson_interval
from bot.domain.team_figures import Total, together, total_of
from bot.domain.teams import ReleasedWeek

FEWEST_SETTLED = 30
FEWEST_MERGED = 100
_FEWEST_TO_DIVIDE = 5
"""Where there may be fewer, a range would say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRatio:
    """US dollars for one outcome, of ``settled`` ones as they were released, in so many weeks."""

    kind: OutcomeKind
    low: Decimal
    high: Decimal
    settled: Decimal
    weeks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RevertShare:
    """The share of finished changes that was reverted, beside ``merged`` ones that stood."""

    low: float
    high: float
    merged: Decimal
    weeks: int


def team_ratios(weeks: Sequence[ReleasedWeek]) -> tuple[TeamRatio, ...]:
    """The ratio of each kind that has one; a week counts where both of its sides were shown."""
    return tuple(_ratios(weeks))


def _ratios(weeks: Sequence[ReleasedWeek]) -> Iterator[TeamRatio]:
    for kind in filter(lambda kind: kind.bears_ratio, OutcomeKind):
        both = together(weeks, Cell.SPEND, Cell.of(kind))
        spend, settled = (total_of([pair[side] for pair in both]) for side in (0, 1))
        if _allows_ratio(spend, settled):
            yield TeamRatio(
                kind=kind,
                low=spend.low / Decimal(poisson_interval(settled.high).high),
                high=spend.high / Decimal(poisson_interval(settled.low).low),
                settled=settled.value,
                weeks=len(both),
            )


def _allows_ratio(spend: Total, settled: Total) -> bool:
    is_enough = settled.value >= FEWEST_SETTLED and settled.low >= _FEWEST_TO_DIVIDE
    return is_enough and spend.low > 0


def revert_share(weeks: Sequence[ReleasedWeek]) -> RevertShare | None:
    both = together(weeks, Cell.MERGED_CHANGE, Cell.REVERTED)
    merged, reverted = (total_of([pair[side] for pair in both]) for side in (0, 1))
    if merged.value < FEWEST_MERGED or merged.low < _FEWEST_TO_DIVIDE:
        return None
    fewest, most = _down(reverted.low), _up(reverted.high)
    return RevertShare(
        low=wilson_interval(fewest, fewest + _up(merged.high)).low,
        high=wilson_interval(most, most + _down(merged.low)).high,
        merged=merged.value,
        weeks=len(both),
    )


def _down(count: Decimal) -> int:
    return int(count.to_integral_value(ROUND_FLOOR))


def _up(count: Decimal) -> int:
    return int(count.to_integral_value(ROUND_CEILING))
