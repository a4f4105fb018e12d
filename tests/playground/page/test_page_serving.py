"""The page over a real connection, and how it ends."""

from __future__ import annotations

import asyncio
import socket

import httpx
import pytest

from bot.playground.page import serve_page


@pytest.fixture
async def served(page):
    """The page's address, how to stop it, and what to wait for then."""
    listener, stop = socket.create_server(("127.0.0.1", 0)), asyncio.Event()
    serving = asyncio.create_task(serve_page(page, listener, stop))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", stop, serving
    stop.set()
    await serving


async def test_ends_quickly_though_streams_are_open(served, ada, caplog):
    address, stop, serving = served
    async with (
        httpx.AsyncClient(base_url=address, trust_env=False) as browser,
        browser.stream("GET", "/changes", params={"as": ada}) as news,
    ):
        lines = news.aiter_lines()
        assert await anext(lines) == "retry: 1000"

        stop.set()
        await asyncio.wait_for(serving, 2)

    assert news.headers["content-type"].startswith("text/event-stream")
    assert caplog.records == []


async def test_news_come_over_the_stream(served, bot, ada):
    address, _, _ = served
    async with (
        httpx.AsyncClient(base_url=address, trust_env=False) as browser,
        browser.stream("GET", "/changes", params={"as": ada}) as news,
    ):
        lines = news.aiter_lines()
        await bot.send_digest(ada)
        async with asyncio.timeout(5):
            while await anext(lines) != "data: 1":
                pass


async def test_a_listener_that_ends_by_itself_is_no_hang(page):
    listener, stop = socket.create_server(("127.0.0.1", 0)), asyncio.Event()
    stop.set()

    await asyncio.wait_for(serve_page(page, listener, stop), 5)

    assert listener.fileno() == -1
