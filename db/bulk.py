"""The fast path for many rows: COPY into a temporary table, from where SQL takes over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from psycopg import AsyncConnection as DriverConnection
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncConnection


async def copy_into_staging(
    connection: AsyncConnection, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]
) -> None:
    """Fill the temporary table ``staging``, made of *columns* (name, type), for this transaction.

    ``COPY`` into a table with row-level security is refused, hence the detour.
    """
    raw = await connection.get_raw_connection()
    driver = cast("DriverConnection[Any]", raw.driver_connection)
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns)
    definition = ", ".join(f"{name} {kind}" for name, kind in columns)
    async with driver.cursor() as cursor:
        await cursor.execute("DROP TABLE IF EXISTS pg_temp.staging")
        await cursor.execute(f"CREATE TEMPORARY TABLE staging ({definition}) ON COMMIT DROP")
        copy = sql.SQL("COPY pg_temp.staging ({}) FROM STDIN").format(names)
        async with cursor.copy(copy) as staging:
            for row in rows:
                await staging.write_row(row)
        await cursor.execute("ANALYZE pg_temp.staging")
