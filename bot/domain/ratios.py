"""Spend per outcome: a range from few events, over eight weeks, beside the eight before them.

Experiments are left out on both sides, with the whole week where there was no other use, and so is
what people log themselves. Two stretches of time are compared at constant prices, so that a new
price list is no change of habit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.history import (
    USUAL_WEEKS,
    DayOfUse,
    FinishedWork,
    finished_in,
    total_cost,
    used_in,
)
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.periods import IsoWeek, Period
from bot.domain.statistics import Difference, difference, poisson_interval
from bot.domain.tiers import Tier

RATIO_WEEKS = 2 * USUAL_WEEKS
"""How many weeks a ratio and the one to compare it with are made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRange:
    """US dollars for one outcome, as far apart as few outcomes make it."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendPerOutcome:
    """A range, as one's few outcomes allow no better; over the last weeks, never one alone.

    ``settled`` is how many outcomes it is made of, shared ones as the person's part of them, and
    ``weeks`` in how many of the last weeks.
    ``before`` is the range of the weeks before, at the prices of now as far as list prices tell,
    ``None`` without enough of them; ``difference`` is ``None`` where the two overlap.
    ``explored`` was spent on experiments and is no part of it. ``has_unpriced`` says that some of
    the use has no known cost, so that the range is too low.
    """

    kind: OutcomeKind
    low: Decimal
    high: Decimal
    settled: Decimal
    weeks: int
    before: CostRange | None = None
    difference: Difference | None = None
    explored: Decimal = Decimal(0)
    has_unpriced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Some weeks without their experiments."""

    cost: Decimal
    constant_cost: Decimal
    explored: Decimal
    has_unpriced: bool
    weeks: int
    settled: dict[OutcomeKind, Decimal]


def spend_per_outcome(
    use: Sequence[DayOfUse], work: Sequence[FinishedWork], period: Period, minimum_outcomes: int
) -> tuple[SpendPerOutcome, ...]:
    """The ratio of each kind that has one, up to the end of *period*."""
    last = IsoWeek.of(period.last_day)
    window = Period.of_days(last.back(USUAL_WEEKS - 1).monday, period.last_day)
    earlier = Period(last.back(RATIO_WEEKS - 1).period.start, window.start)
    now, before = (_stretch(use, work, part) for part in (window, earlier))
    return tuple(
        _ratio(kind, now, before, minimum_outcomes)
        for kind in OutcomeKind
        if now.cost > 0 and now.settled.get(kind, Decimal(0)) >= minimum_outcomes
    )


def _stretch(use: Sequence[DayOfUse], work: Sequence[FinishedWork], period: Period) -> _Stretch:
    entries = used_in(period, use)
    trials = _weeks_of_trials(entries)
    settled: defaultdict[OutcomeKind, Decimal] = defaultdict(Decimal)
    for item in finished_in(period, work):
        if _counts(item) and IsoWeek.of(item.completed_on) not in trials:
            settled[item.kind] += item.share
    counted = [entry for entry in entries if entry.tier is not Tier.EXPLORATION]
    explored = [entry for entry in entries if entry.tier is Tier.EXPLORATION]
    costs = [(entry.cost, entry.constant_cost) for entry in counted if entry.cost is not None]
    return _Stretch(
        cost=sum((cost for cost, _ in costs), Decimal(0)),
        constant_cost=sum((c if at is None else at for c, at in costs), Decimal(0)),
        explored=total_cost(explored) or Decimal(0),
        has_unpriced=any(entry.has_unpriced or entry.cost is None for entry in counted),
        weeks=USUAL_WEEKS - len(trials),
        settled=dict(settled),
    )


def _counts(item: FinishedWork) -> bool:
    is_settled = item.state is OutcomeState.SETTLED and item.tier is not Tier.EXPLORATION
    return is_settled and item.kind.bears_ratio


def _weeks_of_trials(use: Sequence[DayOfUse]) -> frozenset[IsoWeek]:
    """The weeks whose use was nothing but experiments: their work would stand beside no spend."""
    tiers: defaultdict[IsoWeek, set[Tier]] = defaultdict(set)
    for entry in use:
        if entry.is_use:
            tiers[IsoWeek.of(entry.day)].add(entry.tier)
    return frozenset(week for week, found in tiers.items() if found == {Tier.EXPLORATION})


def _ratio(
    kind: OutcomeKind, now: _Stretch, before: _Stretch, minimum_outcomes: int
) -> SpendPerOutcome:
    settled = now.settled[kind]
    shown = _range(now.cost, settled)
    then = before.settled.get(kind, Decimal(0))
    at_prices_of_now = now.cost / now.constant_cost if now.constant_cost > 0 else Decimal(1)
    earlier = (
        _range(before.constant_cost * at_prices_of_now, then)
        if then >= minimum_outcomes and before.constant_cost > 0
        else None
    )
    return SpendPerOutcome(
        kind=kind,
        low=shown.low,
        high=shown.high,
        settled=settled,
        weeks=now.weeks,
        before=earlier,
        difference=None if earlier is None else difference(shown, earlier),
        explored=now.explored,
        has_unpriced=now.has_unpriced,
    )


def _range(cost: Decimal, outcomes: Decimal) -> CostRange:
    interval = poisson_interval(outcomes)
    return CostRange(low=cost / Decimal(interval.high), high=cost / Decimal(interval.low))
