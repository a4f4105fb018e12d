"""What may go along with two high weeks, and when it is no sign."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.coaching.nudges import Sign
from bot.domain.coaching.signs import signs_of
from bot.domain.tiers import Tier
from tests.domain.coaching.making import (
    facts,
    finished,
    model_week,
    model_weeks,
    session_week,
    tokens,
    used,
    week,
)

WEEKS = (week(1), week(0))
BACKS = range(2, 10)
EARLIER = tuple(week(back) for back in reversed(BACKS))
MUCH = tokens(read=80_000_000)
WORKING = [finished(back) for back in range(10) for _ in range(2)]


def signs(*models, use=(), **changes) -> frozenset[Sign]:
    values = {"work": WORKING, "use": use}
    known = facts(*models, **values | changes)
    return signs_of(known, WEEKS, EARLIER, known.history.use)


def accepted(taken: int | None, *, offered: int | None = 60, before: int | None = 45):
    now = [session_week(back, offered=offered, accepted=taken) for back in (0, 1)]
    return [*now, *(session_week(back, accepted=before) for back in BACKS)]


def test_there_is_none_where_nothing_is_known():
    assert signs() == frozenset()


def test_work_that_is_missing():
    assert signs(work=WORKING[4:]) == {Sign.NO_OUTCOMES}


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        pytest.param(accepted(5), {Sign.LOW_ACCEPTANCE}, id="hardly-any"),
        pytest.param(accepted(6), set(), id="a-tenth"),
        pytest.param(accepted(0, offered=24), set(), id="too-few-offers"),
        pytest.param(accepted(None), set(), id="not-told"),
        pytest.param(accepted(5, offered=None), set(), id="offers-not-told"),
        pytest.param(accepted(5, before=3), set(), id="as-usual"),
        pytest.param(accepted(-5), set(), id="fewer-than-none"),
        pytest.param(accepted(5, before=61), {Sign.LOW_ACCEPTANCE}, id="usual-is-no-share"),
        pytest.param(accepted(5, before=None), {Sign.LOW_ACCEPTANCE}, id="usual-is-not-known"),
    ],
)
def test_suggestions_that_are_not_taken(sessions, expected):
    assert signs(sessions=sessions) == expected


def test_far_more_read_than_usual():
    usual = model_weeks(BACKS)

    assert signs(*usual, *model_weeks((0, 1), tokens=MUCH)) == {Sign.MORE_INPUT}
    assert signs(*usual, *model_weeks((0, 1))) == frozenset()


@pytest.mark.parametrize(
    "models",
    [
        pytest.param(model_weeks((2, 3, 4)), id="too-few-weeks"),
        pytest.param(model_weeks(BACKS, tokens=None), id="tokens-not-told"),
        pytest.param(model_weeks(BACKS, tokens=tokens(output=0)), id="nothing-written"),
        pytest.param(model_weeks(BACKS, product="chat"), id="another-product"),
    ],
)
def test_what_is_usually_read_has_to_be_known(models):
    assert signs(*models, *model_weeks((0, 1), tokens=MUCH)) == frozenset()


def test_what_is_read_now_has_to_be_known():
    assert signs(*model_weeks(BACKS), model_week(0, tokens=None)) == frozenset()


def constant(days=range(14), **changes):
    return [used(1 - n // 7, "10", weekday=n % 7, **changes) for n in days]


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        pytest.param(constant(), {Sign.SAME_EVERY_DAY}, id="fourteen-days"),
        pytest.param(constant(range(3, 13)), {Sign.SAME_EVERY_DAY}, id="ten-days"),
        pytest.param(constant(range(9)), set(), id="nine-days"),
        pytest.param([u for u in constant() if u.day.weekday() < 5], set(), id="weekdays-only"),
        pytest.param(constant(tier=Tier.PRODUCTION), set(), id="meant-to-run-by-itself"),
        pytest.param(constant(tier=Tier.EXPLORATION), set(), id="tried-out"),
        pytest.param([*constant(), *constant(range(0, 14, 2))], set(), id="every-other-day-more"),
        pytest.param(constant(constant_cost=Decimal(0)), set(), id="for-nothing"),
    ],
)
def test_days_that_cost_the_same(use, expected):
    assert signs(use=use) == expected
