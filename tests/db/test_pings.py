"""A connection that died while it rested is noticed before anybody asks anything of it."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import make_url

from db.migrate import driver_url
from db.pings import REST_SECONDS, RestedPool


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
async def pool(urls, watch):
    async with RestedPool(
        driver_url(urls.worker), min_size=1, max_size=1, open=False, now=watch.now
    ) as pool:
        yield pool


def cut_connections(server, urls) -> None:
    ours = make_url(urls.worker)
    server.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = %s AND usename = %s",
        ours.database,
        ours.username,
    )


class TestTheDriversPool:
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
