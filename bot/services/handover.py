"""Understanding a day's pages while they come, in a thread: the loop goes on answering people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import date
from queue import Empty, SimpleQueue
from typing import Any, Final

from bot.domain.usage import ProviderDay
from bot.ports import UsageProvider

MOST_WAITING = 4
"""Pages fetched and not yet read, so that memory does not grow with the number of pages."""

_END: Final = object()
_BROKEN_OFF: Final = object()


class BrokenOffError(Exception):
    """Fetching failed, so there is nothing whole to understand."""


async def understood(provider: UsageProvider, day: date) -> ProviderDay:
    """What *provider* says of *day*; raises whatever fetching or understanding it raises."""
    pages = _Pages()
    fetching = asyncio.create_task(pages.fill(provider.fetch(day)))
    try:
        answer = await asyncio.to_thread(provider.parse, day, pages)
        await fetching
    except BrokenOffError:
        await fetching
        raise
    finally:
        fetching.cancel()
        await asyncio.wait({fetching})
    return answer


class _Pages:
    """Put in by the loop, taken out by one thread, which asks the loop for nothing."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._room = asyncio.Semaphore(MOST_WAITING)
        self._waiting: SimpleQueue[Any] = SimpleQueue()

    async def fill(self, pages: AsyncIterator[Any]) -> None:
        try:
            async for page in pages:
                await self._room.acquire()
                self._waiting.put(page)
            self._waiting.put(_END)
        except BaseException:
            with suppress(Empty):
                while True:
                    self._waiting.get_nowait()
            self._waiting.put(_BROKEN_OFF)
            raise

    def __iter__(self) -> Iterator[Any]:
        while (page := self._waiting.get()) is not _END:
            if page is _BROKEN_OFF:
                raise BrokenOffError
            self._loop.call_soon_threadsafe(self._room.release)
            yield page
