"""What people log is theirs: kept as it was, changed and deleted by nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.logged import Benefit, LoggedKind, Visibility
from bot.domain.tiers import Tier
from db.logged import LoggedStore
from tests.factories import MONDAY, NOON, enroll, make_logged

DAY = timedelta(days=1)
NOBODYS = UUID(int=99)


@pytest.fixture
def store(database):
    return LoggedStore(database)


@pytest.fixture
async def people(database):
    return await enroll(database, "ada", "bob")


@pytest.fixture
def ada(people):
    return people[0].id


@pytest.fixture
def bob(people):
    return people[1].id


async def test_is_read_as_it_was_kept(store, ada):
    whole = make_logged(
        ada,
        kind=LoggedKind.DID_NOT_WORK,
        what="Tried <!channel> & 'quotes'",
        link="https://wiki.example.com/page",
        helped_by=("anthropic", "cursor"),
        benefit=Benefit.NONE,
        tier=Tier.EXPLORATION,
        visibility=Visibility.COUNTED,
        edited_at=NOON,
    )
    bare = make_logged(ada, id=UUID(int=2))
    for logged in (whole, bare):
        await store.keep(logged)

    assert [await store.find(ada, logged.id) for logged in (whole, bare)] == [whole, bare]


async def test_that_is_kept_again_is_changed_but_for_when_it_was_logged(store, ada):
    logged = make_logged(ada)
    await store.keep(logged)
    changed = replace(logged, what="Something else", done_on=MONDAY - DAY, edited_at=NOON)

    await store.keep(replace(changed, logged_at=NOON + DAY))

    assert await store.between(ada, MONDAY - DAY, MONDAY) == [changed]


async def test_lies_between_its_days_the_latest_first(store, ada):
    days = [MONDAY - DAY, MONDAY, MONDAY + DAY, MONDAY + 2 * DAY]
    for number, day in enumerate(days):
        await store.keep(make_logged(ada, id=UUID(int=number), done_on=day))

    found = await store.between(ada, MONDAY, MONDAY + DAY)

    assert [logged.done_on for logged in found] == [MONDAY + DAY, MONDAY]


async def test_is_deleted_once_and_for_good(store, ada):
    logged = make_logged(ada)
    await store.keep(logged)

    assert [await store.delete(ada, logged.id) for _ in range(2)] == [True, False]
    assert await store.find(ada, logged.id) is None


async def test_that_never_was_is_not_found(store, ada):
    assert await store.find(ada, NOBODYS) is None
    assert not await store.delete(ada, NOBODYS)


async def test_is_not_there_for_anybody_else(store, ada, bob):
    logged = make_logged(ada)
    await store.keep(logged)

    assert await store.find(bob, logged.id) is None
    assert await store.between(bob, MONDAY, MONDAY) == []
    assert not await store.delete(bob, logged.id)
    assert await store.find(ada, logged.id) == logged


async def test_cannot_be_taken_over_by_its_number(store, ada, bob):
    logged = make_logged(ada)
    await store.keep(logged)

    with pytest.raises(DBAPIError, match="row-level security"):
        await store.keep(replace(logged, owner=bob, what="Mine now"))

    assert await store.find(ada, logged.id) == logged


async def test_is_somebodys_own_even_where_the_query_forgets_to_say_whose(
    store, database, ada, bob
):
    await store.keep(make_logged(ada))

    async with database.for_person(bob) as connection:
        assert await connection.scalar(text("SELECT count(*) FROM logged_outcomes")) == 0
        gone = await connection.execute(text("DELETE FROM logged_outcomes"))
        assert gone.rowcount == 0


async def test_goes_with_its_person(store, database, ada):
    await store.keep(make_logged(ada))

    async with database.for_jobs() as connection:
        await connection.execute(text("DELETE FROM people WHERE id = :ada"), {"ada": ada})
        assert await connection.scalar(text("SELECT count(*) FROM logged_outcomes")) == 0
