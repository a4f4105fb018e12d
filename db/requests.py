"""Signatures of the last minutes: a captured request works once and never again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from db.database import Database

KEEP = timedelta(minutes=10)


class SeenRequests:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_new(self, signature: str, now: datetime) -> bool:
        """Whether *signature* is seen for the first time; *now* is real time."""
        async with self._database.unscoped() as connection:
            result = await connection.execute(
                text(
                    "INSERT INTO seen_requests (signature, seen_at) VALUES (:signature, :now)"
                    " ON CONFLICT DO NOTHING"
                ),
                {"signature": signature, "now": now},
            )
            return result.rowcount == 1

    async def forget_old(self, now: datetime) -> None:
        async with self._database.unscoped() as connection:
            await connection.execute(
                text("DELETE FROM seen_requests WHERE seen_at < :before"), {"before": now - KEEP}
            )
