"""A connection that died while it rested is noticed before anybody asks anything of it."""

from __future__ import annotations

import pytest
from psycopg import AsyncConnection
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from db.database import Database, make_engine
from db.migrate import driver_url
from db.pings import REST_SECONDS, RestedPool, ping_the_doubtful


class Watch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
async def database(urls, watch):
    engine = create_async_engine(urls.worker, isolation_level="AUTOCOMMIT")
    ping_the_doubtful(engine.sync_engine, now=watch.now)
    yield Database(engine)
    await engine.dispose()


@pytest.fixture
def pings(database, monkeypatch):
    """A note of every ping."""
    dialect, noted = database.engine.dialect, []
    ping = dialect.do_ping
    monkeypatch.setattr(dialect, "do_ping", lambda it: (noted.append(it), ping(it)))
    return noted


@pytest.fixture
async def pool(urls, watch):
    async with RestedPool(
        driver_url(urls.worker), min_size=1, max_size=1, open=False, now=watch.now
    ) as pool:
        yield pool


async def ask(database) -> int:
    async with database.unscoped() as connection:
        return await connection.scalar(text("SELECT 1"))


def cut_connections(server, urls) -> None:
    ours = make_url(urls.worker)
    server.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = %s AND usename = %s",
        ours.database,
        ours.username,
    )


class TestADatabase:
    async def test_is_asked_through_another_connection_after_a_rest(
        self, database, watch, server, urls
    ):
        await ask(database)
        cut_connections(server, urls)
        watch.seconds += REST_SECONDS

        assert await ask(database) == 1

    async def test_that_is_cut_off_between_two_questions_costs_neither(
        self, database, server, urls
    ):
        for _ in range(5):
            assert await ask(database) == 1
            cut_connections(server, urls)

        assert await ask(database) == 1

    async def test_answers_a_single_statement_though_it_was_cut_off_a_moment_ago(
        self, database, server, urls
    ):
        for _ in range(5):
            async with database.for_one_statement() as connection:
                assert await connection.scalar(text("SELECT 1")) == 1
            cut_connections(server, urls)

        assert await database.answers()

    async def test_drops_all_connections_with_the_first_that_is_dead(self, database, server, urls):
        async with database.unscoped() as one, database.unscoped() as other:
            await one.scalar(text("SELECT 1"))
            await other.scalar(text("SELECT 1"))
        cut_connections(server, urls)

        async with database.unscoped() as one, database.unscoped() as other:
            assert await one.scalar(text("SELECT 1")) == 1
            assert await other.scalar(text("SELECT 1")) == 1

    async def test_is_not_asked_whether_it_lives_while_it_is_in_use(self, database, pings):
        for _ in range(3):
            await ask(database)

        assert not pings

    async def test_is_asked_whether_it_lives_after_a_rest(self, database, watch, pings):
        await ask(database)
        watch.seconds += REST_SECONDS
        await ask(database)

        assert len(pings) == 1

    async def test_that_only_had_something_to_say_goes_on(self, database, urls):
        async with database.unscoped() as connection:
            await connection.execute(text("LISTEN something"))
        async with await AsyncConnection.connect(driver_url(urls.worker), autocommit=True) as other:
            await other.execute("NOTIFY something")

        for _ in range(3):
            assert await ask(database) == 1

    async def test_of_the_bot_survives_that_its_connections_are_cut(self, server, urls):
        database = Database(make_engine(urls.worker))
        try:
            for _ in range(3):
                assert await ask(database) == 1
                cut_connections(server, urls)
        finally:
            await database.close()


class TestTheDriversPool:
    async def test_hands_out_another_connection_where_one_was_cut_a_moment_ago(
        self, pool, server, urls
    ):
        for _ in range(3):
            async with pool.connection() as connection:
                cursor = await connection.execute("SELECT 1")
                assert await cursor.fetchone() == (1,)
            cut_connections(server, urls)

    async def test_asks_of_a_connection_that_nobody_used_yet(self, pool, server, urls):
        cut_connections(server, urls)

        async with pool.connection() as connection:
            cursor = await connection.execute("SELECT 1")
            assert await cursor.fetchone() == (1,)

    async def test_hands_out_another_connection_after_a_rest(self, pool, watch, server, urls):
        async with pool.connection() as connection:
            await connection.execute("SELECT 1")
        cut_connections(server, urls)
        watch.seconds += REST_SECONDS

        async with pool.connection() as connection:
            cursor = await connection.execute("SELECT 1")
            assert await cursor.fetchone() == (1,)

    async def test_hands_out_the_same_one_at_once(self, pool):
        async with pool.connection() as one:
            pass
        async with pool.connection() as other:
            assert other is one
