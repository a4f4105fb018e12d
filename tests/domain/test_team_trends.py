"""A team's week beside its own: a difference is told where nothing but the team explains it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Rounded
from bot.domain.statistics import Difference
from bot.domain.team_figures import OFF
from bot.domain.team_trends import team_trends
from tests.domain.released_weeks import alike, banded, rounded, week, withheld_week


def of_spend(*spent: int):
    weeks = [week(back, spend=value) for back, value in enumerate(reversed(spent))]
    [trend] = team_trends(weeks[::-1])
    return trend


def test_the_usual_week_is_a_released_one_in_the_middle_of_those_before():
    trend = of_spend(800, 1000, 2600, 1200, 1000)

    assert (trend.usual, trend.weeks) == (rounded(1000, 200), 4)


@pytest.mark.parametrize(
    ("now", "difference"),
    [
        (1000, None),
        (2200, None),
        (2400, Difference.MORE),
        (200, None),
    ],
)
def test_more_is_said_where_noise_and_rounding_could_not_make_it(now, difference):
    assert of_spend(1000, 1000, 1000, 1000, now).difference == difference


def test_less_is_said_likewise():
    assert of_spend(4000, 4000, 4000, 4000, 2600).difference == Difference.LESS


def test_three_earlier_weeks_are_no_past():
    assert team_trends(alike(4, spend=1000)) == ()


def test_a_week_that_was_withheld_has_no_trend_and_is_part_of_none():
    weeks = alike(6, spend=1000)

    assert team_trends([*weeks[:-1], withheld_week()]) == ()
    assert team_trends([withheld_week(6), *weeks])[0].weeks == 5


def test_bands_have_no_trend():
    assert team_trends([*alike(6, spend=1000)[:-1], week(spend=banded(0, 5000))]) == ()


def test_each_kind_of_work_has_its_own_and_what_people_log_has_none():
    trends = team_trends(alike(6, spend=1000, merged_change=30, reverted=5, logged=20))

    assert [trend.cell for trend in trends] == [Cell.SPEND, Cell.MERGED_CHANGE, Cell.REVERTED]


NOISE = st.decimals(-OFF, OFF, places=2)


@given(st.integers(0, 9000), st.lists(NOISE, min_size=5, max_size=8))
def test_a_team_whose_weeks_are_alike_never_hears_of_a_difference(truth, offs):
    weeks = [
        week(back, spend=Rounded(value=max(truth + off * 200, Decimal(0)), step=Decimal(200)))
        for back, off in enumerate(offs)
    ]

    [trend] = team_trends(weeks[::-1])

    assert trend.difference is None
