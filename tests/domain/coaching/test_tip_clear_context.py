"""Clearing the context: told where a request reads far more than it used to, and writes no more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.coaching.facts import weeks_after
from bot.domain.coaching.tips.clear_context import RULE
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

USUAL = model_weeks(EARLIER)
"""400 requests a week that read 48,000 tokens each."""
GROWN = tokens(uncached=1_200_000, read=54_000_000, write=2_400_000)
"""Three times as much for as many requests, and the same output."""


def grown(**changes):
    return facts(*USUAL, *model_weeks(FOUR, tokens=GROWN), **changes)


def test_is_told_where_a_request_reads_more_than_twice_the_usual():
    found = RULE.find(grown())

    # 57.6 million tokens a week for $6 + $27 + $15 = $48; usual for 400 requests: 19.2 million.
    # 38.4 million more, at 48 / 57.6 dollars a million, in each of 4 weeks.
    assert found.saving == pytest.approx(4 * Decimal("38.4") * 48 / Decimal("57.6"))
    assert found.saving == pytest.approx(Decimal(128))
    assert found.values["now"] == pytest.approx(Decimal(144_000))
    assert found.values["usual"] == pytest.approx(Decimal(48_000))
    assert found.measure == pytest.approx(Decimal(144_000).ln())
    assert found.goal == pytest.approx(Decimal(48_000).ln())


@pytest.mark.parametrize(
    "known",
    [
        facts(),
        facts(*model_weeks(SIXTEEN)),
        facts(*model_weeks(FOUR, tokens=GROWN)),
        grown(rates_of=no_rates),
        facts(*USUAL, *model_weeks(FOUR, tokens=GROWN, requests=None)),
        facts(*USUAL, *model_weeks(FOUR, tokens=GROWN, requests=1200)),
        facts(*USUAL, *model_weeks(FOUR, tokens=GROWN, requests=40)),
        facts(*USUAL, *model_weeks(range(2), tokens=GROWN)),
        facts(
            *model_weeks(EARLIER, product="messages_api"),
            *model_weeks(FOUR, tokens=GROWN, product="messages_api"),
        ),
    ],
    ids=[
        "nothing-known",
        "as-ever",
        "no-weeks-before",
        "no-prices",
        "requests-not-told",
        "just-more-requests",
        "few-requests",
        "two-weeks-only",
        "an-api",
    ],
)
def test_is_silent(known):
    assert RULE.find(known) is None


def test_is_silent_where_as_much_more_is_written():
    more = tokens(uncached=1_200_000, read=54_000_000, write=2_400_000, output=600_000)

    assert RULE.find(facts(*USUAL, *model_weeks(FOUR, tokens=more))) is None


def test_is_silent_where_corrections_leave_nothing_to_save():
    huge = [model_week(0, tokens=GROWN, requests=50), model_week(1, tokens=GROWN, requests=50)]
    plain = [model_week(2, tokens=GROWN), model_week(3, requests=100_000)]

    assert RULE.find(facts(*USUAL, *huge, *plain)) is None


def test_a_week_that_does_not_tell_tokens_is_left_out():
    silent = model_week(0, tokens=None)

    found = RULE.find(facts(*USUAL, *model_weeks(range(1, 4), tokens=GROWN), silent))

    assert found.values["now"] == pytest.approx(Decimal(144_000))


def test_another_model_is_another_matter():
    known = facts(*USUAL, *model_weeks(FOUR, tokens=GROWN, model="claude-sonnet-5"))

    assert RULE.find(known) is None


def test_the_check_is_the_input_a_request_of_the_weeks_since():
    known = grown()

    assert RULE.measure(known, weeks_after(week(3), 3)) == pytest.approx(Decimal(144_000).ln())
    assert RULE.measure(known, weeks_after(week(9), 3)) == pytest.approx(Decimal(48_000).ln())
    assert RULE.measure(facts(), weeks_after(week(3), 3)) is None


def test_a_correction_larger_than_its_week_is_no_week():
    below = tokens(uncached=-9_000_000, read=0, write=0, output=0)
    known = facts(*USUAL, *model_weeks(FOUR, tokens=below))

    assert RULE.measure(known, weeks_after(week(3), 3)) is None
    assert RULE.find(known) is None
