"""A team's monthly amount is told of from released weeks alone, each step once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.team_budget import TeamBudgetNote, team_budget_note
from tests.domain.released_weeks import TEAM, alike, banded, week, withheld_week

NOVEMBER = date(2026, 11, 1)
SECOND, FIRST = 0, 1
"""Weeks back: the Mondays of November so far are the 2nd and the 9th."""


def noted(*weeks, amount=4000, told=(), month=NOVEMBER):
    return team_budget_note(weeks, month, amount=amount, told=told)


def test_tells_the_highest_step_that_the_months_weeks_reach():
    assert noted(week(FIRST, spend=1400), week(SECOND, spend=2000)) == TeamBudgetNote(
        team=TEAM,
        month=NOVEMBER,
        step=80,
        reached=(50, 80),
        amount=4000,
        spent=Decimal(3400),
        weeks=2,
        is_partial=False,
    )


def test_counts_the_weeks_whose_monday_lies_in_the_month():
    assert noted(*alike(6, spend=1000)).spent == 2000


def test_any_day_of_a_month_names_it():
    assert noted(*alike(6, spend=1000), month=date(2026, 10, 31)).spent == 4000


def test_tells_no_step_twice():
    weeks = alike(2, spend=1700)

    assert noted(*weeks, told={50, 80}) is None
    assert noted(*weeks, told={50}).reached == (80,)


@pytest.mark.parametrize("amount", [0, 9000])
def test_tells_nothing_of_no_amount_or_before_half_of_one(amount):
    assert noted(*alike(2, spend=2000), amount=amount) is None


def test_tells_nothing_in_strict_mode():
    assert noted(week(FIRST, spend=4000), week(SECOND, spend=banded(0, 9000))) is None


def test_what_is_withheld_is_not_counted_and_said_to_be():
    note = noted(week(FIRST, spend=4000), withheld_week(SECOND))

    assert (note.spent, note.weeks, note.is_partial) == (4000, 1, True)


def test_tells_nothing_where_all_is_withheld():
    assert noted(withheld_week(FIRST), week(SECOND, merged_change=9)) is None
    assert noted() is None
