"""What can honestly be said of a few events."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.statistics import poisson_interval, quantile

amounts = st.decimals(min_value=0, max_value=10**6, places=4)


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [
        (0, 0, 2.3),
        (1, 0.11, 3.89),
        (3, 1.10, 6.68),
        (5, 2.43, 9.27),
        (10, 6.22, 15.4),
        (20, 14.5, 27.0),
        (30, 23.2, 38.3),
        (50, 41.2, 60.3),
    ],
)
def test_the_interval_is_garwoods(events, low, high):
    interval = poisson_interval(events)

    assert interval.low == pytest.approx(low, abs=0.06, rel=0.005)
    assert interval.high == pytest.approx(high, abs=0.06, rel=0.005)


@pytest.mark.parametrize(
    ("events", "low", "high"), [(10, 4.79539, 18.39036), (100, 81.364, 121.627)]
)
def test_the_interval_is_garwoods_at_95_percent_too(events, low, high):
    interval = poisson_interval(events, confidence=0.95)

    assert (interval.low, interval.high) == pytest.approx((low, high), rel=1e-5)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 200))
def test_the_interval_holds_the_count(events):
    interval = poisson_interval(events)

    assert interval.low <= events <= interval.high


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 200))
def test_more_events_say_relatively_more(events):
    fewer, more = poisson_interval(events), poisson_interval(events + 1)

    assert fewer.low < more.low
    assert fewer.high < more.high
    assert more.high / more.low < (fewer.high / fewer.low if fewer.low else float("inf"))


@given(st.lists(amounts, min_size=1, max_size=20), st.decimals(0, 1, places=2))
def test_a_quantile_lies_among_the_values(values, share):
    assert min(values) <= quantile(values, share) <= max(values)


@given(st.lists(amounts, min_size=1, max_size=20))
def test_the_ends_are_the_least_and_the_most(values):
    assert quantile(values, Decimal(0)) == min(values)
    assert quantile(values, Decimal(1)) == max(values)


@pytest.mark.parametrize(("share", "value"), [("0.5", "2.5"), ("0.1", "1.3"), ("0.9", "3.7")])
def test_between_neighbours_it_is_interpolated(share, value):
    values = [Decimal(n) for n in (4, 1, 3, 2)]

    assert quantile(values, Decimal(share)) == Decimal(value)
