"""No more goes out than the rate allows, and nothing while Slack says wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rates import Bucket
from tests.fakes import REAL_START as START

SECOND = timedelta(seconds=1)
rates = st.integers(1, 100_000)
steps = st.lists(st.tuples(st.floats(0, 300), st.integers(0, 200)), min_size=1, max_size=40)


def bucket(tokens: float = 1.0, **changes) -> Bucket:
    return Bucket(tokens=tokens, refilled_at=START, **changes)


@given(rates, steps)
def test_over_any_time_no_more_goes_out_than_the_rate_and_six_seconds_worth(per_minute, steps):
    state, now, sent, elapsed = bucket(), START, 0, 0.0
    for pause, wanted in steps:
        now += timedelta(seconds=pause)
        elapsed = (now - START).total_seconds()
        granted, state = state.refilled(now, per_minute).take(wanted, now)
        sent += granted

        assert 0 <= granted <= wanted
        assert sent <= elapsed * per_minute / 60 + max(per_minute / 10, 1.0) + 1e-6


@given(rates, st.floats(0, 0.999))
def test_after_the_wait_that_it_tells_one_more_may_go_out(per_minute, tokens):
    wait = bucket(tokens).wait(START, per_minute)
    later = START + wait + timedelta(milliseconds=1)

    granted, _ = bucket(tokens).refilled(later, per_minute).take(1, later)

    assert granted == 1


def test_what_is_frozen_grants_nothing_and_says_until_when():
    frozen = bucket(5.0, frozen_until=START + 30 * SECOND)

    assert frozen.take(3, START + 29 * SECOND) == (0, frozen)
    assert frozen.wait(START + 29 * SECOND, 200) == SECOND


def test_what_was_frozen_grants_again_and_forgets_it():
    frozen = bucket(5.0, frozen_until=START + 30 * SECOND)

    granted, left = frozen.take(3, START + 30 * SECOND)

    assert (granted, left.tokens, left.frozen_until) == (3, 2.0, None)


def test_a_clock_that_goes_back_gives_and_takes_nothing():
    assert bucket(2.0).refilled(START - SECOND, 200) == bucket(2.0)


@pytest.mark.parametrize(("per_minute", "most"), [(1, 1), (9, 1), (600, 60)])
def test_no_more_is_saved_than_six_seconds_worth_but_always_one(per_minute, most):
    rested = bucket(0.0).refilled(START + timedelta(days=1), per_minute)

    assert rested.tokens == most
