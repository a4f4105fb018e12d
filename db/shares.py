"""Which credits of a piece of work count, and for how much: once, however many tell of it."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.pieces import BY_KEY

_CREDITED = text(
    "CREATE TEMPORARY TABLE credited ON COMMIT DROP AS SELECT c.source, c.source_id, c.account,"
    " c.role, c.person_id, c.counts, c.share, c.level, c.tools, c.also_in, w.id, w.main,"
    " (w.completed_at AT TIME ZONE 'UTC')::date AS day"
    " FROM outcome_credits c JOIN pg_temp.works w USING (source, source_id)"
)
_TOLD_BY = (
    "SELECT DISTINCT ON (main) main, id FROM pg_temp.credited WHERE person_id IS NOT NULL"
    " AND main IN (SELECT main FROM pg_temp.works WHERE main <> id)"
    f" ORDER BY main, id <> main, {BY_KEY}"
)
"""Where a piece of several counts, if anybody is known; all others count where their main is."""
_SHARES = text(
    "CREATE TEMPORARY TABLE shares ON COMMIT DROP AS SELECT c.id, 1 / (count(DISTINCT c.person_id)"
    " + count(DISTINCT c.account) FILTER (WHERE c.person_id IS NULL))::numeric AS share"
    f" FROM pg_temp.credited c LEFT JOIN ({_TOLD_BY}) t USING (main)"
    " WHERE c.id = coalesce(t.id, c.main) GROUP BY c.id"
)


async def share_out(connection: AsyncConnection) -> None:
    """Fill ``pg_temp.credited`` with all credits, and ``pg_temp.shares`` with what counts."""
    await connection.execute(_CREDITED)
    await connection.execute(text("ANALYZE pg_temp.credited"))
    await connection.execute(_SHARES)
