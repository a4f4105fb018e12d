"""The range behind a count: never narrower than the few events allow."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.statistics import MOST_EVENTS, poisson_interval

SPEND = 200
CLOSELY = 1e-9
counts = st.one_of(st.integers(0, 300), st.floats(0, 300))
confidences = st.floats(0.01, 0.999)


def chance_of(events: int, rate: float) -> float:
    return math.exp(events * math.log(rate) - rate - math.lgamma(events + 1))


def chance_of_at_most(events: int, rate: float) -> float:
    return math.fsum(chance_of(count, rate) for count in range(events + 1))


def as_printed(value: float, printed: str) -> str:
    places = len(printed.partition(".")[2])
    return f"{value:.{places}f}"


@pytest.mark.parametrize(
    ("events", "low", "high", "least", "most", "width"),
    [
        (1, "0.11", "3.89", "51", "1898", "37"),
        (3, "1.10", "6.68", "30", "181", "6.1"),
        (5, "2.43", "9.27", "22", "82", "3.8"),
        (10, "6.22", "15.4", "13", "32", "2.5"),
        (20, "14.5", "27.0", "7.4", "13.8", "1.9"),
        (30, "23.2", "38.3", "5.2", "8.6", "1.65"),
        (50, "41.2", "60.3", "3.3", "4.9", "1.5"),
    ],
)
def test_spend_for_a_few_outcomes_is_a_range(events, low, high, least, most, width):
    interval = poisson_interval(events)

    assert as_printed(interval.low, low) == low
    assert as_printed(interval.high, high) == high
    assert as_printed(SPEND / interval.high, least) == least
    assert as_printed(SPEND / interval.low, most) == most
    assert as_printed(interval.high / interval.low, width) == width


def test_nothing_finished_says_only_that_one_costs_more_than_so_much():
    interval = poisson_interval(0)

    assert interval.low == 0
    assert interval.high == pytest.approx(math.log(10), rel=CLOSELY)
    assert round(SPEND / interval.high) == 87


@pytest.mark.parametrize(
    ("events", "low", "high"), [(10, 4.79539, 18.39036), (100, 81.364, 121.627)]
)
def test_published_values_at_95_percent(events, low, high):
    interval = poisson_interval(events, confidence=0.95)

    assert (interval.low, interval.high) == pytest.approx((low, high), rel=1e-5)


@given(st.integers(1, 60), confidences)
def test_at_its_ends_so_many_or_so_few_are_as_rare_as_was_asked_for(events, confidence):
    interval = poisson_interval(events, confidence=confidence)
    tail = (1 - confidence) / 2

    assert 1 - chance_of_at_most(events - 1, interval.low) == pytest.approx(tail, rel=CLOSELY)
    assert chance_of_at_most(events, interval.high) == pytest.approx(tail, rel=CLOSELY)


@settings(deadline=None)
@given(st.floats(0.01, 60))
def test_whatever_the_true_rate_the_range_holds_it_as_often_as_promised(rate):
    ranges = {events: poisson_interval(events) for events in range(200)}

    held = (count for count, range_ in ranges.items() if range_.low <= rate <= range_.high)

    assert math.fsum(chance_of(count, rate) for count in held) >= 0.80 - CLOSELY


@given(counts, confidences)
def test_it_holds_the_count_itself(events, confidence):
    interval = poisson_interval(events, confidence=confidence)

    assert interval.low <= events < interval.high


@given(counts, counts, confidences)
def test_more_events_move_both_ends_up(some, others, confidence):
    assume(abs(some - others) > 1e-3)
    fewer, more = (
        poisson_interval(events, confidence=confidence) for events in sorted((some, others))
    )

    assert fewer.low < more.low or fewer.low == more.low == 0
    assert fewer.high < more.high


@given(st.integers(1, 300), confidences)
def test_more_events_say_relatively_more(events, confidence):
    fewer = poisson_interval(events, confidence=confidence)
    more = poisson_interval(events + 1, confidence=confidence)

    assert more.high / more.low < fewer.high / fewer.low


@given(st.integers(1, 300), confidences, confidences)
def test_more_confidence_takes_a_wider_range(events, some, other):
    assume(abs(some - other) > 1e-6)
    narrow, wide = (
        poisson_interval(events, confidence=confidence) for confidence in sorted((some, other))
    )

    assert wide.low < narrow.low
    assert wide.high > narrow.high


@given(st.integers(0, 300), st.decimals("0.01", "0.99", places=2))
def test_shares_in_common_work_lie_between_the_whole_counts(events, share):
    less, more = poisson_interval(events), poisson_interval(events + 1)

    between = poisson_interval(events + share)

    assert less.low < between.low < more.low
    assert less.high < between.high < more.high


def test_less_than_a_thousandth_of_an_event_has_a_low_end_of_nothing():
    assert poisson_interval(1e-6).low == 0
    assert poisson_interval(1e-6).high == pytest.approx(poisson_interval(0).high, rel=1e-5)


def test_a_count_is_the_same_however_it_is_written():
    assert poisson_interval(5) == poisson_interval(5.0) == poisson_interval(Decimal("5.00"))


def test_a_great_many_events_leave_next_to_no_doubt():
    interval = poisson_interval(100_000)

    assert (interval.low, interval.high) == pytest.approx((99_595, 100_406), abs=1)


@pytest.mark.parametrize(
    "events",
    [
        -1,
        -1e-9,
        float("nan"),
        float("inf"),
        MOST_EVENTS + 1,
        Decimal(-1),
        Decimal("NaN"),
        Decimal("sNaN"),
    ],
)
def test_what_is_no_count_is_refused(events):
    with pytest.raises(ValueError):
        poisson_interval(events)


@pytest.mark.parametrize("confidence", [0, 1, -0.1, 1.5, 80, float("nan")])
def test_what_is_no_confidence_is_refused(confidence):
    with pytest.raises(ValueError, match="confidence"):
        poisson_interval(5, confidence=confidence)
