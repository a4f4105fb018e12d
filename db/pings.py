"""Whether a connection of the queue still lives: asked of those that rested, for jobs run again."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

REST_SECONDS = 1.0
"""A server that is restarted takes about as long: who was at work meanwhile met it cut."""

Seconds = Callable[[], float]


class RestedPool(AsyncConnectionPool[AsyncConnection[Any]]):
    """The driver's own pool, which opens connections before they are asked for."""

    def __init__(self, *args: Any, now: Seconds = monotonic, **kwargs: Any) -> None:
        self._now = now
        self._taken_at: WeakKeyDictionary[AsyncConnection[Any], float] = WeakKeyDictionary()
        super().__init__(*args, **{**kwargs, "check": self._wake})

    async def _wake(self, connection: AsyncConnection[Any]) -> None:
        taken_at = self._taken_at.get(connection)
        if taken_at is None or self._now() - taken_at >= REST_SECONDS:
            await self.check_connection(connection)
        self._taken_at[connection] = self._now()
