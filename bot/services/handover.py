"""Understanding a day's pages while they come, in a thread: the loop goes on answering people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date
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
    """Put in by the loop, taken out by one thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Queue[Any] = asyncio.Queue(MOST_WAITING)

    async def fill(self, pages: AsyncIterator[Any]) -> None:
        try:
            async for page in pages:
                await self._waiting.put(page)
            await self._waiting.put(_END)
        except BaseException:
            while not self._waiting.empty():
                self._waiting.get_nowait()
            self._waiting.put_nowait(_BROKEN_OFF)
            raise

    def __iter__(self) -> Iterator[Any]:
        while (page := self._take()) is not _END:
            if page is _BROKEN_OFF:
                raise BrokenOffError
            yield page

    def _take(self) -> Any:
        return asyncio.run_coroutine_threadsafe(self._waiting.get(), self._loop).result()
