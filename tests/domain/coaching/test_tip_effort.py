"""Effort: told where answers are twice as long as usual while the requests are as ever."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.coaching.facts import weeks_after
from bot.domain.coaching.tips.effort import RULE
from tests.domain.coaching.making import (
    EARLIER,
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
USUAL = model_weeks(EARLIER)
"""400 requests a week with answers of 500 tokens each."""
LONG = tokens(output=600_000)


def test_is_told_where_an_answer_takes_more_than_twice_as_much():
    found = RULE.find(facts(*USUAL, *model_weeks(FOUR, tokens=LONG)))

    # 400,000 tokens a week more than usual, at $25 a million
    assert found.saving == pytest.approx(Decimal(40))
    assert found.values["now"] == pytest.approx(Decimal(1_500))
    assert found.values["usual"] == pytest.approx(Decimal(500))
    assert found.measure == pytest.approx(Decimal(1_500).ln())
    assert found.goal == pytest.approx(Decimal(500).ln())


@pytest.mark.parametrize(
    "known",
    [
        facts(),
        facts(*model_weeks(SIXTEEN)),
        facts(*model_weeks(FOUR, tokens=LONG)),
        facts(*USUAL, *model_weeks(FOUR, tokens=LONG), rates_of=no_rates),
        facts(*USUAL, *model_weeks(FOUR, tokens=LONG, requests=None)),
        facts(*USUAL, *model_weeks(FOUR, tokens=LONG, requests=1_200)),
        facts(*USUAL, *model_weeks(FOUR, tokens=LONG, model="claude-sonnet-5")),
        facts(*USUAL, *model_weeks(FOUR, tokens=tokens(read=36_000_000, output=600_000))),
        facts(
            *model_weeks(EARLIER, product="messages_api"),
            *model_weeks(FOUR, tokens=LONG, product="messages_api"),
        ),
    ],
    ids=[
        "nothing-known",
        "as-ever",
        "no-weeks-before",
        "no-prices",
        "requests-not-told",
        "just-more-requests",
        "another-model",
        "more-is-read-too",
        "an-api",
    ],
)
def test_is_silent(known):
    assert RULE.find(known) is None


def test_is_silent_where_a_week_of_many_short_answers_makes_up_for_it():
    short = model_week(0, requests=10_000)

    assert RULE.find(facts(*USUAL, *model_weeks(range(1, 4), tokens=LONG), short)) is None


def test_the_check_is_the_length_of_an_answer_since():
    known = facts(*USUAL, *model_weeks(FOUR, tokens=LONG))

    assert RULE.measure(known, SINCE) == pytest.approx(Decimal(1_500).ln())
    assert RULE.measure(facts(), SINCE) is None
