"""Which outcomes are one piece of work: by names that they share, and by what finishes what."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.outcomes import OutcomeKind

_FORGES_FIRST = (
    "CASE WHEN source IN ('github', 'gitlab') THEN 0 WHEN source = 'git' THEN 1 ELSE 2 END"
)
# The "C" collation is the same on every server.
BY_KEY = 'source COLLATE "C", source_id COLLATE "C"'
_CHANGE = f"kind = '{OutcomeKind.MERGED_CHANGE}'"

_WORKS = text(
    "CREATE TEMPORARY TABLE works ON COMMIT DROP AS SELECT *, id AS main FROM ("
    f"SELECT row_number() OVER (ORDER BY NOT {_CHANGE}, {_FORGES_FIRST}, {BY_KEY}) AS id,"
    f" source, source_id, kind, {_CHANGE} AS is_change,"
    f" completed_at IS NOT NULL AND kind <> '{OutcomeKind.REVIEW_GIVEN}' AS joins,"
    " completed_at, reverted_at, restored_at, reopened_at,"
    " project, evidence, names, closes, closed_by, state, part_of_source, part_of_id"
    " FROM outcomes) numbered"
)
_SHARED = text(
    "CREATE TEMPORARY TABLE shared ON COMMIT DROP AS WITH named AS"
    " (SELECT w.id, name FROM pg_temp.works w, unnest(w.names) name WHERE w.joins)"
    " SELECT n.id, n.name FROM named n"
    " JOIN (SELECT name FROM named GROUP BY name HAVING count(*) > 1) several USING (name)"
)
_GROUPS = text(
    "CREATE TEMPORARY TABLE same_work ON COMMIT DROP AS"
    " SELECT DISTINCT id, id AS main FROM pg_temp.shared"
)
_SPREAD = text(
    "UPDATE pg_temp.same_work g SET main = near.main FROM ("
    "SELECT s.id, min(of_name.main) AS main FROM pg_temp.shared s JOIN ("
    " SELECT s.name, min(g.main) AS main FROM pg_temp.shared s"
    " JOIN pg_temp.same_work g USING (id) GROUP BY s.name) of_name USING (name) GROUP BY s.id"
    ") near WHERE near.id = g.id AND near.main < g.main"
)
# Long chains shrink by half at a time, rather than by a link.
_SHORTEN = text(
    "UPDATE pg_temp.same_work g SET main = further.main FROM pg_temp.same_work further"
    " WHERE further.id = g.main AND further.main < g.main"
)
_JOIN_SAME = text(
    "UPDATE pg_temp.works w SET main = g.main FROM pg_temp.same_work g"
    " WHERE g.id = w.id AND g.main <> w.main"
)
_CHANGES = text(
    "CREATE TEMPORARY TABLE changes ON COMMIT DROP AS SELECT id, main, names, closes,"
    f" row_number() OVER (ORDER BY completed_at, {BY_KEY}) AS turn"
    " FROM pg_temp.works WHERE joins AND is_change"
)
_JOIN_FINISHED = text(
    "WITH first_change AS (SELECT main, min(turn) AS turn FROM ("
    "SELECT w.main, c.turn FROM pg_temp.works w, unnest(w.names) name JOIN"
    " (SELECT name, min(turn) AS turn FROM pg_temp.changes, unnest(closes) name GROUP BY name) c"
    " USING (name) WHERE w.joins AND NOT w.is_change"
    " UNION ALL SELECT w.main, c.turn FROM pg_temp.works w, unnest(w.closed_by) name JOIN"
    " (SELECT name, min(turn) AS turn FROM pg_temp.changes, unnest(names) name GROUP BY name) c"
    " USING (name) WHERE w.joins AND NOT w.is_change"
    ") finished_by GROUP BY main)"
    " UPDATE pg_temp.works w SET main = c.main FROM first_change f"
    " JOIN pg_temp.changes c USING (turn)"
    " JOIN pg_temp.works ticket ON ticket.id = f.main AND NOT ticket.is_change"
    " WHERE w.main = f.main"
)


async def join_pieces(connection: AsyncConnection) -> None:
    """Fill ``pg_temp.works`` with all outcomes; ``main`` is that of the piece that it is of."""
    await connection.execute(_WORKS)
    await connection.execute(text("ANALYZE pg_temp.works"))
    await _join_same_names(connection)
    await connection.execute(_CHANGES)
    await connection.execute(_JOIN_FINISHED)


async def _join_same_names(connection: AsyncConnection) -> None:
    """Who shares a name with one who shares a name is the same: until nothing moves any more."""
    await connection.execute(_SHARED)
    await connection.execute(_GROUPS)
    while (await connection.execute(_SPREAD)).rowcount:
        await connection.execute(_SHORTEN)
    await connection.execute(_JOIN_SAME)
