"""Trying a smaller model: told where the costly ones take most of the spend and have a sibling."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.coaching.facts import weeks_after
from bot.domain.coaching.rules import Finding
from bot.domain.coaching.tips.right_size import RULE
from bot.domain.price_levels import BASKET
from tests.domain.coaching.making import (
    FOUR,
    RATES,
    SIXTEEN,
    facts,
    model_week,
    model_weeks,
    no_rates,
    tokens,
    week,
)

OPUS = model_weeks(SIXTEEN, cost="40")
HAIKU = model_weeks(SIXTEEN, cost="10", model="claude-haiku-4-5")
MOSTLY_OPUS = facts(*OPUS, *HAIKU)
SINCE = weeks_after(week(3), 3)


def test_is_told_where_most_is_spent_on_a_costly_model():
    found = RULE.find(MOSTLY_OPUS)

    # $160 in four weeks; Sonnet costs 3/5 of Opus throughout, so 30 % moved saves 160 x 0.3 x 0.4.
    assert found == Finding(
        rule="right_size",
        saving=pytest.approx(Decimal("19.2")),
        measure=Decimal("0.8"),
        goal=Decimal("0.4"),
        values={
            "share": Decimal("0.8"),
            "costly": "claude-opus-5",
            "smaller": "claude-sonnet-5",
            "plan": "",
        },
    )


def test_where_tokens_are_not_told_a_common_mix_stands_for_them():
    found = RULE.find(facts(*model_weeks(FOUR, cost="40", model="gpt-6-pro", tokens=None)))

    ratio = RATES["gpt-6"].cost(BASKET) / RATES["gpt-6-pro"].cost(BASKET)
    assert found.saving == pytest.approx(160 * Decimal("0.3") * (1 - ratio))
    assert found.values["smaller"] == "gpt-6"


def test_charges_beside_no_tokens_save_nothing():
    none = tokens(uncached=0, read=0, write=0, output=0)

    assert RULE.find(facts(*model_weeks(SIXTEEN, cost="40", tokens=none))) is None


def test_of_several_the_one_that_saves_the_most_is_named():
    pro = model_weeks(SIXTEEN, cost="35", model="gpt-6-pro", provider="openai", product=None)

    assert RULE.find(facts(*OPUS, *pro)).values["costly"] == "gpt-6-pro"


def test_spend_is_compared_at_constant_prices():
    dearer = model_weeks(SIXTEEN, cost="40", constant_cost="10")

    assert RULE.measure(facts(*dearer, *HAIKU), SINCE) == Decimal("0.5")


@pytest.mark.parametrize(
    "known",
    [
        facts(),
        facts(*HAIKU),
        facts(*model_weeks(SIXTEEN, cost="15"), *HAIKU),
        facts(*OPUS, *HAIKU, rates_of=no_rates),
        facts(*model_weeks(SIXTEEN, cost=None)),
        facts(*model_weeks(SIXTEEN, cost="0.2")),
        facts(*model_weeks(range(2), cost="40")),
        facts(*model_weeks(FOUR, cost=None, constant_cost="40")),
        facts(*model_weeks(SIXTEEN, cost="40", model=None)),
    ],
    ids=[
        "nothing-known",
        "a-small-model",
        "exactly-60-percent",
        "no-prices",
        "no-cost",
        "next-to-nothing",
        "two-weeks-only",
        "no-cost-of-now",
        "no-model",
    ],
)
def test_is_silent(known):
    assert RULE.find(known) is None


def test_no_check_is_promised_to_who_changes_models_from_week_to_week():
    other = [
        model_week(back, cost="40", model="claude-sonnet-5" if back % 3 == 0 else "claude-opus-5")
        for back in range(1, 16)
    ]
    found = RULE.find(facts(*other, model_week(0, cost="40")))

    assert found.saving > 0
    assert (found.measure, found.goal) == (None, None)


def test_a_credit_for_another_model_leaves_no_more_than_everything():
    credit = model_weeks(SIXTEEN, cost="-10", model="claude-haiku-4-5")

    assert RULE.find(facts(*OPUS, *credit)).values["share"] == 1


def test_the_check_is_the_share_of_the_weeks_since():
    assert RULE.measure(MOSTLY_OPUS, SINCE) == Decimal("0.8")
    assert RULE.measure(facts(*HAIKU), SINCE) == 0
    assert RULE.measure(facts(), SINCE) is None
