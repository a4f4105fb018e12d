"""Each step of a month's amount is told once, to each person for themselves."""

from __future__ import annotations

from datetime import date

import pytest

from db.budgets import BudgetStore
from tests.factories import MONDAY, enroll

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def budgets(database):
    return BudgetStore(database)


@pytest.fixture
async def people(database):
    return [person.id for person in await enroll(database, "ada", "bob")]


async def test_the_steps_that_were_told_are_each_persons_own(budgets, people):
    ada, bob = people

    await budgets.keep([(ada, 50), (ada, 80), (bob, 50)], MARCH, MONDAY)

    assert await budgets.told(people, MARCH) == {ada: {50, 80}, bob: {50}}


async def test_a_step_is_told_once_however_often_it_is_reached(budgets, people):
    for _ in range(2):
        await budgets.keep([(people[0], 50), (people[0], 50)], MARCH, MONDAY)

    assert await budgets.told(people[:1], MARCH) == {people[0]: {50}}


async def test_every_month_begins_anew(budgets, people):
    await budgets.keep([(people[0], 100)], MARCH, MONDAY)

    assert await budgets.told(people, APRIL) == dict.fromkeys(people, frozenset())


async def test_any_day_of_a_month_names_it(budgets, people):
    await budgets.keep([(people[0], 80)], MONDAY, MONDAY)

    assert (await budgets.told(people, date(2026, 3, 31)))[people[0]] == {80}


async def test_nobody_is_told_of_nothing(budgets, people):
    await budgets.keep([], MARCH, MONDAY)

    assert await budgets.told([], MARCH) == {}
    assert await budgets.told(people, MARCH) == dict.fromkeys(people, frozenset())
