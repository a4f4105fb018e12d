"""Who plans: one clock at a time, as long as its own connection lives."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.database import Database

_TRY = text("SELECT pg_try_advisory_lock(hashtextextended('upshot clock', 0))")


class Leadership:
    """An advisory lock on a dedicated connection; it ends with the process, however that ends."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: AsyncConnection | None = None

    async def is_ours(self) -> bool:
        """Whether we lead, taking over where nobody does."""
        try:
            if self._connection is None:
                self._connection = await self._database.engine.connect()
            # Taking a lock that we hold is granted again, so this also proves the connection alive.
            return bool(await self._connection.scalar(_TRY))
        except Exception:
            await self.resign()
            raise

    async def resign(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.invalidate()
            await connection.close()
