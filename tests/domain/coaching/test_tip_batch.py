"""Batches: told to who calls an API at the full price, never about a tool that is waited for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.coaching.facts import weeks_after
from bot.domain.coaching.rules import Finding
from bot.domain.coaching.tips.batch import RULE
from tests.domain.coaching.making import (
    FOUR,
    SIXTEEN,
    facts,
    model_week,
    model_weeks,
    no_rates,
    tokens,
    week,
)

SINCE = weeks_after(week(3), 3)
PLAIN = tokens(uncached=2_000_000, read=0, write=0, output=400_000)
"""At Sonnet's $3 and $15 a million tokens: $12."""
API = {
    "product": "messages_api",
    "model": "claude-sonnet-5",
    "tokens": PLAIN,
    "requests": 1_000,
    "cost": "12",
}
OPENAI = {**API, "provider": "openai", "product": None, "model": "gpt-6", "cost": "10.4"}


def test_is_told_where_an_api_is_called_at_the_full_price():
    # $12 a week, half of it for four weeks; half of that sent brings what is paid to 3/4.
    assert RULE.find(facts(*model_weeks(SIXTEEN, **API))) == Finding(
        rule="batch",
        saving=Decimal(24),
        measure=Decimal(1),
        goal=Decimal("0.75"),
        values={"requests": Decimal(4_000)},
    )


def test_use_at_openai_without_a_product_came_with_a_key():
    # $4 for input and $6.40 for output
    assert RULE.find(facts(*model_weeks(SIXTEEN, **OPENAI))).saving == Decimal("20.8")


def test_what_is_sent_as_a_batch_already_saves_nothing_more():
    batches = {**API, "product": "message_batches_api", "cost": "0.6"}
    batches["tokens"] = tokens(uncached=200_000, read=0, write=0, output=40_000)
    known = facts(*model_weeks(SIXTEEN, **API), *model_weeks(SIXTEEN, **batches))

    assert RULE.find(known).saving == Decimal(24)


def test_costs_in_rows_of_their_own_belong_to_the_tokens():
    apart = [
        *model_weeks(SIXTEEN, **{**API, "cost": None}),
        *model_weeks(SIXTEEN, **{**API, "cost_type": None, "tokens": None, "requests": None}),
        *model_weeks(SIXTEEN, **{**API, "cost_type": "web_search", "tokens": None, "cost": "99"}),
    ]

    assert RULE.find(facts(*apart)).measure == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"product": "claude_code"},
        {"product": "claude_code_subscription"},
        {"product": "chat"},
        {"product": None},
        {"product": None, "provider": "litellm"},
        {"product": None, "provider": "cursor"},
        {"cost": "6"},
        {"cost": None},
        {"requests": 20},
        {"requests": None},
        {"tokens": None},
        {"model": None},
        {"tokens": tokens(), "model": "claude-opus-5", "cost": "21"},
    ],
    ids=str,
)
def test_is_silent(changes):
    assert RULE.find(facts(*model_weeks(SIXTEEN, **{**API, **changes}))) is None


@pytest.mark.parametrize(
    "known",
    [
        facts(),
        facts(*model_weeks(SIXTEEN, **API), rates_of=no_rates),
        facts(*model_weeks(range(2), **API)),
        facts(*model_weeks(range(4, 16), **API)),
    ],
    ids=["nothing-known", "no-prices", "two-weeks-only", "no-more"],
)
def test_is_silent_where_too_little_is_known(known):
    assert RULE.find(known) is None


def test_use_without_input_is_nothing_to_send():
    nothing = tokens(uncached=0, read=0, write=0, output=800_000)

    assert RULE.find(facts(*model_weeks(SIXTEEN, **{**API, "tokens": nothing}))) is None


def test_no_check_is_promised_before_there_are_four_weeks():
    found = RULE.find(facts(*model_weeks(range(3), **API)))

    assert (found.saving, found.measure, found.goal) == (Decimal(18), None, None)


def test_the_check_is_what_is_paid_of_the_full_price_since():
    half = [model_week(back, **{**API, "cost": "9"}) for back in FOUR]

    assert RULE.measure(facts(*half), SINCE) == Decimal("0.75")
    assert RULE.measure(facts(), SINCE) is None
