"""The send rate, seen requests and the leader."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from db.database import Database, make_engine
from db.leader import Leadership
from db.rates import RateStore
from db.requests import KEEP, SeenRequests
from tests.fakes import REAL_START as REAL

SECOND = timedelta(seconds=1)


class TestTheRate:
    @pytest.fixture
    def rate(self, database):
        return RateStore(database, "chat.postMessage", 600)

    async def test_begins_with_one(self, rate):
        assert await rate.take(20, REAL) == (1, SECOND / 10)

    async def test_refills_as_real_time_passes(self, rate):
        await rate.take(20, REAL)

        assert (await rate.take(20, REAL + SECOND))[0] == 10

    async def test_never_saves_more_than_six_seconds_worth(self, rate):
        await rate.take(20, REAL)

        assert (await rate.take(1000, REAL + timedelta(days=1)))[0] == 60

    async def test_grants_nothing_while_slack_says_wait(self, rate):
        await rate.take(1, REAL)
        await rate.freeze(REAL + 30 * SECOND)

        assert await rate.take(5, REAL + 29 * SECOND) == (0, SECOND)
        assert (await rate.take(5, REAL + 30 * SECOND))[0] == 5

    async def test_waits_for_the_longest_of_several_words(self, rate):
        await rate.take(1, REAL)
        await rate.freeze(REAL + 30 * SECOND)
        await rate.freeze(REAL + 5 * SECOND)

        assert await rate.take(1, REAL + 6 * SECOND) == (0, 24 * SECOND)

    async def test_is_shared_by_all_who_send(self, rate):
        await rate.take(1, REAL)

        granted = await asyncio.gather(*(rate.take(4, REAL + SECOND) for _ in range(8)))

        assert sum(count for count, _ in granted) == 10

    async def test_is_one_for_each_name(self, rate, database):
        await rate.take(1, REAL)

        assert (await RateStore(database, "other", 600).take(1, REAL))[0] == 1


class TestASeenRequest:
    async def test_is_new_once(self, database):
        seen = SeenRequests(database)

        assert await seen.is_new("v0=1", REAL)
        assert not await seen.is_new("v0=1", REAL + SECOND)
        assert await seen.is_new("v0=2", REAL)

    async def test_is_new_to_one_of_many_at_once(self, database):
        seen = SeenRequests(database)

        news = await asyncio.gather(*(seen.is_new("v0=1", REAL) for _ in range(8)))

        assert sum(news) == 1

    async def test_is_forgotten_when_it_is_too_old_to_be_let_in(self, database):
        seen = SeenRequests(database)
        await seen.is_new("v0=old", REAL)
        await seen.is_new("v0=young", REAL + SECOND)

        await seen.is_new("v0=now", REAL + KEEP + SECOND)

        async with database.unscoped() as connection:
            kept = await connection.scalars(text("SELECT signature FROM seen_requests"))
            assert set(kept) == {"v0=young", "v0=now"}


class TestTheLeader:
    @pytest.fixture
    async def other(self, urls):
        database = Database(make_engine(urls.worker))
        yield Leadership(database)
        await database.close()

    @pytest.fixture
    async def leader(self, database):
        leader = Leadership(database)
        yield leader
        await leader.resign()

    async def test_is_one(self, leader, other):
        assert await leader.is_ours()
        assert not await other.is_ours()
        assert await leader.is_ours()
        await other.resign()

    async def test_makes_room_when_it_resigns(self, leader, other):
        await leader.is_ours()
        await leader.resign()

        assert await other.is_ours()
        assert not await leader.is_ours()
        await other.resign()

    async def test_is_followed_when_its_connection_is_cut(self, leader, other, server):
        await leader.is_ours()
        cut_connections(server, leader)

        assert await eventually(other.is_ours)
        with pytest.raises(SQLAlchemyError):
            await leader.is_ours()
        assert not await leader.is_ours()
        await other.resign()

    async def test_that_was_cut_off_may_lead_again(self, leader, server):
        await leader.is_ours()
        cut_connections(server, leader)
        with pytest.raises(SQLAlchemyError):
            await leader.is_ours()

        assert await leader.is_ours()

    async def test_resigns_without_having_led(self, leader):
        await leader.resign()


def cut_connections(server, leader: Leadership) -> None:
    name = leader._database.engine.url.database
    server.execute(
        "SELECT pg_terminate_backend(l.pid, 5000) FROM pg_locks l JOIN pg_database d"
        " ON d.oid = l.database WHERE l.locktype = 'advisory' AND d.datname = %s",
        name,
    )


async def eventually(condition) -> bool:
    for _ in range(100):
        if await condition():
            return True
        await asyncio.sleep(0.02)
    return False
