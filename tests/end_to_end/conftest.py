"""One town for all who read what came of its weeks: to live through them takes minutes."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.db.server import Server
from tests.end_to_end.lived import Town, lived_through


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lived_town(server: Server) -> AsyncIterator[Town]:
    """Whoever changes something in it sets it back."""
    with (
        tempfile.TemporaryDirectory(prefix="upshot-", ignore_cleanup_errors=True) as folder,
        server.database() as urls,
    ):
        async with lived_through(urls, Path(folder)) as town:
            yield town
