"""What tips and nudges are found in: one person's closed weeks, by model, seat and session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any, TypeVar

from bot.domain.history import PersonalHistory
from bot.domain.periods import IsoWeek
from bot.domain.unit_rates import RatesOf
from bot.domain.usage import TokenUsage

T = TypeVar("T")

RECENT_WEEKS = 4
"""The 28 days that a tip is about."""
NO_TOKENS = TokenUsage(input_uncached=0, cache_read=0, cache_write=0, output=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWeek:
    """A week's use of one model in one product of a provider.

    ``cost`` is in US dollars, ``constant_cost`` what it had been at the model's first list price.
    What a source does not tell is ``None``.
    """

    week: IsoWeek
    provider: str
    product: str | None
    model: str | None
    cost_type: str | None
    tokens: TokenUsage | None
    requests: int | None
    cost: Decimal | None
    constant_cost: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A seat that was paid for in the last four weeks.

    ``cost`` is what those weeks were charged, ``None`` where the source tells no price;
    ``first_day`` since when it is known to be paid, ``last_used`` the last day of use, if any.
    """

    provider: str
    cost: Decimal | None
    first_day: date
    last_used: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionWeek:
    """What a tool counts of a week; ``accepted`` of the ``offered`` suggestions were taken."""

    week: IsoWeek
    provider: str
    tool: str
    sessions: int | None
    commits: int | None
    pull_requests: int | None
    offered: int | None
    accepted: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedChange:
    """``lines`` are those changed; ``hours_open`` from its opening to its merge."""

    week: IsoWeek
    lines: int
    hours_open: Decimal | None
    has_evidence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Of one person, for that person's eyes, up to the closed week *until*.

    ``models``, ``sessions`` and ``changes`` reach as far back as ``history``: sixteen weeks.
    ``derived`` is what was worked out of them ``once``.
    """

    until: IsoWeek
    history: PersonalHistory
    models: tuple[ModelWeek, ...]
    seats: tuple[Seat, ...]
    sessions: tuple[SessionWeek, ...]
    changes: tuple[MergedChange, ...]
    rates_of: RatesOf
    derived: dict[Callable[..., Any], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def recent(self, weeks: int = RECENT_WEEKS) -> tuple[IsoWeek, ...]:
        """The last *weeks* closed weeks, the oldest first."""
        return weeks_up_to(self.until, weeks)

    def models_in(self, weeks: Collection[IsoWeek]) -> list[ModelWeek]:
        by_week = _by_week(self)
        return [use for week in weeks for use in by_week.get(week, ())]


def once(derive: Callable[[Facts], T]) -> Callable[[Facts], T]:
    """What several rules ask of the same facts is worked out for the first of them."""

    @wraps(derive)
    def derived(facts: Facts) -> T:
        if derive not in facts.derived:
            facts.derived[derive] = derive(facts)
        known: T = facts.derived[derive]
        return known

    return derived


@once
def _by_week(facts: Facts) -> Mapping[IsoWeek, Sequence[ModelWeek]]:
    by_week: defaultdict[IsoWeek, list[ModelWeek]] = defaultdict(list)
    for use in facts.models:
        by_week[use.week].append(use)
    return by_week


@lru_cache(maxsize=256)
def weeks_up_to(last: IsoWeek, count: int) -> tuple[IsoWeek, ...]:
    return tuple(last.back(back) for back in reversed(range(count)))


def weeks_after(week: IsoWeek, count: int) -> tuple[IsoWeek, ...]:
    """The *count* weeks that follow *week*."""
    return tuple(IsoWeek.of(week.monday + timedelta(weeks=n)) for n in range(1, count + 1))


def constant_cost(use: Iterable[ModelWeek]) -> Decimal:
    known = [u.cost if u.constant_cost is None else u.constant_cost for u in use]
    return sum((cost for cost in known if cost is not None), Decimal(0))


def tokens_of(use: Sequence[ModelWeek]) -> TokenUsage | None:
    """Of all that tells tokens, ``None`` where nothing does."""
    known = [entry.tokens for entry in use if entry.tokens is not None]
    return sum(known, NO_TOKENS) if known else None


def requests_of(use: Sequence[ModelWeek]) -> int | None:
    known = [entry.requests for entry in use if entry.requests is not None]
    return sum(known) if known else None
