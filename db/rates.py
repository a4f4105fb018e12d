"""The send rate, shared by every worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from bot.domain.rates import Bucket
from db.database import Database

_ENSURE = text(
    "INSERT INTO rate_buckets (name, tokens, refilled_at) VALUES (:name, 1, :now)"
    " ON CONFLICT DO NOTHING"
)
_READ = text(
    "SELECT tokens, refilled_at, frozen_until FROM rate_buckets"
    " WHERE workspace_id = 1 AND name = :name FOR UPDATE"
)
_WRITE = text(
    "UPDATE rate_buckets SET tokens = :tokens, refilled_at = :refilled_at,"
    " frozen_until = :frozen_until WHERE workspace_id = 1 AND name = :name"
)
_FREEZE = text(
    "UPDATE rate_buckets SET frozen_until = greatest(frozen_until, :until)"
    " WHERE workspace_id = 1 AND name = :name"
)


class RateStore:
    def __init__(self, database: Database, name: str, per_minute: int) -> None:
        self._database = database
        self._name = name
        self._per_minute = per_minute

    async def take(self, wanted: int, now: datetime) -> tuple[int, timedelta]:
        """How many of *wanted* may go out now, and how long until the next may; in real time."""
        async with self._database.unscoped() as connection:
            await connection.execute(_ENSURE, {"name": self._name, "now": now})
            row = (await connection.execute(_READ, {"name": self._name})).one()
            bucket = Bucket(tokens=row[0], refilled_at=row[1], frozen_until=row[2])
            granted, left = bucket.refilled(now, self._per_minute).take(wanted, now)
            await connection.execute(
                _WRITE,
                {
                    "name": self._name,
                    "tokens": left.tokens,
                    "refilled_at": left.refilled_at,
                    "frozen_until": left.frozen_until,
                },
            )
            return granted, left.wait(now, self._per_minute)

    async def freeze(self, until: datetime) -> None:
        async with self._database.for_one_statement() as connection:
            await connection.execute(_FREEZE, {"name": self._name, "until": until})
