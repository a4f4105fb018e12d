"""The range behind a share, such as that of the changes that were reverted."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.statistics import wilson_interval

ROUNDING = 1e-12
confidences = st.floats(0.01, 0.999)


@st.composite
def samples(draw) -> tuple[int, int]:
    trials = draw(st.integers(1, 10_000))
    return draw(st.integers(0, trials)), trials


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(3, 961, "0.11", "0.91"), (80, 5401, "1.19", "1.84"), (2, 261, "0.21", "2.75")],
)
def test_few_reverts_among_many_changes_are_a_range_of_percents(hits, trials, low, high):
    interval = wilson_interval(hits, trials, confidence=0.95)

    assert f"{interval.low:.2%}" == f"{low}%"
    assert f"{interval.high:.2%}" == f"{high}%"


def test_one_success_in_one_trial_proves_little():
    interval = wilson_interval(1, 1)

    assert 0 < interval.low < 0.5
    assert interval.high == 1


@given(samples(), confidences)
def test_it_holds_the_share_itself_and_stays_a_share(sample, confidence):
    hits, trials = sample
    interval = wilson_interval(hits, trials, confidence=confidence)

    assert 0 <= interval.low <= hits / trials + ROUNDING
    assert hits / trials - ROUNDING <= interval.high <= 1


@given(st.integers(1, 10_000), confidences)
def test_none_and_all_reach_the_end_exactly(trials, confidence):
    assert wilson_interval(0, trials, confidence=confidence).low == 0
    assert wilson_interval(trials, trials, confidence=confidence).high == 1


@given(samples(), confidences)
def test_at_its_ends_the_share_is_just_so_many_deviations_away(sample, confidence):
    hits, trials = sample
    interval = wilson_interval(hits, trials, confidence=confidence)

    for end in {interval.low, interval.high} - {0.0, 1.0}:
        deviation = abs(hits - trials * end) / math.sqrt(trials * end * (1 - end))
        assert math.erf(deviation / math.sqrt(2)) == pytest.approx(confidence, rel=1e-6)


@given(samples(), confidences)
def test_hits_and_misses_mirror_each_other(sample, confidence):
    hits, trials = sample
    interval = wilson_interval(hits, trials, confidence=confidence)
    mirrored = wilson_interval(trials - hits, trials, confidence=confidence)

    assert (interval.low, interval.high) == pytest.approx((1 - mirrored.high, 1 - mirrored.low))


@given(samples(), confidences)
def test_one_more_hit_moves_both_ends_up(sample, confidence):
    hits, trials = sample
    fewer = wilson_interval(hits, trials + 1, confidence=confidence)
    more = wilson_interval(hits + 1, trials + 1, confidence=confidence)

    assert fewer.low < more.low
    assert fewer.high < more.high


@given(samples(), confidences, confidences)
def test_more_confidence_takes_a_wider_range(sample, some, other):
    assume(abs(some - other) > 1e-6)
    narrow, wide = (
        wilson_interval(*sample, confidence=confidence) for confidence in sorted((some, other))
    )

    assert wide.low <= narrow.low
    assert wide.high >= narrow.high
    assert wide.high - wide.low > narrow.high - narrow.low


@given(samples(), st.integers(2, 100))
def test_more_trials_say_more(sample, times):
    hits, trials = sample
    short, long = wilson_interval(hits, trials), wilson_interval(hits * times, trials * times)

    assert long.high - long.low < short.high - short.low


@pytest.mark.parametrize(("hits", "trials"), [(0, 0), (1, 0), (-1, 5), (6, 5), (0, -1), (-2, -1)])
def test_what_is_no_share_is_refused(hits, trials):
    with pytest.raises(ValueError, match="trials"):
        wilson_interval(hits, trials)


@pytest.mark.parametrize("confidence", [0, 1, -0.1, 1.5, 80, float("nan")])
def test_what_is_no_confidence_is_refused(confidence):
    with pytest.raises(ValueError, match="confidence"):
        wilson_interval(1, 5, confidence=confidence)
