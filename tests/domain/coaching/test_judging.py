"""How a tip went: how much of the way to its goal was gone three weeks later."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.coaching.judging import judge
from bot.domain.coaching.rules import ShownTip, Verdict
from tests.domain.coaching.making import UNTIL, facts, session_week, week

SHOWN = ShownTip(
    week=week(3),
    rule="smaller_tasks",
    measure=Decimal("0.2"),
    goal=Decimal("0.8"),
)


def later(percent: int | None, **changes):
    """Three weeks since, in which so many suggestions in a hundred were taken."""
    told = (
        ()
        if percent is None
        else [session_week(b, offered=100, accepted=percent) for b in range(3)]
    )
    return facts(sessions=told, **changes)


def verdict(tip: ShownTip = SHOWN, percent: int | None = 80) -> Verdict | None:
    judged = judge(tip, later(percent), UNTIL)
    return judged and judged.verdict


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        pytest.param(90, Verdict.WORKED, id="past the goal"),
        pytest.param(60, Verdict.WORKED, id="two thirds of the way"),
        pytest.param(59, Verdict.PARTLY, id="nearly two thirds"),
        pytest.param(40, Verdict.PARTLY, id="a third"),
        pytest.param(39, Verdict.NO_EFFECT, id="hardly a third"),
        pytest.param(20, Verdict.NO_EFFECT, id="nothing"),
        pytest.param(5, Verdict.NO_EFFECT, id="the other way"),
        pytest.param(None, Verdict.UNKNOWN, id="no use since"),
    ],
)
def test_the_way_that_was_gone_is_the_verdict(percent: int | None, expected: Verdict):
    assert verdict(percent=percent) is expected


@pytest.mark.parametrize(
    ("percent", "expected"), [(20, Verdict.WORKED), (50, Verdict.PARTLY), (80, Verdict.NO_EFFECT)]
)
def test_a_way_down_is_gone_like_a_way_up(percent: int, expected: Verdict):
    down = replace(SHOWN, measure=Decimal("0.8"), goal=Decimal("0.2"))

    assert verdict(down, percent) is expected


def test_a_verdict_is_kept_with_what_was_measured_and_when():
    assert judge(SHOWN, later(60), UNTIL) == replace(
        SHOWN, after=Decimal("0.6"), verdict=Verdict.WORKED, judged_in=UNTIL
    )


@pytest.mark.parametrize(
    "tip",
    [
        pytest.param(replace(SHOWN, verdict=Verdict.PARTLY), id="judged already"),
        pytest.param(replace(SHOWN, week=week(2)), id="two weeks ago"),
        pytest.param(replace(SHOWN, measure=None, goal=None), id="without a measure"),
        pytest.param(replace(SHOWN, goal=None), id="without a goal"),
        pytest.param(replace(SHOWN, goal=SHOWN.measure), id="that was there already"),
        pytest.param(replace(SHOWN, rule="gone"), id="of a rule that is gone"),
    ],
)
def test_there_is_nothing_to_tell_of_a_tip(tip: ShownTip):
    assert judge(tip, later(80), UNTIL) is None


def test_weeks_that_are_not_closed_yet_are_waited_for():
    assert judge(SHOWN, later(80, until=week(1)), UNTIL) is None
    assert judge(SHOWN, later(80), week(1)) is None


def test_of_weeks_that_are_not_known_any_more_nothing_is_told():
    assert verdict(replace(SHOWN, week=week(16))) is Verdict.UNKNOWN
    assert judge(replace(SHOWN, week=week(16)), later(80), UNTIL).after is None


shares = st.decimals(0, 1, places=2)


@given(measure=shares, goal=shares, percent=st.integers(0, 100))
def test_the_nearer_to_the_goal_the_better_the_verdict(measure, goal, percent):
    tip = replace(SHOWN, measure=measure, goal=goal)
    expected = None if measure == goal else Verdict.NO_EFFECT

    judged = verdict(tip, percent)

    if measure != goal:
        way = (Decimal(percent) / 100 - measure) / (goal - measure)
        if way * 3 >= 2:
            expected = Verdict.WORKED
        elif way * 3 >= 1:
            expected = Verdict.PARTLY
    assert judged is expected


@given(measure=shares, goal=shares, percent=st.integers(0, 100))
def test_up_and_down_are_judged_alike(measure, goal, percent):
    tip = replace(SHOWN, measure=measure, goal=goal)
    mirrored = replace(SHOWN, measure=1 - measure, goal=1 - goal)

    assert verdict(tip, percent) is verdict(mirrored, 100 - percent)
