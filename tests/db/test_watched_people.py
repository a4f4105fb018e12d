"""Whose days are looked at for nudges and budgets: those who know of it and want it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.periods import midnight
from bot.domain.preferences import Cadence, Preferences
from db.people import PeopleStore
from db.preferences import PreferenceStore
from db.usage import UsageStore
from tests.factories import MONDAY, NOON, enroll, make_day, make_member, make_record, wish

TUESDAY = MONDAY + timedelta(days=1)
NO_DIGESTS = Preferences(cadence=Cadence.OFF)
NOTHING_AT_ALL = replace(NO_DIGESTS, tips=False, nudges=False, budget_notes=False)


@pytest.fixture
def people(database):
    return PeopleStore(database)


@pytest.fixture
async def ada(database):
    """Welcomed long ago, with two accounts; Bob has none."""
    [ada, _] = await enroll(database, "ada", "bob")
    for provider in ("anthropic", "openai"):
        day = make_day(make_record("ada"), provider=provider)
        await UsageStore(database).replace_day(day, NOON)
    await welcome(database, midnight(MONDAY))
    return ada.id


async def welcome(database, at: datetime | None) -> None:
    async with database.for_jobs() as connection:
        await connection.execute(text("UPDATE people SET welcomed_at = :at"), {"at": at})


async def test_is_whoever_has_an_account_and_was_welcomed_before_the_week_began(
    people, ada, database
):
    assert await people.unwatched(TUESDAY) == [ada]

    await welcome(database, midnight(MONDAY) + timedelta(minutes=1))
    assert await people.unwatched(TUESDAY) == []
    assert await people.unwatched(MONDAY + timedelta(days=7)) == [ada]

    await welcome(database, None)
    assert await people.unwatched(TUESDAY) == []


async def test_is_nobody_who_left(people, ada):
    await people.sync([make_member("bob")], today=NOON.date())

    assert await people.unwatched(TUESDAY) == []


async def test_is_nobody_whose_days_were_looked_at(people, ada):
    await people.watched([ada], TUESDAY)
    await people.watched([ada], MONDAY)

    assert await people.unwatched(MONDAY) == []
    assert await people.unwatched(TUESDAY) == []
    assert await people.unwatched(TUESDAY + timedelta(days=1)) == [ada]


async def test_is_nobody_who_pressed_stop_before_there_was_more_to_choose(people, ada, database):
    await wish(database, ada, Cadence.OFF)

    assert await people.unwatched(TUESDAY) == []


@pytest.mark.parametrize(
    ("chosen", "is_watched"),
    [
        (Preferences(), True),
        (NO_DIGESTS, True),
        (replace(NO_DIGESTS, nudges=False), True),
        (replace(NO_DIGESTS, budget_notes=False), True),
        (Preferences(nudges=False, budget_notes=False), False),
        (NOTHING_AT_ALL, False),
    ],
)
async def test_is_whoever_wants_nudges_or_budget_notes(people, ada, database, chosen, is_watched):
    await PreferenceStore(database).keep(ada, chosen)

    assert await people.unwatched(TUESDAY) == ([ada] if is_watched else [])
