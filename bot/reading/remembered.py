"""What changes seldom, such as a list of people: read once for all the days of a night."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

SECONDS = 600.0


class Remembered(Generic[T]):
    """What *read* gave, for ten minutes of real time; a failure is not remembered."""

    def __init__(
        self, read: Callable[[], Awaitable[T]], *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._now = now
        self._known: tuple[float, T] | None = None
        self._reading = asyncio.Lock()

    async def get(self) -> T:
        async with self._reading:
            if self._known is None or self._now() - self._known[0] >= SECONDS:
                self._known = self._now(), await self._read()
            return self._known[1]
