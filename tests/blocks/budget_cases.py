"""The note about a monthly amount, in every state that it can be in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.blocks.budget import render_budget_note
from bot.domain.coaching.budget import BudgetNote, MonthsEnd
from bot.domain.messages import Message
from bot.domain.usage import CostBasis
from bot.language import Language
from tests.blocks.making import HOSTILE


def budget_note(**changes: Any) -> BudgetNote:
    values = {
        "month": date(2026, 11, 1),
        "is_over": False,
        "step": 80,
        "reached": (50, 80),
        "amount": 200,
        "spent": Decimal("163.40"),
        "bases": frozenset({CostBasis.BILLED}),
        "is_partial": False,
        "months_end": MonthsEnd(low=Decimal(190), high=Decimal(240)),
        "data_through": (("anthropic", date(2026, 11, 18)), ("openai", date(2026, 11, 17))),
    }
    return BudgetNote(**values | changes)


_HUGE = Decimal(10) ** 15

NOTES = MappingProxyType(
    {
        "half": budget_note(step=50, reached=(50,), spent=Decimal("101.2")),
        "most": budget_note(),
        "all": budget_note(step=100, reached=(100,), spent=Decimal(204)),
        "too-early-to-tell": budget_note(months_end=None),
        "ends-where-it-is": budget_note(months_end=MonthsEnd(low=Decimal(164), high=Decimal(164))),
        "month-is-over": budget_note(is_over=True, months_end=None),
        "at-list-prices": budget_note(bases=frozenset({CostBasis.LIST_PRICE}), is_partial=True),
        "hostile": budget_note(
            amount=10**9,
            spent=_HUGE,
            months_end=MonthsEnd(low=_HUGE, high=_HUGE * 10),
            data_through=((HOSTILE, None),) * 30,
        ),
    }
)


def messages(say: Language) -> dict[str, Message]:
    return {f"budget-{name}": render_budget_note(say, note) for name, note in NOTES.items()}
