"""The private digest: what one person spent on AI, and what that person finished."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek, Period
from bot.domain.senders import is_sender
from bot.domain.statistics import poisson_interval, quantile
from bot.domain.usage import USD, CostBasis

USUAL_WEEKS = 8
FEWEST_USUAL_WEEKS = 4
_FINISHED = frozenset({OutcomeState.DONE, OutcomeState.SETTLED})
_TOLD = _FINISHED | {OutcomeState.REVERTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfUse:
    """One person's use of one provider on one day and in one currency, whatever the model.

    ``cost`` is in US dollars; an amount in another ``currency`` is in ``foreign_cost``. What is
    paid for and not used, such as a seat, is no use.
    """

    day: date
    provider: str
    cost: Decimal | None
    bases: frozenset[CostBasis]
    has_unpriced: bool = False
    currency: str = USD
    foreign_cost: Decimal | None = None
    is_use: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedWork:
    """One of the person's outcomes; ``has_evidence`` says that an AI tool's help shows in it."""

    kind: OutcomeKind
    completed_on: date
    state: OutcomeState
    has_evidence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalHistory:
    """All that is known of one person, recent weeks only, for that person's eyes.

    ``data_through`` has every source that is on, with ``None`` where it has not answered yet.
    """

    owner: PersonId
    use: tuple[DayOfUse, ...]
    work: tuple[FinishedWork, ...]
    data_through: tuple[tuple[str, date | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendLine:
    """``foreign`` has amounts in other currencies, which are part of no sum."""

    provider: str
    cost: Decimal | None
    bases: frozenset[CostBasis]
    has_unpriced: bool
    foreign: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """One's own ordinary week: the median and the middle of the last active weeks."""

    median: Decimal
    low: Decimal
    high: Decimal
    weeks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLine:
    kind: OutcomeKind
    settled: int
    pending: int
    reverted: int
    with_evidence: int

    @property
    def finished(self) -> int:
        return self.settled + self.pending


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendPerOutcome:
    """A range, as one's few outcomes allow no better; over the last weeks, never one alone.

    ``has_unpriced`` says that some of the use has no known cost, so that the range is too low.
    """

    kind: OutcomeKind
    low: Decimal
    high: Decimal
    settled: int
    weeks: int
    has_unpriced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """For its owner's eyes only. Team summaries are made from ``Contribution``, never from this."""

    owner: PersonId
    period: Period
    is_closed: bool
    spend: tuple[SpendLine, ...]
    active_days: int
    usual: Usual | None
    outcomes: tuple[OutcomeLine, ...]
    spend_per_outcome: tuple[SpendPerOutcome, ...]
    data_through: tuple[tuple[str, date | None], ...]

    @property
    def total(self) -> Decimal | None:
        """The sum of the known costs, ``None`` where none is known."""
        known = [line.cost for line in self.spend if line.cost is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def is_empty(self) -> bool:
        return not self.spend and not self.outcomes

    @property
    def is_late(self) -> bool:
        """Some source that is asked has not told of the whole period yet."""
        return any(
            through is None or through < self.period.last_day
            for name, through in self.data_through
            if not is_sender(name)
        )


def build_digest(
    history: PersonalHistory, period: Period, *, is_closed: bool, minimum_outcomes: int
) -> Digest:
    """Set *period*'s spend beside its outcomes; comparisons are with the owner's own past only."""
    use = _used_in(period, history)
    work = _finished_in(period, history)
    return Digest(
        owner=history.owner,
        period=period,
        is_closed=is_closed,
        spend=_spend_lines(use),
        active_days=len({entry.day for entry in use if entry.is_use}),
        usual=_usual(history.use, before=period.first_day),
        outcomes=_outcome_lines(work),
        spend_per_outcome=_spend_per_outcome(history, period, minimum_outcomes),
        data_through=history.data_through,
    )


def _used_in(period: Period, history: PersonalHistory) -> list[DayOfUse]:
    first, last = period.first_day, period.last_day
    return [entry for entry in history.use if first <= entry.day <= last]


def _finished_in(period: Period, history: PersonalHistory) -> list[FinishedWork]:
    first, last = period.first_day, period.last_day
    return [item for item in history.work if first <= item.completed_on <= last]


def _spend_lines(use: Sequence[DayOfUse]) -> tuple[SpendLine, ...]:
    by_provider: defaultdict[str, list[DayOfUse]] = defaultdict(list)
    for entry in use:
        by_provider[entry.provider].append(entry)
    return tuple(
        SpendLine(
            provider=provider,
            cost=_total(entries),
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


def _total(use: Sequence[DayOfUse]) -> Decimal | None:
    known = [entry.cost for entry in use if entry.cost is not None]
    return sum(known, Decimal(0)) if known else None


def _usual(use: Sequence[DayOfUse], *, before: date) -> Usual | None:
    weekly: defaultdict[IsoWeek, Decimal] = defaultdict(Decimal)
    # a month may begin in the middle of a week: half a week is not a usual one
    monday = IsoWeek.of(before).monday
    active = {IsoWeek.of(entry.day) for entry in use if entry.is_use}
    for entry in use:
        week = IsoWeek.of(entry.day)
        if entry.day < monday and entry.cost is not None and week in active:
            weekly[week] += entry.cost
    recent = [weekly[week] for week in sorted(weekly)][-USUAL_WEEKS:]
    if len(recent) < FEWEST_USUAL_WEEKS:
        return None
    return Usual(
        median=quantile(recent, Decimal("0.5")),
        low=quantile(recent, Decimal("0.1")),
        high=quantile(recent, Decimal("0.9")),
        weeks=len(recent),
    )


def _outcome_lines(work: Sequence[FinishedWork]) -> tuple[OutcomeLine, ...]:
    states = Counter((item.kind, item.state) for item in work if item.state in _TOLD)
    evidence = Counter(item.kind for item in work if item.has_evidence and item.state in _FINISHED)
    return tuple(
        OutcomeLine(
            kind=kind,
            settled=states[kind, OutcomeState.SETTLED],
            pending=states[kind, OutcomeState.DONE],
            reverted=states[kind, OutcomeState.REVERTED],
            with_evidence=evidence[kind],
        )
        for kind in sorted({kind for kind, _ in states})
    )


def _spend_per_outcome(
    history: PersonalHistory, period: Period, minimum_outcomes: int
) -> tuple[SpendPerOutcome, ...]:
    last = IsoWeek.of(period.last_day)
    window = Period.of_days(last.back(USUAL_WEEKS - 1).monday, period.last_day)
    work = _finished_in(window, history)
    use = _used_in(window, history)
    spend = _total(use)
    has_unpriced = any(entry.has_unpriced or entry.cost is None for entry in use)
    return tuple(
        _range(line, spend, has_unpriced=has_unpriced)
        for line in _outcome_lines(work)
        if spend is not None and spend > 0 and line.settled >= minimum_outcomes
    )


def _range(line: OutcomeLine, spend: Decimal, *, has_unpriced: bool) -> SpendPerOutcome:
    interval = poisson_interval(line.settled)
    return SpendPerOutcome(
        kind=line.kind,
        low=spend / Decimal(interval.high),
        high=spend / Decimal(interval.low),
        settled=line.settled,
        weeks=USUAL_WEEKS,
        has_unpriced=has_unpriced,
    )
