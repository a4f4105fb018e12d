"""Whether a pooled connection still lives: asked of those that rested, not before each use."""

from __future__ import annotations

from collections.abc import MutableMapping
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
"""A server that is restarted takes longer."""


def ping_the_rested(engine: Engine) -> None:
    """Let *engine* hand out no connection that died while it rested."""
    dialect = engine.dialect

    @event.listens_for(engine, "checkin")
    def rest(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info["resting since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def wake(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, _: PoolProxiedConnection
    ) -> None:
        if monotonic() - entry.info.get("resting since", monotonic()) < REST_SECONDS:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


class RestedPool(AsyncConnectionPool[AsyncConnection[Any]]):
    """The same for the driver's own pool."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._resting_since: MutableMapping[AsyncConnection[Any], float] = WeakKeyDictionary()
        super().__init__(*args, **{**kwargs, "check": self._wake, "reset": self._rest})

    async def _rest(self, connection: AsyncConnection[Any]) -> None:
        self._resting_since[connection] = monotonic()

    async def _wake(self, connection: AsyncConnection[Any]) -> None:
        if monotonic() - self._resting_since.get(connection, monotonic()) >= REST_SECONDS:
            await self.check_connection(connection)
