"""How each piece of work stands at a moment, kept on every outcome that tells of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.outcomes import OutcomeState

_NOW = "CAST(:now AS timestamptz)"
_SETTLE = "CAST(:settle AS interval)"

_SEEN = "least(p.forbidden_since, h.data_through)"
# As ``Outcome.state_at`` has it; what nobody looked at since does not settle unseen.
_STATE = (
    f"CASE WHEN m.completed_at IS NULL OR m.completed_at > {_NOW} THEN '{OutcomeState.OPEN}'"
    f" WHEN l.reverted_at <= {_NOW} THEN '{OutcomeState.REVERTED}'"
    f" WHEN again.main IS NOT NULL THEN '{OutcomeState.REOPENED}'"
    f" WHEN greatest(m.completed_at, l.restored_at) <= {_NOW} - {_SETTLE}"
    f"  AND (greatest(m.completed_at, l.restored_at) <= {_SEEN} - {_SETTLE}) IS NOT FALSE"
    f" THEN '{OutcomeState.SETTLED}' ELSE '{OutcomeState.DONE}' END"
)
# One of two that tell of a change may have missed what became of it: the later word counts.
_LANDED = (
    "SELECT DISTINCT ON (main) main, reverted_at, restored_at FROM pg_temp.works"
    " WHERE is_change OR id = main"
    " ORDER BY main, greatest(reverted_at, restored_at) DESC NULLS LAST, id"
)
_STANDINGS = (
    f"SELECT m.id AS main, m.source, m.source_id, {_STATE} AS state FROM pg_temp.works m"
    f" JOIN ({_LANDED}) l ON l.main = m.id"
    f" LEFT JOIN (SELECT DISTINCT main FROM pg_temp.works WHERE reopened_at <= {_NOW}) again"
    "  ON again.main = m.id"
    " LEFT JOIN source_projects p ON p.source = m.source AND p.project = m.project"
    " LEFT JOIN source_health h ON h.source = m.source"
    " WHERE m.main = m.id"
)
_KEEP = text(
    f"WITH standings AS ({_STANDINGS}),"
    " kept AS (UPDATE outcomes o SET state = s.state, part_of_source = s.part_of_source,"
    " part_of_id = s.part_of_id FROM ("
    "  SELECT w.source, w.source_id, w.state AS was, s.state,"
    "  CASE WHEN w.id <> w.main THEN s.source END AS part_of_source,"
    "  CASE WHEN w.id <> w.main THEN s.source_id END AS part_of_id,"
    "  w.part_of_source AS was_of_source, w.part_of_id AS was_of_id"
    "  FROM pg_temp.works w JOIN standings s USING (main)) s"
    " WHERE (s.state, s.part_of_source, s.part_of_id)"
    "  IS DISTINCT FROM (s.was, s.was_of_source, s.was_of_id)"
    " AND o.workspace_id = 1 AND o.source = s.source AND o.source_id = s.source_id"
    " RETURNING s.state <> s.was AS has_changed)"
    " SELECT count(*) FILTER (WHERE has_changed) FROM kept"
)


async def keep_states(connection: AsyncConnection, now: datetime, settle: timedelta) -> int:
    """Judge the pieces in ``pg_temp.works``; how many outcomes stand otherwise than before."""
    return int(await connection.scalar(_KEEP, {"now": now, "settle": settle}) or 0)
