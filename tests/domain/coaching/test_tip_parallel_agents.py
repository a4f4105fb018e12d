"""Fewer agents: told where much more was asked for and no more was finished, kindly."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.coaching.facts import weeks_after
from bot.domain.coaching.tips.parallel_agents import RULE
from bot.domain.outcomes import OutcomeState
from tests.domain.coaching.making import (
    EARLIER,
    FOUR,
    SIXTEEN,
    facts,
    finished,
    model_week,
    model_weeks,
    used,
    week,
)

SINCE = weeks_after(week(3), 3)
CALM = model_weeks(EARLIER, cost="20", requests=400)
BUSY = model_weeks(FOUR, cost="100", requests=2_000)
DAYS = [used(back, weekday=day) for back in SIXTEEN for day in range(4)]
WORK = [finished(back) for back in SIXTEEN for _ in range(2)]


def of(*models, use=DAYS, work=WORK):
    return facts(*models, use=use, work=work)


def test_is_told_where_five_times_as_much_was_asked_for_the_same_work():
    found = RULE.find(of(*CALM, *BUSY))

    # $400 in four weeks; four usual ones come to $80
    assert found.saving == Decimal(320)
    assert found.measure == Decimal(500).ln()
    assert found.goal == Decimal(100).ln()
    assert found.values["times"] == pytest.approx(Decimal(5))


def test_the_saving_is_at_the_prices_of_now():
    dearer = model_weeks(FOUR, cost="200", constant_cost="100", requests=2_000)

    assert RULE.find(of(*CALM, *dearer)).saving == Decimal(640)


@pytest.mark.parametrize(
    "known",
    [
        of(),
        of(*model_weeks(SIXTEEN, cost="20")),
        of(*BUSY),
        of(*CALM, *model_weeks(FOUR, cost="50", requests=2_000)),
        of(*CALM, *model_weeks(FOUR, cost="100", requests=1_000)),
        of(*CALM, *model_weeks(FOUR, cost="100", requests=None)),
        of(*CALM, *model_weeks(FOUR, cost=None, requests=2_000)),
        of(*CALM, *BUSY, work=[]),
        of(*CALM, *BUSY, work=[finished(back) for back in range(0, 16, 2)]),
        of(*CALM, *BUSY, work=[*WORK, *[finished(back) for back in FOUR]]),
        of(*CALM, *BUSY, use=[used(back) for back in SIXTEEN]),
        of(
            *model_weeks(EARLIER, cost="20", product="messages_api"),
            *model_weeks(FOUR, cost="100", requests=2_000, product="messages_api"),
        ),
    ],
    ids=[
        "nothing-known",
        "as-ever",
        "no-weeks-before",
        "spend-only-2.5-times",
        "requests-only-2.5-times",
        "requests-not-told",
        "no-cost",
        "no-work-known",
        "little-work-known",
        "more-work-done",
        "a-day-a-week",
        "an-api",
    ],
)
def test_is_silent(known):
    assert RULE.find(known) is None


def test_work_that_was_taken_back_is_not_finished():
    reverted = [finished(back, state=OutcomeState.REVERTED) for back in FOUR for _ in range(9)]

    assert RULE.find(of(*CALM, *BUSY, work=[*WORK, *reverted])) is not None


def test_more_days_of_use_are_no_more_agents():
    long_weeks = [
        used(back, weekday=day) for back in SIXTEEN for day in range(7 if back < 4 else 2)
    ]
    more = model_weeks(FOUR, cost="70", requests=1_400)

    assert RULE.find(of(*CALM, *more, use=long_weeks)) is None


def test_no_check_is_promised_where_weeks_differ_as_much():
    up_and_down = [
        model_week(back, cost="20", requests=200 if back % 2 else 800) for back in EARLIER
    ]
    found = RULE.find(of(*up_and_down, *BUSY))

    assert found.saving == Decimal(320)
    assert (found.measure, found.goal) == (None, None)


def test_the_check_is_how_much_is_asked_for_on_a_day_of_use():
    assert RULE.measure(of(*CALM, *BUSY), SINCE) == Decimal(500).ln()
    assert RULE.measure(of(), SINCE) is None
