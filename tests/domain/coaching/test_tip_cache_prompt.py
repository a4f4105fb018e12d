"""Caching a prompt: told to who sends the same long text again and again, as far as it shows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.coaching.facts import weeks_after
from bot.domain.coaching.rules import Finding
from bot.domain.coaching.tips.cache_prompt import RULE
from tests.domain.coaching.making import (
    FOUR,
    SIXTEEN,
    facts,
    model_week,
    model_weeks,
    no_rates,
    rates,
    tokens,
    week,
)

SINCE = weeks_after(week(3), 3)
PLAIN = tokens(uncached=10_000_000, read=0, write=0, output=200_000)
API = {
    "product": "messages_api",
    "model": "claude-sonnet-5",
    "tokens": PLAIN,
    "requests": 1_000,
    "cost": "33",
}


def calls(backs=SIXTEEN, **changes):
    return model_weeks(backs, **{**API, **changes})


def test_is_told_where_every_request_reads_as_much_and_nothing_is_cached():
    found = RULE.find(facts(*calls()))

    # 10,000 tokens a request, 4,000 requests: 40 million tokens at $3 - $0.30 a million are $108.
    # Written once a day: 280,000 tokens at $3.75 - $0.30 a million are $0.966.
    assert found == Finding(
        rule="cache_prompt",
        saving=Decimal("107.034"),
        measure=Decimal(0),
        goal=Decimal("0.5"),
        values={"prompt": Decimal(10_000), "model": "claude-sonnet-5"},
    )


def test_the_fixed_part_is_the_smallest_that_it_can_be():
    grown = tokens(uncached=11_000_000, read=0, write=0, output=200_000)

    found = RULE.find(facts(*calls(range(1, 16)), *calls([0], tokens=grown)))

    assert found.values["prompt"] == 10_000


@pytest.mark.parametrize(
    "changes",
    [
        {"product": "claude_code"},
        {"product": None},
        {"product": None, "provider": "openrouter"},
        {"requests": 20},
        {"requests": None},
        {"requests": 10_000},
        {"model": None},
        {"tokens": None},
        {"tokens": tokens(uncached=10_000_000, read=0, write=0, output=2_000_000)},
        {"tokens": tokens(uncached=10_000_000, read=0, write=0, output=0)},
        {"tokens": tokens(uncached=9_000_000, read=1_000_000, write=0)},
    ],
    ids=str,
)
def test_is_silent(changes):
    assert RULE.find(facts(*calls(**changes))) is None


@pytest.mark.parametrize(
    "known",
    [
        facts(),
        facts(*calls(), rates_of=no_rates),
        facts(*calls(range(2))),
        facts(*[model_week(n, **{**API, "requests": 400 + 600 * (n % 2)}) for n in SIXTEEN]),
    ],
    ids=["nothing-known", "no-prices", "two-weeks-only", "prompts-of-many-sizes"],
)
def test_is_silent_where_too_little_is_known(known):
    assert RULE.find(known) is None


def test_is_silent_where_the_cache_costs_as_much():
    def without_a_discount(model: str):
        plain = rates("3", "15")
        return type(plain)(
            input_uncached=plain.input_uncached,
            cache_read=plain.input_uncached,
            cache_write_5m=plain.input_uncached,
            cache_write_1h=plain.input_uncached,
            output=plain.output,
        )

    assert RULE.find(facts(*calls(), rates_of=without_a_discount)) is None


def test_the_check_is_what_came_from_the_cache_since():
    cached = tokens(uncached=4_000_000, read=6_000_000, write=0)

    assert RULE.measure(facts(*calls(FOUR, tokens=cached)), SINCE) == Decimal("0.6")
    assert RULE.measure(facts(), SINCE) is None
