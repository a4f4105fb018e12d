"""Each step of a team's monthly amount is told once, to that team."""

from __future__ import annotations

from datetime import date

import pytest

from db.team_budgets import TeamBudgetStore
from tests.factories import MONDAY

COMPILERS, PARSERS = 1, 2
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def budgets(database):
    return TeamBudgetStore(database)


async def test_the_steps_that_were_told_are_each_teams_own(budgets):
    for team, step in ((COMPILERS, 50), (COMPILERS, 80), (PARSERS, 50)):
        await budgets.keep(team, MARCH, step, MONDAY)

    assert await budgets.told(COMPILERS, MARCH) == {50, 80}
    assert await budgets.told(PARSERS, MARCH) == {50}


async def test_a_step_is_told_once_however_often_it_is_reached(budgets):
    for _ in range(2):
        await budgets.keep(COMPILERS, MARCH, 50, MONDAY)

    assert await budgets.told(COMPILERS, MARCH) == {50}


async def test_every_month_begins_anew_and_any_of_its_days_names_it(budgets):
    await budgets.keep(COMPILERS, MONDAY, 100, MONDAY)

    assert await budgets.told(COMPILERS, date(2026, 3, 31)) == {100}
    assert await budgets.told(COMPILERS, APRIL) == frozenset()
