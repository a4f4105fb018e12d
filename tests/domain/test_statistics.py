"""What can honestly be said of a few events."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.statistics import Difference, Interval, difference, quantile

amounts = st.decimals(min_value=0, max_value=10**6, places=4)
ends = st.floats(0, 100)
intervals = st.tuples(ends, ends).map(lambda pair: Interval(low=min(pair), high=max(pair)))


@dataclass(frozen=True)
class Dollars:
    low: Decimal
    high: Decimal


def interval(low: float, high: float) -> Interval:
    return Interval(low=low, high=high)


def test_more_is_said_of_a_range_wholly_above_the_one_before():
    assert difference(interval(5.1, 9), interval(2, 5)) is Difference.MORE


def test_less_is_said_of_a_range_wholly_below_the_one_before():
    assert difference(interval(2, 5), interval(5.1, 9)) is Difference.LESS


@pytest.mark.parametrize(
    "before",
    [
        pytest.param((1, 3), id="overlaps from below"),
        pytest.param((4, 9), id="overlaps from above"),
        pytest.param((3, 4), id="lies within"),
        pytest.param((1, 9), id="lies around"),
        pytest.param((1, 2), id="touches from below"),
        pytest.param((5, 9), id="touches from above"),
        pytest.param((2, 5), id="is the same"),
    ],
)
def test_nothing_is_said_of_ranges_with_a_point_in_common(before):
    assert difference(interval(2, 5), interval(*before)) is None


def test_amounts_of_money_are_compared_as_they_are():
    now = Dollars(Decimal("21.56"), Decimal("82.22"))

    assert difference(now, Dollars(Decimal("82.23"), Decimal(90))) is Difference.LESS
    assert difference(now, Dollars(Decimal("82.22"), Decimal(90))) is None


@given(intervals, intervals)
def test_what_is_more_now_was_less_before(now, before):
    opposite = {Difference.MORE: Difference.LESS, Difference.LESS: Difference.MORE, None: None}

    assert difference(before, now) is opposite[difference(now, before)]


@given(intervals, intervals, st.floats(0, 1))
def test_a_difference_is_said_only_where_no_value_is_in_both(now, before, share):
    inside = before.low + (before.high - before.low) * share
    is_in_both = now.low <= inside <= now.high and before.low <= inside <= before.high

    assert not (is_in_both and difference(now, before))


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
