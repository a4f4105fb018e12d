"""What a team may try follows from its released figures, and has a turn like all that fits."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure.figures import Share
from bot.domain.team_suggestions import TeamSuggestion, suggest
from bot.domain.tiers import Tier
from tests.domain.released_weeks import LAST, alike, banded, week, withheld_week

MIXED = {Tier.EXPLORATION: Share.FROM_10, Tier.ROUTINE: Share.FROM_75}
TRIALS = {Tier.EXPLORATION: Share.FROM_50, Tier.ROUTINE: Share.FROM_25}
NO_TRIALS = {Tier.ROUTINE: Share.OVER_90}
FEW_TRIALS = NO_TRIALS | {Tier.EXPLORATION: Share.UNDER_10}


def suggested(*weeks, target=0):
    return suggest(weeks, adoption_target=target)


@pytest.mark.parametrize(
    ("weeks", "target", "expected"),
    [
        ((), 0, None),
        (alike(8, spend=1000, merged_change=30, tiers=MIXED, adoption=Share.FROM_75), 75, None),
        ([week(tiers=TRIALS)], 0, TeamSuggestion.MANY_TRIALS),
        ([week(tiers=NO_TRIALS)], 0, TeamSuggestion.NO_TRIALS),
        ([week(tiers=FEW_TRIALS)], 0, TeamSuggestion.NO_TRIALS),
        ([week(tiers=MIXED)], 0, None),
        ([week(adoption=Share.FROM_25)], 0, TeamSuggestion.SEATS_UNUSED),
        ([week(adoption=Share.FROM_50)], 0, None),
        ([week(adoption=Share.FROM_50)], 74, None),
        ([week(adoption=Share.FROM_50)], 75, TeamSuggestion.UNDER_TARGET),
        (alike(4, spend=1000), 0, TeamSuggestion.LINK_WORK),
        (alike(4, spend=banded(0, 1000)), 0, TeamSuggestion.LINK_WORK),
        (alike(3, spend=1000), 0, None),
        ([*alike(8, spend=1000)[:-1], week(spend=1000, logged=10)], 0, None),
    ],
)
def test_follows_from_what_was_released(weeks, target, expected):
    assert suggested(*weeks, target=target) is expected


class TestARise:
    BEFORE = alike(6, spend=4000, merged_change=30, reverted=5)[:-1]

    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            (week(spend=9000, merged_change=30), TeamSuggestion.SPEND_ALONE_ROSE),
            (week(spend=9000, merged_change=90), None),
            (week(spend=9000), None),
            (week(spend=4200, merged_change=30), None),
            (week(spend=4000, merged_change=30, reverted=60), TeamSuggestion.REVERTS_ROSE),
            (week(spend=4000, merged_change=90, reverted=60), None),
            (week(spend=4000, reverted=60), None),
        ],
    )
    def test_is_one_where_the_other_side_did_not_rise_with_it(self, now, expected):
        assert suggested(*self.BEFORE, now) is expected


def test_nothing_is_suggested_after_a_week_that_was_withheld():
    assert suggested(*alike(8, spend=1000)[:-1], withheld_week()) is None


def test_bands_of_seats_and_trials_are_enough_for_one():
    strict = week(spend=banded(0, 5000), merged_change=banded(1, 9), adoption=Share.UNDER_10)

    assert suggested(strict) is TeamSuggestion.SEATS_UNUSED


def test_is_the_same_whenever_it_is_asked_and_in_whichever_order():
    weeks = alike(9, spend=1000, adoption=Share.FROM_10, tiers=NO_TRIALS)

    assert suggested(*weeks) is suggested(*reversed(weeks))


def test_the_only_one_that_fits_may_come_again():
    weeks = [week(1, tiers=TRIALS), week(tiers=TRIALS)]

    assert suggested(*weeks[:1]) is suggested(*weeks) is TeamSuggestion.MANY_TRIALS


def test_another_comes_where_last_weeks_would_come_again():
    before = [week(1, adoption=Share.FROM_25, tiers=MIXED)]
    for now in (
        week(adoption=Share.FROM_25, tiers=TRIALS),
        week(adoption=Share.FROM_25, tiers=NO_TRIALS),
    ):
        assert suggested(*before) is TeamSuggestion.SEATS_UNUSED
        assert suggested(*before, now) is not TeamSuggestion.SEATS_UNUSED


@given(
    st.sampled_from([None, Share.FROM_10, Share.FROM_25, Share.FROM_75]),
    st.sampled_from([{}, MIXED, TRIALS, FEW_TRIALS]),
    st.sampled_from([{}, {"spend": 1000}, {"spend": 1000, "merged_change": 30}]),
    st.integers(0, 20),
)
def test_as_long_as_weeks_are_alike_all_that_fits_takes_turns(adoption, tiers, values, start):
    weeks = [
        week(back, adoption=adoption, tiers=tiers, **values)
        for back in reversed(range(start, start + 24))
    ]
    told = [suggest(weeks[end - 13 : end], adoption_target=75) for end in range(13, 25)]

    assert len(set(told)) == 1 or all(a is not b for a, b in pairwise(told))


def test_a_turn_is_of_the_calendar():
    both = [week(back, adoption=Share.FROM_10, tiers=NO_TRIALS) for back in (1, 0)]

    assert {suggested(both[0]), suggested(*both)} == {
        TeamSuggestion.SEATS_UNUSED,
        TeamSuggestion.NO_TRIALS,
    }
    assert both[-1].week == LAST
