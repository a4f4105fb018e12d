"""High weeks, missing work and one's own ups and downs, in plain numbers."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.coaching.nudges import Sign
from bot.domain.coaching.rises import (
    FEWEST_WEEKS,
    deserves_word,
    is_beyond_spread,
    is_high,
    is_work_missing,
    own_spread,
)

EIGHT = [20.0] * 8
NO_OUTCOMES = frozenset({Sign.NO_OUTCOMES})
OTHERS = frozenset(Sign) - NO_OUTCOMES
amounts = st.floats(min_value=-1e6, max_value=1e6)
weeks_of_spend = st.lists(amounts, max_size=12)
two = st.tuples(amounts, amounts)
some_signs = st.frozensets(st.sampled_from(Sign))


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        pytest.param((60, 60), True, id="three-times"),
        pytest.param((59, 60), False, id="just-under"),
        pytest.param((30, 120), True, id="half-and-double-of-that"),
        pytest.param((29, 200), False, id="one-week-alone"),
        pytest.param((20, 2000), False, id="one-usual-week"),
        pytest.param((0, 500), False, id="a-week-off"),
        pytest.param((-50, 500), False, id="a-correction"),
    ],
)
def test_both_weeks_are_high_and_three_times_the_usual_on_the_log_scale(weeks, expected):
    assert is_high(EIGHT, weeks, times_usual=3) is expected


@pytest.mark.parametrize(("usual", "expected"), [(12.4, False), (12.6, True)])
def test_less_than_25_dollars_more_a_week_is_not_worth_a_word(usual, expected):
    assert is_high([usual] * 8, (usual * 3, usual * 3), times_usual=3) is expected


def test_what_is_usual_takes_six_weeks():
    assert not is_high(EIGHT[: FEWEST_WEEKS - 1], (200, 200), times_usual=3)
    assert is_high(EIGHT[:FEWEST_WEEKS], (200, 200), times_usual=3)


def test_a_lower_multiple_can_be_asked_for_and_a_higher_one():
    assert is_high(EIGHT, (45, 45), times_usual=2)
    assert not is_high(EIGHT, (60, 60), times_usual=4)


def test_even_weeks_allow_less_of_a_rise_than_uneven_ones():
    uneven = [4.0, 80, 9, 60, 20, 20, 5, 90]

    assert is_beyond_spread(EIGHT, (100, 100))
    assert not is_beyond_spread(uneven, (100, 100))


def test_a_few_weeks_that_happen_to_be_alike_are_not_taken_for_certain():
    alike = own_spread([log(20)] * 8, ordinary=0.4, weight=4)

    assert alike == pytest.approx((4 * 0.16 / 11) ** 0.5)


@pytest.mark.parametrize(
    ("earlier", "finished", "expected"),
    [
        pytest.param([2] * 8, 0, True, id="two-a-week"),
        pytest.param([2] * 8, 1, False, id="something-is-finished"),
        pytest.param([3, 0, 2, 1, 3, 0, 4, 1], 0, True, id="single-empty-weeks"),
        pytest.param([4, 4, 0, 0, 4, 4, 4, 4], 0, False, id="two-empty-weeks-running"),
        pytest.param([1, 2] * 4, 0, False, id="too-little-usually"),
        pytest.param([9] * 5, 0, False, id="too-few-weeks"),
        pytest.param([], 0, False, id="nothing-known"),
    ],
)
def test_work_is_missing_where_it_never_was(earlier, finished, expected):
    assert is_work_missing(earlier, finished) is expected


def test_two_high_weeks_alone_are_no_reason_to_say_anything():
    assert not deserves_word(EIGHT, (500, 500), frozenset())


def test_missing_work_is_a_sure_sign_and_others_need_a_rise_beyond_the_ups_and_downs():
    uneven = [4.0, 80, 9, 60, 20, 20, 5, 90]

    assert deserves_word(uneven, (100, 100), NO_OUTCOMES)
    assert not deserves_word(uneven, (100, 100), OTHERS)
    assert deserves_word(EIGHT, (100, 100), OTHERS)


@given(weeks_of_spend, two, some_signs)
def test_whatever_the_figures_are_there_is_an_answer(earlier, weeks, signs):
    if deserves_word(earlier, weeks, signs):
        assert signs
        assert len(earlier) >= FEWEST_WEEKS
        assert min(weeks) > 0


@given(st.lists(amounts, max_size=FEWEST_WEEKS - 1), two, some_signs)
def test_never_without_a_usual_week(earlier, weeks, signs):
    assert not deserves_word(earlier, weeks, signs)


@given(weeks_of_spend, st.floats(min_value=-1e6, max_value=0), amounts, some_signs)
def test_never_where_a_week_has_no_spend(earlier, none, other, signs):
    assert not deserves_word(earlier, (none, other), signs)


@given(
    st.lists(st.floats(min_value=50, max_value=1e4), min_size=6, max_size=8),
    st.tuples(st.floats(min_value=50, max_value=1e5), st.floats(min_value=50, max_value=1e5)),
    st.floats(min_value=1, max_value=100),
    some_signs,
)
def test_who_spends_more_is_judged_alike(earlier, weeks, factor, signs):
    larger = [amount * factor for amount in earlier], [amount * factor for amount in weeks]
    # on the very edge rounding decides
    assume(
        deserves_word(earlier, weeks, signs)
        == deserves_word(earlier, weeks, signs, times_usual=3.0001)
    )
    assume(
        deserves_word(earlier, weeks, signs)
        == deserves_word(earlier, weeks, signs, times_usual=2.9999)
    )

    assert deserves_word(*larger, signs) == deserves_word(earlier, weeks, signs)


@given(weeks_of_spend, two, some_signs)
def test_more_spend_never_silences(earlier, weeks, signs):
    if deserves_word(earlier, weeks, signs):
        assert deserves_word(earlier, [amount * 2 for amount in weeks], signs)
