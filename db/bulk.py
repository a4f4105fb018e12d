"""The fast path for many rows: COPY into a temporary table, from where SQL takes over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from psycopg import AsyncConnection as DriverConnection
from sqlalchemy.ext.asyncio import AsyncConnection

JOIN_WHOLE_SETS = "SET LOCAL enable_nestloop = off"
"""For the rest of a transaction. The planner takes rows that just came for few, as it has no
statistics of them yet, and would look up each by itself: minutes instead of milliseconds."""


@dataclass(frozen=True, slots=True)
class Staging:
    """A temporary table that empties itself at the end of every transaction."""

    name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def names(self) -> str:
        return ", ".join(name for name, _ in self.columns)

    async def fill(self, connection: AsyncConnection, rows: Iterable[Sequence[Any]]) -> int:
        """COPY *rows* into it, for SQL to merge: COPY into a secured table itself is refused."""
        raw = await connection.get_raw_connection()
        driver = cast("DriverConnection[Any]", raw.driver_connection)
        definition = ", ".join(f"{name} {kind}" for name, kind in self.columns)
        count = 0
        async with driver.cursor() as cursor:
            await cursor.execute(
                f"CREATE TEMPORARY TABLE IF NOT EXISTS {self.name} ({definition})"
                f" ON COMMIT DELETE ROWS; {JOIN_WHOLE_SETS}".encode()
            )
            copy = f"COPY pg_temp.{self.name} ({self.names}) FROM STDIN"
            async with cursor.copy(copy.encode()) as target:
                for count, row in enumerate(rows, start=1):  # noqa: B007 - counted
                    await target.write_row(row)
        return count
