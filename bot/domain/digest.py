"""The private digest: what one person spent on AI, and what that person finished."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.coaching.rules import Finding, ShownTip
from bot.domain.history import (
    FINISHED,
    DayOfUse,
    FinishedWork,
    PersonalHistory,
    finished_in,
    total_cost,
    used_in,
)
from bot.domain.links import LinkLevel
from bot.domain.logged import LoggedKind
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek, Period, midnight
from bot.domain.ratios import SpendPerOutcome, spend_per_outcome
from bot.domain.senders import is_sender
from bot.domain.tiers import Tier
from bot.domain.usage import CostBasis
from bot.domain.usual import Usual, price_level, usual_week

CHART_WEEKS = 13
_TOLD = FINISHED | {OutcomeState.REVERTED, OutcomeState.REOPENED}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendLine:
    """``foreign`` has amounts in other currencies, which are part of no sum."""

    provider: str
    cost: Decimal | None
    bases: frozenset[CostBasis]
    has_unpriced: bool
    foreign: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekOfSpend:
    monday: date
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLine:
    kind: OutcomeKind
    settled: int
    pending: int
    reverted: int
    with_evidence: int
    reopened: int = 0
    shared: int = 0
    """How many of the finished ones other people share in."""
    by_level: tuple[tuple[LinkLevel, int], ...] = ()
    """Of the finished ones, how many have which link to AI use, the surest first."""

    @property
    def finished(self) -> int:
        return self.settled + self.pending


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """For its owner's eyes only. Team summaries are made from ``Contribution``, never from this."""

    owner: PersonId
    period: Period
    is_closed: bool
    spend: tuple[SpendLine, ...]
    active_days: int
    usual: Usual | None
    usual_since: date | None = None
    """The day on which the person let the usual week start anew."""
    comparable: Decimal | None = None
    """What stands beside the usual week: without experiments, at the prices of now."""
    by_week: tuple[WeekOfSpend, ...] = ()
    by_tier: tuple[tuple[Tier, Decimal], ...] = ()
    tip: Finding | None = None
    last_tip: ShownTip | None = None
    """An earlier tip of which it is now known how it went."""
    outcomes: tuple[OutcomeLine, ...]
    spend_per_outcome: tuple[SpendPerOutcome, ...]
    logged: tuple[LoggedKind, ...] = ()
    data_through: tuple[tuple[str, date | None], ...]

    @property
    def total(self) -> Decimal | None:
        """The sum of the known costs, ``None`` where none is known."""
        known = [line.cost for line in self.spend if line.cost is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def foreign(self) -> tuple[tuple[str, Decimal], ...]:
        """The sums in other currencies, whoever charged them."""
        amounts: defaultdict[str, Decimal] = defaultdict(Decimal)
        for line in self.spend:
            for currency, amount in line.foreign:
                amounts[currency] += amount
        return tuple(sorted(amounts.items()))

    @property
    def is_empty(self) -> bool:
        return not (self.spend or self.outcomes or self.logged)

    @property
    def is_late(self) -> bool:
        """Some source that is asked has not told of the whole period yet."""
        return any(
            through is None or through < self.period.last_day
            for name, through in self.data_through
            if not is_sender(name)
        )


def build_digest(
    history: PersonalHistory,
    period: Period,
    *,
    is_closed: bool,
    minimum_outcomes: int,
    usual_since: date | None = None,
) -> Digest:
    """Set *period*'s spend beside its outcomes; comparisons are with the owner's own past only."""
    use = used_in(period, history.use)
    work = finished_in(period, history.work)
    return Digest(
        owner=history.owner,
        period=period,
        is_closed=is_closed,
        spend=_spend_lines(use),
        active_days=len({entry.day for entry in use if entry.is_use}),
        usual=usual_week(history.use, before=period.first_day, since=usual_since),
        usual_since=usual_since,
        comparable=_comparable(use, history.use),
        by_week=_by_week(history.use, period),
        by_tier=_by_tier(use),
        outcomes=_outcome_lines(work),
        spend_per_outcome=spend_per_outcome(history.use, history.work, period, minimum_outcomes),
        logged=tuple(log.kind for log in history.logged if midnight(log.done_on) in period),
        data_through=history.data_through,
    )


def _spend_lines(use: Sequence[DayOfUse]) -> tuple[SpendLine, ...]:
    by_provider: defaultdict[str, list[DayOfUse]] = defaultdict(list)
    for entry in use:
        by_provider[entry.provider].append(entry)
    return tuple(
        SpendLine(
            provider=provider,
            cost=total_cost(entries),
            bases=frozenset().union(*(entry.bases for entry in entries)),
            has_unpriced=any(entry.has_unpriced for entry in entries),
            foreign=_foreign(entries),
        )
        for provider, entries in sorted(by_provider.items())
    )


def _foreign(use: Sequence[DayOfUse]) -> tuple[tuple[str, Decimal], ...]:
    amounts: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in use:
        if entry.foreign_cost is not None:
            amounts[entry.currency] += entry.foreign_cost
    return tuple(sorted(amounts.items()))


def _by_week(use: Sequence[DayOfUse], period: Period) -> tuple[WeekOfSpend, ...]:
    """The last weeks up to *period*'s end; one without a known cost was not measured."""
    spend: defaultdict[IsoWeek, Decimal] = defaultdict(Decimal)
    for entry in use:
        if entry.cost is not None:
            spend[IsoWeek.of(entry.day)] += entry.cost
    last = IsoWeek.of(period.last_day)
    shown = {last.back(back) for back in range(CHART_WEEKS)}
    return tuple(
        WeekOfSpend(monday=week.monday, cost=spend[week]) for week in sorted(spend) if week in shown
    )


def _by_tier(use: Sequence[DayOfUse]) -> tuple[tuple[Tier, Decimal], ...]:
    costs: defaultdict[Tier, Decimal] = defaultdict(Decimal)
    for entry in use:
        if entry.cost is not None:
            costs[entry.tier] += entry.cost
    return tuple((tier, costs[tier]) for tier in Tier if costs[tier] > 0)


def _comparable(use: Sequence[DayOfUse], history: Sequence[DayOfUse]) -> Decimal | None:
    counted = [entry for entry in use if entry.tier is not Tier.EXPLORATION]
    costs = [
        entry.cost if entry.constant_cost is None else entry.constant_cost
        for entry in counted
        if entry.cost is not None
    ]
    return sum(costs, Decimal(0)) * price_level(history) if costs else None


def _outcome_lines(work: Sequence[FinishedWork]) -> tuple[OutcomeLine, ...]:
    by_kind: defaultdict[OutcomeKind, list[FinishedWork]] = defaultdict(list)
    for item in work:
        if item.state in _TOLD:
            by_kind[item.kind].append(item)
    return tuple(_outcome_line(kind, by_kind[kind]) for kind in OutcomeKind if kind in by_kind)


def _outcome_line(kind: OutcomeKind, work: Sequence[FinishedWork]) -> OutcomeLine:
    states = Counter(item.state for item in work)
    finished = [item for item in work if item.state in FINISHED]
    levels = Counter(item.level for item in finished)
    return OutcomeLine(
        kind=kind,
        settled=states[OutcomeState.SETTLED],
        pending=states[OutcomeState.DONE],
        reverted=states[OutcomeState.REVERTED],
        reopened=states[OutcomeState.REOPENED],
        with_evidence=sum(item.has_evidence for item in finished),
        shared=sum(item.share < 1 for item in finished),
        by_level=tuple((level, levels[level]) for level in reversed(LinkLevel) if levels[level]),
    )
