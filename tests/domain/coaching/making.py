"""Facts of one invented person, so that a test names only what it is about.

Weeks are told by how far *back* from the last closed one they are: 0 is that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.domain.coaching.facts import Facts, MergedChange, ModelWeek, Seat, SessionWeek
from bot.domain.history import DayOfUse, FinishedWork, LoggedWork, PersonalHistory
from bot.domain.logged import LoggedKind
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek
from bot.domain.unit_rates import RatesOf, UnitRates
from bot.domain.usage import CostBasis, TokenUsage

UNTIL = IsoWeek(2026, 46)
FOUR = range(4)
"""The weeks that a tip is about."""
EARLIER = range(4, 16)
SIXTEEN = range(16)
BILLED = frozenset({CostBasis.BILLED})
_MILLION = Decimal(1_000_000)


def rates(price_in: str, price_out: str) -> UnitRates:
    """Of a million tokens, with a cache as Anthropic prices it."""
    one = Decimal(price_in) / _MILLION
    return UnitRates(
        input_uncached=one,
        cache_read=one / 10,
        cache_write_5m=one * Decimal("1.25"),
        cache_write_1h=one * 2,
        output=Decimal(price_out) / _MILLION,
    )


RATES: Mapping[str, UnitRates] = MappingProxyType(
    {
        "claude-opus-5": rates("5", "25"),
        "claude-sonnet-5": rates("3", "15"),
        "claude-haiku-4-5": rates("1", "5"),
        "gpt-6": rates("2", "16"),
        "gpt-6-pro": rates("20", "160"),
    }
)


def rates_of(model: str) -> UnitRates | None:
    return RATES.get(model)


def no_rates(model: str) -> UnitRates | None:
    return None


def week(back: int = 0) -> IsoWeek:
    return UNTIL.back(back)


def day(back: int = 0, weekday: int = 2) -> date:
    """A Wednesday unless told otherwise."""
    return week(back).monday + timedelta(days=weekday)


def tokens(
    *, uncached: int = 400_000, read: int = 18_000_000, write: int = 800_000, output: int = 200_000
) -> TokenUsage:
    """A week of a coding tool: nearly all of it is read from the cache."""
    return TokenUsage(input_uncached=uncached, cache_read=read, cache_write=write, output=output)


def model_week(back: int = 0, **changes: Any) -> ModelWeek:
    """In Claude Code; ``cost`` and ``constant_cost`` may be given as text."""
    values: dict[str, Any] = {
        "week": week(back),
        "provider": "anthropic",
        "product": "claude_code",
        "model": "claude-opus-5",
        "cost_type": "tokens",
        "tokens": tokens(),
        "requests": 400,
        "cost": Decimal(21),
        "constant_cost": None,
    }
    amounts: dict[str, Any] = {
        name: None if changes[name] is None else Decimal(changes[name])
        for name in ("cost", "constant_cost")
        if name in changes
    }
    return ModelWeek(**values | changes | amounts)


def model_weeks(backs: Iterable[int] = FOUR, **changes: Any) -> tuple[ModelWeek, ...]:
    """The same in several weeks."""
    return tuple(model_week(back, **changes) for back in backs)


def used(back: int = 0, cost: str | None = "21", *, weekday: int = 2, **changes: Any) -> DayOfUse:
    values: dict[str, Any] = {
        "day": day(back, weekday),
        "provider": "anthropic",
        "cost": None if cost is None else Decimal(cost),
        "bases": BILLED,
    }
    return DayOfUse(**values | changes)


def finished(back: int = 0, **changes: Any) -> FinishedWork:
    values: dict[str, Any] = {
        "kind": OutcomeKind.MERGED_CHANGE,
        "completed_on": day(back),
        "state": OutcomeState.SETTLED,
        "has_evidence": False,
        "source": "github",
    }
    return FinishedWork(**values | changes)


def logged(back: int = 0, kind: LoggedKind | None = None) -> LoggedWork:
    return LoggedWork(kind=kind or next(iter(LoggedKind)), done_on=day(back))


def seat(provider: str = "copilot", cost: str | None = "19", **changes: Any) -> Seat:
    """Paid for half a year, never used."""
    values: dict[str, Any] = {
        "provider": provider,
        "cost": None if cost is None else Decimal(cost),
        "first_day": week(26).monday,
        "last_used": None,
    }
    return Seat(**values | changes)


def session_week(back: int = 0, **changes: Any) -> SessionWeek:
    values: dict[str, Any] = {
        "week": week(back),
        "provider": "anthropic",
        "tool": "claude",
        "sessions": 12,
        "commits": 4,
        "pull_requests": 2,
        "offered": 60,
        "accepted": 45,
    }
    return SessionWeek(**values | changes)


def change(back: int = 0, lines: int = 120, **changes: Any) -> MergedChange:
    values: dict[str, Any] = {
        "week": week(back),
        "lines": lines,
        "hours_open": Decimal(6),
        "has_evidence": True,
    }
    return MergedChange(**values | changes)


def facts(
    *models: ModelWeek,
    use: Sequence[DayOfUse] | None = None,
    work: Sequence[FinishedWork] = (),
    logs: Sequence[LoggedWork] = (),
    seats: Sequence[Seat] = (),
    sessions: Sequence[SessionWeek] = (),
    changes: Sequence[MergedChange] = (),
    data_through: tuple[tuple[str, date | None], ...] = (("anthropic", date(2026, 11, 15)),),
    rates_of: RatesOf = rates_of,
    until: IsoWeek = UNTIL,
) -> Facts:
    """Days of use, where none are given, are one a week and provider, of what *models* cost."""
    history = PersonalHistory(
        owner=PersonId(1),
        use=tuple(_days_of(models) if use is None else use),
        work=tuple(work),
        data_through=data_through,
        logged=tuple(logs),
    )
    return Facts(
        until=until,
        history=history,
        models=models,
        seats=tuple(seats),
        sessions=tuple(sessions),
        changes=tuple(changes),
        rates_of=rates_of,
    )


def _days_of(models: Iterable[ModelWeek]) -> list[DayOfUse]:
    return [
        DayOfUse(
            day=entry.week.monday + timedelta(days=2),
            provider=entry.provider,
            cost=entry.cost,
            bases=BILLED,
            constant_cost=entry.constant_cost,
        )
        for entry in models
    ]
