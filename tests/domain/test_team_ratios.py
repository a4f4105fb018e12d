"""A team's ranges: of released figures alone, and wide enough for all that was done to those."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Rounded
from bot.domain.outcomes import OutcomeKind
from bot.domain.statistics import poisson_interval, wilson_interval
from bot.domain.team_figures import OFF, bounds_of, last_weeks, total_of
from bot.domain.team_ratios import FEWEST_SETTLED, revert_share, team_ratios
from tests.domain.released_weeks import LAST, alike, banded, rounded, week, withheld_week


def one_ratio(weeks):
    [ratio] = team_ratios(weeks)
    return ratio


class TestWhichWeeksCount:
    def test_the_last_eight_and_none_before(self):
        weeks = alike(13, spend=1000)

        assert [each.week for each in last_weeks(weeks, LAST)] == [
            LAST.back(back) for back in reversed(range(8))
        ]

    def test_a_week_that_was_never_released_leaves_a_gap(self):
        weeks = [week(9, spend=1), week(7, spend=2), week(0, spend=3)]

        assert last_weeks(weeks, LAST) == (weeks[1], weeks[2])

    def test_none_after_the_one_that_is_told_of(self):
        weeks = alike(3, spend=1000)

        assert last_weeks(weeks, LAST.back(1)) == tuple(weeks[:2])


class TestSpendPerOutcome:
    def test_is_a_range_over_the_weeks_with_both_sides(self):
        ratio = one_ratio(alike(8, spend=4000, merged_change=60))

        assert (ratio.kind, ratio.settled, ratio.weeks) == (OutcomeKind.MERGED_CHANGE, 480, 8)
        assert ratio.low < Decimal(4000) / 60 < ratio.high

    def test_is_that_of_poisson_at_the_figures_that_lie_furthest_apart(self):
        ratio = one_ratio(alike(2, spend=4000, merged_change=60))

        off = OFF * 2
        fewest, most = 120 - off * 5, 120 + off * 5
        assert ratio.low == (8000 - off * 200) / Decimal(poisson_interval(most).high)
        assert ratio.high == (8000 + off * 200) / Decimal(poisson_interval(fewest).low)

    @pytest.mark.parametrize(("settled", "is_told"), [(FEWEST_SETTLED - 1, False), (30, True)])
    def test_takes_thirty_settled_outcomes(self, settled, is_told):
        weeks = [week(spend=4000, merged_change=rounded(settled, 1))]

        assert bool(team_ratios(weeks)) is is_told

    def test_of_several_kinds_stands_for_each_by_itself(self):
        ratios = team_ratios(alike(8, spend=4000, merged_change=60, ticket_solved=200))

        assert [ratio.kind for ratio in ratios] == [
            OutcomeKind.MERGED_CHANGE,
            OutcomeKind.TICKET_SOLVED,
        ]

    def test_is_never_told_of_reviews_or_of_what_people_log(self):
        assert team_ratios(alike(8, spend=4000, review_given=500, logged=500)) == ()

    @pytest.mark.parametrize(
        "lacking",
        [
            pytest.param(week(spend=9000), id="work withheld"),
            pytest.param(week(merged_change=900), id="spend withheld"),
            pytest.param(withheld_week(), id="all withheld"),
            pytest.param(week(spend=banded(0, 9000), merged_change=900), id="spend in bands"),
            pytest.param(week(spend=9000, merged_change=banded(1, 900)), id="work in bands"),
        ],
    )
    def test_leaves_a_week_out_that_lacks_a_side(self, lacking):
        earlier = alike(8, spend=4000, merged_change=60)[:-1]

        assert team_ratios([*earlier, lacking]) == team_ratios(earlier)

    def test_is_nothing_in_strict_mode(self):
        weeks = alike(8, spend=banded(2000, 5000), merged_change=banded(50, 100))

        assert team_ratios(weeks) == ()

    def test_is_nothing_where_there_may_have_been_no_spend_at_all(self):
        assert team_ratios(alike(8, spend=200, merged_change=60)) == ()

    def test_is_nothing_where_there_may_have_been_hardly_any_outcome(self):
        weeks = alike(4, spend=4000, merged_change=rounded(10, 5))

        assert team_ratios(weeks) == ()

    @given(
        st.lists(st.tuples(st.integers(1000, 9000), st.integers(30, 90)), min_size=1, max_size=8),
        st.data(),
    )
    def test_has_the_ratio_of_what_was_there_before_noise_and_rounding(self, truth, data):
        off = st.decimals(-OFF, OFF, places=2)
        weeks = [
            week(
                back,
                spend=made_of(spend, Decimal(200), data.draw(off)),
                merged_change=made_of(settled, Decimal(5), data.draw(off)),
            )
            for back, (spend, settled) in enumerate(truth)
        ]
        spent, settled = (sum(side) for side in zip(*truth, strict=True))

        for ratio in team_ratios(weeks):
            assert ratio.low < Decimal(spent) / settled < ratio.high


class TestRevertShare:
    def test_is_wilsons_at_the_figures_that_lie_furthest_apart(self):
        share = revert_share(alike(2, merged_change=120, reverted=rounded(20, 2)))

        # beside 240 that stood: 210 to 270, and of 40 reverted 28 to 52
        assert share.low == wilson_interval(28, 28 + 270).low
        assert share.high == wilson_interval(52, 52 + 210).high
        assert (share.merged, share.weeks) == (240, 2)

    @pytest.mark.parametrize(("merged", "is_told"), [(99, False), (100, True)])
    def test_takes_a_hundred_merged_changes(self, merged, is_told):
        weeks = [week(merged_change=rounded(merged, 1), reverted=rounded(3, 1))]

        assert (revert_share(weeks) is not None) is is_told

    def test_is_of_weeks_that_tell_both(self):
        weeks = [week(1, merged_change=120), week(merged_change=120, reverted=5)]

        assert revert_share(weeks).merged == 120

    def test_is_nothing_without_reverts_that_were_shown(self):
        assert revert_share(alike(8, merged_change=120)) is None

    def test_is_nothing_in_strict_mode(self):
        weeks = alike(8, merged_change=banded(100, 200), reverted=banded(1, 9))

        assert revert_share(weeks) is None

    def test_is_nothing_where_figures_are_too_coarse_for_it(self):
        weeks = [week(merged_change=rounded(100, 50), reverted=rounded(50, 50))]

        assert revert_share(weeks) is None

    @given(st.integers(120, 900), st.integers(0, 90), st.data())
    def test_has_the_share_of_what_was_there_before_noise_and_rounding(self, merged, back, data):
        off = st.decimals(-OFF, OFF, places=2)
        share = revert_share(
            [
                week(
                    merged_change=made_of(merged, Decimal(5), data.draw(off)),
                    reverted=made_of(back, Decimal(3), data.draw(off)),
                )
            ]
        )

        assert share is None or share.low <= back / (merged + back) <= share.high


class TestHowFarOffAFigureMayBe:
    @given(st.integers(0, 10_000), st.integers(1, 500), st.decimals(-OFF, OFF, places=3))
    def test_what_was_there_is_within_its_bounds(self, truth, step, off):
        figure = made_of(truth, Decimal(step), off)

        bounds = bounds_of(figure)

        assert bounds.low <= truth <= bounds.high

    def test_of_many_weeks_is_as_far_as_of_each_together(self):
        total = total_of([rounded(100), rounded(2)])

        assert (total.value, total.low, total.high) == (102, 85, 132)


def made_of(truth: int, step: Decimal, off: Decimal) -> Rounded:
    """A figure as far from the truth as *off* steps, and never below zero."""
    return Rounded(value=max(truth + off * step, Decimal(0)), step=step)


def test_cells_have_a_step_each():
    assert bounds_of(week(spend=1000).release.figures[Cell.SPEND]).high == 1600
