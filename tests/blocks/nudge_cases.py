"""Nudges of either kind in every state, and what ran in their days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.blocks.nudge import render_nudge
from bot.blocks.what_ran import render_what_ran
from bot.domain.coaching.facts import ModelWeek
from bot.domain.coaching.nudges import Nudge, NudgeKind, Sign
from bot.domain.history import DayOfUse
from bot.domain.messages import Message
from bot.domain.periods import IsoWeek
from bot.domain.usage import CostBasis, TokenUsage
from bot.language import ENGLISH, Language
from tests.blocks.making import HOSTILE

FIRST_DAY, LAST_DAY = date(2026, 11, 2), date(2026, 11, 15)
LOOPED_ON = date(2026, 11, 12)
HUGE = Decimal(10) ** 15


def two_weeks(**changes: Any) -> Nudge:
    values = {
        "kind": NudgeKind.TWO_WEEKS,
        "first_day": FIRST_DAY,
        "last_day": LAST_DAY,
        "spend": (Decimal("118.20"), Decimal("131.40")),
        "low": Decimal("20.10"),
        "high": Decimal("45.30"),
        "provider": "claude_code",
        "signs": frozenset({Sign.NO_OUTCOMES}),
    }
    return Nudge(**values | changes)


def guarded_day(**changes: Any) -> Nudge:
    values = {
        "kind": NudgeKind.COST_GUARD,
        "first_day": LOOPED_ON,
        "last_day": LOOPED_ON,
        "spend": (Decimal("212.40"),),
        "low": Decimal("9.30"),
        "high": Decimal("9.30"),
        "provider": "claude_code",
    }
    return Nudge(**values | changes)


def ran(model: str | None, cost: str | None, *, number: int = 46, **changes: Any) -> ModelWeek:
    values = {
        "week": IsoWeek(2026, number),
        "provider": "claude_code",
        "product": None,
        "model": model,
        "cost_type": None,
        "tokens": TokenUsage(
            input_uncached=120_000, cache_read=9_000_000, cache_write=400_000, output=60_000
        ),
        "requests": 340,
        "cost": None if cost is None else Decimal(cost),
        "constant_cost": None,
    }
    return ModelWeek(**values | changes)


def day(back: int, cost: str | None) -> DayOfUse:
    return DayOfUse(
        day=LAST_DAY - timedelta(days=back),
        provider="claude_code",
        cost=None if cost is None else Decimal(cost),
        bases=frozenset({CostBasis.BILLED}),
    )


MODELS = (
    ran("claude-opus-5", "90.50"),
    ran("claude-opus-5", "70.10", number=45),
    ran("claude-haiku-4-5", "8.20"),
    ran(None, None, provider="cursor", tokens=None, requests=None),
)
MANY = [ran(f"{'wide-' * 40}{n} {HOSTILE}", str(1000 + n), provider=HOSTILE) for n in range(30)]
DAYS = (day(12, "30.10"), day(11, "42"), day(11, "1.50"), day(3, "88.20"), day(2, None))
NUDGES = MappingProxyType(
    {
        "two-weeks": two_weeks(),
        "two-weeks-every-sign": two_weeks(signs=frozenset(Sign)),
        "two-weeks-many-tools": two_weeks(provider=None, low=Decimal(20), high=Decimal(20)),
        "two-weeks-hostile": two_weeks(
            provider=HOSTILE, spend=(HUGE, HUGE), low=-HUGE, high=HUGE, signs=frozenset(Sign)
        ),
        "cost-guard": guarded_day(),
        "cost-guard-many-tools": guarded_day(provider=None),
        "cost-guard-hostile": guarded_day(provider=HOSTILE, spend=(HUGE,), high=Decimal(0)),
    }
)
RAN = MappingProxyType(
    {
        "two-weeks": (FIRST_DAY, LAST_DAY, DAYS, MODELS),
        "one-day": (LOOPED_ON, LOOPED_ON, DAYS, MODELS),
        "no-models": (FIRST_DAY, LAST_DAY, DAYS, ()),
        "nothing-known": (FIRST_DAY, LAST_DAY, (), ()),
        "many": (FIRST_DAY, LAST_DAY, tuple(day(back, str(HUGE)) for back in range(14)), MANY),
    }
)


def messages(say: Language) -> dict[str, Message]:
    nudges = {f"nudge-{name}": render_nudge(say, nudge) for name, nudge in NUDGES.items()}
    ran = {
        f"what-ran-{name}": render_what_ran(say, first, last, use=use, models=models)
        for name, (first, last, use, models) in RAN.items()
    }
    return nudges | ran


MESSAGES = MappingProxyType(messages(ENGLISH))
