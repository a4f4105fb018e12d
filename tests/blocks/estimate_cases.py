"""What planned jobs would cost, as it can be told, and what is said where a job is not clear."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.blocks.estimate import render_estimate, render_estimate_help
from bot.domain.estimate import CURRENT_MODELS, EXTENTS, MOST_MODELS, Estimate, Job, ModelCost
from bot.domain.job_words import Trouble, Unread
from bot.domain.messages import Message
from bot.language import ENGLISH, Language
from tests.blocks.form_cases import NAMES
from tests.blocks.making import HOSTILE

_WORDS = {
    Trouble.UNKNOWN_WORD: "thesis",
    Trouble.TWO_WAYS: "1.500k",
    Trouble.SHARE: "120%",
}


def cost(model: str = "claude-sonnet-5", **changes: Any) -> ModelCost:
    values = {
        "model": model,
        "standard": Decimal(7),
        "batch": Decimal("3.5"),
        "cached": Decimal("3.86"),
    }
    return ModelCost(**values | changes)


def estimate(*costs: ModelCost, **changes: Any) -> Estimate:
    values = {
        "job": Job(input=2_000_000, output=300_000),
        "costs": costs or (cost("claude-opus-5", standard=Decimal("17.5")), cost()),
        "used": 1,
        "unpriced": (),
        "day": date(2026, 11, 19),
        "has_own_prices": False,
    }
    return Estimate(**values | changes)


def _described(**changes: Any) -> dict[str, Estimate]:
    return {
        f"{thing.value.replace('_', '-')}-{size}": estimate(
            job=Job(input=extent.input, output=extent.output, described=(thing, size), **changes)
        )
        for (thing, size), extent in EXTENTS.items()
    }


_FULL = [
    cost(name, standard=Decimal(10) ** 12, batch=Decimal(10) ** 11, cached=Decimal("0.004"))
    for name in CURRENT_MODELS
]
_ESTIMATES = {
    "tokens": estimate(),
    "requests": estimate(job=Job(input=4_000, output=1_000, times=500)),
    "one-request": estimate(job=Job(input=4_000, output=1_000, times=1)),
    "long-requests": estimate(job=Job(input=250_000, output=1_000, times=30)),
    "cached-as-said": estimate(
        job=Job(input=1_500_000, output=20_000, cached_share=Decimal("0.8"))
    ),
    "not-known": estimate(cost(batch=None, cached=None), used=0),
    "next-to-nothing": estimate(
        cost(standard=Decimal("0.0004"), batch=Decimal(0), cached=Decimal("0.5"))
    ),
    "own-prices": estimate(has_own_prices=True),
    "unpriced": estimate(unpriced=("composer-9", "auto")),
    "nothing-priced": estimate(costs=(), used=0, unpriced=("gpt-9",)),
    "twenty-changes": estimate(
        job=Job(input=1_000_000, output=8_000, times=20, described=next(iter(EXTENTS)))
    ),
    "full": estimate(
        *_FULL[:MOST_MODELS],
        job=Job(input=10**6, output=1, times=10**5, models=CURRENT_MODELS),
        unpriced=tuple(f"{HOSTILE} {number}" for number in range(12)),
        has_own_prices=True,
    ),
    "hostile": estimate(cost(HOSTILE), used=1, unpriced=(HOSTILE, "x" * 10_000)),
    **_described(),
}


def messages(say: Language) -> dict[str, Message]:
    return {
        **{
            f"estimate-{name}": render_estimate(say, told, NAMES)
            for name, told in _ESTIMATES.items()
        },
        **{
            f"estimate-help-{trouble.value.replace('_', '-')}": render_estimate_help(
                say, NAMES, Unread(trouble=trouble, word=_WORDS.get(trouble, ""))
            )
            for trouble in Trouble
        },
        "estimate-help-hostile": render_estimate_help(
            say, NAMES, Unread(trouble=Trouble.UNKNOWN_WORD, word=HOSTILE)
        ),
    }


MESSAGES = MappingProxyType(messages(ENGLISH))
