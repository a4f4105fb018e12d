"""Whether a pooled connection still lives: asked where it may be dead, not before each use."""

from __future__ import annotations

from collections.abc import Callable
from select import POLLIN, poll
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

REST_SECONDS = 1.0
"""What drops a connection without a word, as firewalls do, waits much longer."""

Seconds = Callable[[], float]
_TAKEN_AT = "taken at"


def ping_the_doubtful(engine: Engine, *, now: Seconds = monotonic) -> None:
    """Let *engine* hand out no connection that died while nobody used it.

    As with SQLAlchemy's own pings, the first that is dead takes all others along.
    """
    dialect = engine.dialect

    @event.listens_for(engine, "checkout")
    def wake(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, _: PoolProxiedConnection
    ) -> None:
        taken_at = entry.info.get(_TAKEN_AT, now())  # or else it was opened just now
        entry.info[_TAKEN_AT] = now()
        if now() - taken_at >= REST_SECONDS or _was_sent_something(entry.driver_connection):
            try:
                dialect.do_ping(connection)
            except dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error


class RestedPool(AsyncConnectionPool[AsyncConnection[Any]]):
    """The same for the driver's own pool, which opens connections before they are asked for."""

    def __init__(self, *args: Any, now: Seconds = monotonic, **kwargs: Any) -> None:
        self._now = now
        self._taken_at: WeakKeyDictionary[AsyncConnection[Any], float] = WeakKeyDictionary()
        super().__init__(*args, **{**kwargs, "check": self._wake})

    async def _wake(self, connection: AsyncConnection[Any]) -> None:
        taken_at = self._taken_at.get(connection)
        has_rested = taken_at is None or self._now() - taken_at >= REST_SECONDS
        if has_rested or _was_sent_something(connection):
            await self.check_connection(connection)
        self._taken_at[connection] = self._now()


def _was_sent_something(connection: AsyncConnection[Any] | None) -> bool:
    """Whether there is anything to read, though nobody asked: its end, as a rule.

    A server that stops or cuts a connection says so at once, and this costs no trip to it.
    """
    if connection is None or connection.closed:
        return True
    waiting = poll()
    waiting.register(connection.fileno(), POLLIN)
    return bool(waiting.poll(0))
