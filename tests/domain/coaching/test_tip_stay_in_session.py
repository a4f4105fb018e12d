"""Staying in one session: told where the cache held more before, and what that is worth."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.coaching.facts import weeks_after
from bot.domain.coaching.rules import Finding
from bot.domain.coaching.tips.stay_in_session import RULE
from bot.domain.tiers import Tier
from tests.domain.coaching.making import (
    EARLIER,
    FOUR,
    SIXTEEN,
    facts,
    model_week,
    model_weeks,
    no_rates,
    tokens,
    used,
    week,
)

COLD = tokens(uncached=4_000_000, read=14_400_000, write=800_000)
"""Three quarters of as much input from the cache; usually it is 93.75 %."""
WARM = model_weeks(EARLIER)


def turned_cold(**changes):
    return facts(*WARM, *model_weeks(FOUR, tokens=COLD, **changes))


def test_is_told_where_less_comes_from_the_cache_than_in_the_best_weeks():
    found = RULE.find(turned_cold())

    # 18.75 % more of 19.2 million tokens a week from the cache: 3.6 million tokens. Of what is read
    # anew 4 million cost $5 and 0.8 million $6.25 a million, $25 / 4.8 on average; a read $0.50.
    assert found == Finding(
        rule="stay_in_session",
        saving=pytest.approx(4 * Decimal("3.6") * (25 / Decimal("4.8") - Decimal("0.5"))),
        measure=Decimal("0.75"),
        goal=Decimal("0.9375"),
        values={"now": Decimal("0.75"), "best": Decimal("0.9375"), "plan": ""},
    )
    assert found.saving == pytest.approx(Decimal("67.8"))


def test_use_that_a_plan_covers_is_told_as_such():
    product = "claude_code_subscription"
    known = facts(
        *model_weeks(EARLIER, product=product), *model_weeks(FOUR, tokens=COLD, product=product)
    )

    assert RULE.find(known).values["plan"] == product


def test_models_without_a_price_are_no_part_of_the_saving():
    half = tokens(uncached=2_000_000, read=7_200_000, write=400_000)
    mixed = [
        *model_weeks(FOUR, tokens=half),
        *model_weeks(FOUR, tokens=half, model="in-house"),
        *model_weeks(FOUR, tokens=None, model=None),
        *model_weeks([0], tokens=tokens(uncached=0, read=100, write=0), model="claude-haiku-4-5"),
    ]

    assert RULE.find(facts(*WARM, *mixed)).saving == pytest.approx(
        Decimal("33.9"), rel=Decimal("0.001")
    )


@pytest.mark.parametrize(
    "known",
    [
        facts(),
        facts(*model_weeks(SIXTEEN)),
        facts(*model_weeks(FOUR, tokens=COLD)),
        facts(*model_weeks(EARLIER, tokens=COLD), *model_weeks(FOUR)),
        facts(*WARM, *model_weeks(range(2), tokens=COLD)),
        facts(*WARM, *model_weeks(range(2), tokens=COLD), *model_weeks(range(2, 4))),
        facts(*WARM, *model_weeks(FOUR, tokens=tokens(uncached=50_000, read=100_000, write=0))),
        facts(*WARM, *model_weeks(FOUR, tokens=None)),
        facts(*WARM, *model_weeks(FOUR, tokens=COLD), rates_of=no_rates),
    ],
    ids=[
        "nothing-known",
        "as-ever",
        "no-weeks-before",
        "better-than-ever",
        "two-weeks-only",
        "half-of-the-weeks",
        "little-input",
        "no-tokens",
        "no-prices",
    ],
)
def test_is_silent(known):
    assert RULE.find(known) is None


@pytest.mark.parametrize("product", ["messages_api", "api"])
def test_is_silent_about_an_api(product):
    known = facts(
        *model_weeks(EARLIER, product=product), *model_weeks(FOUR, tokens=COLD, product=product)
    )

    assert RULE.find(known) is None


def test_is_silent_about_chats_which_have_no_cache():
    chat = tokens(uncached=3_000_000, read=0, write=0)

    assert RULE.find(facts(*model_weeks(SIXTEEN, product="chat", tokens=chat))) is None


def test_weeks_of_experiments_do_not_make_it_speak():
    trying = [used(back, tier=Tier.EXPLORATION) for back in FOUR]
    known = facts(*WARM, *model_weeks(FOUR, tokens=COLD), use=trying)

    assert RULE.find(known) is None


def test_a_conversation_is_known_by_its_cache_where_no_product_is_told():
    known = facts(
        *model_weeks(EARLIER, product=None), *model_weeks(FOUR, tokens=COLD, product=None)
    )

    assert RULE.find(known) is not None


def test_no_check_is_promised_where_the_share_goes_up_and_down():
    jumpy = [
        model_week(back, tokens=tokens() if back % 2 else tokens(read=6_000_000))
        for back in EARLIER
    ]
    found = RULE.find(facts(*jumpy, *model_weeks(FOUR, tokens=tokens(read=1_800_000))))

    assert found.saving > 0
    assert (found.measure, found.goal) == (None, None)


def test_the_check_looks_at_the_weeks_since():
    since = weeks_after(week(4), 3)

    assert RULE.measure(turned_cold(), since) == Decimal("0.75")
    assert RULE.measure(turned_cold(), weeks_after(week(8), 3)) == Decimal("0.9375")


def test_how_much_is_used_makes_no_difference_to_the_check():
    twice = tokens(uncached=8_000_000, read=28_800_000, write=1_600_000)

    assert RULE.measure(facts(*model_weeks(FOUR, tokens=twice)), week_names()) == Decimal("0.75")


def test_a_single_week_of_use_is_too_little_for_a_check():
    assert RULE.measure(facts(model_week(0)), week_names()) is None


def week_names():
    return weeks_after(week(3), 3)
