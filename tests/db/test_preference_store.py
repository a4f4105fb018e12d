"""What people choose is theirs alone, and everything is as it comes until they choose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.people import PersonId
from bot.domain.preferences import Cadence, Preferences
from db.preferences import PreferenceStore
from tests.factories import MONDAY, enroll, wish

CHOSEN = Preferences(
    cadence=Cadence.MONTHLY,
    digest_day=6,
    tips=False,
    nudges=False,
    budget_notes=False,
    budget=150,
    usual_since=MONDAY,
    muted_until=MONDAY + timedelta(days=30),
)


@pytest.fixture
def preferences(database):
    return PreferenceStore(database)


@pytest.fixture
async def people(database):
    return [person.id for person in await enroll(database, "ada", "bob")]


async def test_everything_is_as_it_comes_until_something_is_chosen(preferences, people):
    assert await preferences.own(people[0]) == Preferences()
    assert await preferences.of(people) == dict.fromkeys(people, Preferences())


async def test_what_was_chosen_is_kept_and_nobody_elses_changes(preferences, people):
    ada, bob = people

    await preferences.keep(ada, CHOSEN)

    assert await preferences.own(ada) == CHOSEN
    assert await preferences.of(people) == {ada: CHOSEN, bob: Preferences()}


async def test_what_is_chosen_last_counts(preferences, people):
    for budget in (150, 80, None):
        await preferences.keep(people[0], replace(CHOSEN, budget=budget))

    assert (await preferences.own(people[0])).budget is None


async def test_the_cadence_is_that_of_the_digest(preferences, people, database):
    await wish(database, people[0], Cadence.OFF)
    stopped = await preferences.own(people[0])
    await preferences.keep(people[0], replace(stopped, cadence=Cadence.DAILY))

    assert stopped.cadence is Cadence.OFF
    assert (await preferences.of(people))[people[0]].cadence is Cadence.DAILY


async def test_of_nobody_there_is_nothing_to_know(preferences):
    nobody = PersonId(999_999)

    assert await preferences.own(nobody) == Preferences()
    assert await preferences.of([nobody]) == {nobody: Preferences()}
    assert await preferences.of([]) == {}
