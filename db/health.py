"""How Upshot is doing: its sources, its clock, and the steps of its nights. About no person."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.health import SourceHealth
from db.database import Database

# The end of the last day before the first gap.
_PROVIDER_THROUGH = (
    "WITH known AS (SELECT day FROM provider_days WHERE provider = :source"
    "  AND data_through >= (day + 1)::timestamp AT TIME ZONE 'UTC'),"
    " span AS (SELECT min(day) AS first, max(day) + 1 AS last FROM provider_days"
    "  WHERE provider = :source)"
    " SELECT min(d)::date::timestamp AT TIME ZONE 'UTC' FROM span,"
    " generate_series(span.first, span.last, interval '1 day') d"
    " WHERE NOT EXISTS (SELECT FROM known WHERE known.day = d::date)"
)
_SUCCEEDED = (
    "INSERT INTO source_health (source, data_through, last_success_at) VALUES"
    " (:source, {through}, :at) ON CONFLICT (workspace_id, source) DO UPDATE SET"
    " data_through = excluded.data_through, last_success_at = excluded.last_success_at,"
    " last_error = NULL, hint = NULL, failures = 0, not_before = NULL"
)
_SOURCE_SUCCEEDED = text(_SUCCEEDED.format(through=":through"))
_PROVIDER_SUCCEEDED = text(_SUCCEEDED.format(through=f"({_PROVIDER_THROUGH})"))
_FAILED = text(
    "INSERT INTO source_health (source, last_error, hint, failures, not_before) VALUES"
    " (:source, :error, :hint, 1, CAST(:real_now AS timestamptz) + :wait)"
    " ON CONFLICT (workspace_id, source) DO UPDATE SET last_error = excluded.last_error,"
    " hint = excluded.hint, failures = source_health.failures + 1, not_before ="
    " CAST(:real_now AS timestamptz) + least(CAST(:longest AS interval),"
    " CAST(:wait AS interval) * pow(2, least(source_health.failures, 10)))"
)
_SOURCES = text(
    "SELECT h.source, h.data_through, h.last_success_at, h.last_error, h.hint,"
    " count(a.account) AS accounts, count(a.account) FILTER (WHERE a.person_id IS NULL)"
    " AS unmatched FROM source_health h LEFT JOIN accounts a ON a.source = h.source"
    " GROUP BY h.workspace_id, h.source ORDER BY h.source"
)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
BREAKS_AFTER = 5
"""Failures in a row. One day that is bad by itself must not keep the others from coming in."""


class HealthStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def provider_succeeded(self, source: str, at: datetime) -> None:
        """A day came in: the watermark is the end of the last day before the first gap."""
        async with self._database.for_one_statement() as connection:
            await connection.execute(_PROVIDER_SUCCEEDED, {"source": source, "at": at})

    async def source_succeeded(self, source: str, through: datetime, at: datetime) -> None:
        async with self._database.for_one_statement() as connection:
            succeeded = {"source": source, "through": through, "at": at}
            await connection.execute(_SOURCE_SUCCEEDED, succeeded)

    async def failed(self, source: str, error: str, hint: str, real_now: datetime) -> None:
        """Leave *source* alone for a while, longer each time in a row."""
        async with self._database.for_one_statement() as connection:
            await connection.execute(
                _FAILED,
                {
                    "source": source,
                    "error": error,
                    "hint": hint,
                    "real_now": real_now,
                    "wait": FIRST_WAIT,
                    "longest": LONGEST_WAIT,
                },
            )

    async def resting(self, real_now: datetime) -> frozenset[str]:
        """The sources that are left alone for now."""
        async with self._database.for_one_statement() as connection:
            rows = await connection.scalars(
                text("SELECT source FROM source_health WHERE not_before > :real_now"),
                {"real_now": real_now},
            )
            return frozenset(rows)

    async def broken(self, real_now: datetime) -> frozenset[str]:
        """Those of them that failed so often in a row that what is planned is not worth trying."""
        async with self._database.for_one_statement() as connection:
            rows = await connection.scalars(
                text(
                    "SELECT source FROM source_health"
                    " WHERE not_before > :real_now AND failures >= :failures"
                ),
                {"real_now": real_now, "failures": BREAKS_AFTER},
            )
            return frozenset(rows)

    async def steps_done(self, night: date) -> frozenset[str]:
        async with self._database.for_one_statement() as connection:
            rows = await connection.scalars(
                text("SELECT name FROM steps WHERE night = :night"), {"night": night}
            )
            return frozenset(rows)

    async def finish_step(self, name: str, night: date, at: datetime) -> None:
        async with self._database.for_one_statement() as connection:
            await connection.execute(
                text(
                    "INSERT INTO steps (name, night, finished_at) VALUES (:name, :night, :at)"
                    " ON CONFLICT (workspace_id, name, night) DO UPDATE SET finished_at = :at"
                ),
                {"name": name, "night": night, "at": at},
            )

    async def ticked(self, at: datetime) -> None:
        async with self._database.for_one_statement() as connection:
            await connection.execute(
                text("UPDATE workspaces SET last_tick_at = :at WHERE id = 1"), {"at": at}
            )

    async def last_tick(self) -> datetime | None:
        async with self._database.for_one_statement() as connection:
            at: datetime | None = await connection.scalar(
                text("SELECT last_tick_at FROM workspaces WHERE id = 1")
            )
            return at

    async def sources(self) -> dict[str, SourceHealth]:
        """What is known of each source that was ever asked; titles are the caller's."""
        async with self._database.for_jobs() as connection:
            rows = await connection.execute(_SOURCES)
            return {
                row.source: SourceHealth(
                    name=row.source,
                    title=row.source,
                    is_on=True,
                    data_through=_last_day(row.data_through),
                    last_success=row.last_success_at,
                    last_error=row.last_error,
                    hint=row.hint,
                    accounts=row.accounts,
                    unmatched_accounts=row.unmatched,
                )
                for row in rows
            }

    async def data_through(self) -> tuple[tuple[str, date | None], ...]:
        async with self._database.for_one_statement() as connection:
            return await data_through(connection)


async def data_through(connection: AsyncConnection) -> tuple[tuple[str, date | None], ...]:
    """The last whole day of every source that was ever asked, ``None`` where nothing came yet."""
    rows = await connection.execute(
        text("SELECT source, data_through FROM source_health ORDER BY source")
    )
    return tuple((source, _last_day(through)) for source, through in rows)


def _last_day(through: datetime | None) -> date | None:
    """The last whole day before *through*."""
    return None if through is None else through.date() - timedelta(days=1)
