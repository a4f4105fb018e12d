"""How sure it is that work had to do with AI use, and since when each person uses each tool."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.links import PROVIDERS_OF, TOOL_WINDOW, LinkLevel
from bot.domain.outcomes import Mark
from db.usage import IS_USE

_USES = text(
    "CREATE TEMPORARY TABLE uses ON COMMIT DROP AS SELECT DISTINCT person_id, provider, day"
    f" FROM usage_records WHERE person_id IS NOT NULL AND {IS_USE}"
)
_FIRST = "(SELECT person_id, provider, min(day) AS first_day FROM pg_temp.uses GROUP BY 1, 2)"
_FORGET_FIRST_USES = text(
    "DELETE FROM first_uses f WHERE NOT EXISTS (SELECT FROM pg_temp.uses u"
    " WHERE u.person_id = f.person_id AND u.provider = f.provider)"
)
# A conflict locks the row even where there is nothing to change: most are known, and left out.
_KEEP_FIRST_USES = text(
    "INSERT INTO first_uses (person_id, provider, first_day)"
    f" SELECT person_id, provider, first_day FROM {_FIRST} found WHERE NOT EXISTS"
    " (SELECT FROM first_uses f WHERE (f.person_id, f.provider, f.first_day)"
    "  = (found.person_id, found.provider, found.first_day))"
    " ON CONFLICT (workspace_id, person_id, provider) DO UPDATE SET first_day = excluded.first_day"
)
_TOOL_DAYS = text(
    "CREATE TEMPORARY TABLE tool_days ON COMMIT DROP AS"
    " WITH tools AS (SELECT tool, provider"
    "  FROM unnest(CAST(:tools AS text[]), CAST(:providers AS text[])) AS t(tool, provider))"
    " SELECT person_id, tool, day, false AS has_made FROM pg_temp.uses JOIN tools USING (provider)"
    " UNION ALL SELECT s.person_id, t.tool, s.day, true FROM session_counts s"
    " JOIN tools t USING (provider)"
    " WHERE s.person_id IS NOT NULL AND (s.commits > 0 OR s.pull_requests > 0)"
)
_SHOWING = text(
    "CREATE TEMPORARY TABLE showing ON COMMIT DROP AS WITH shown AS ("
    " SELECT w.main, split_part(mark, ':', 1) AS tool,"
    " bool_or(split_part(mark, ':', 2) = ANY(CAST(:session_marks AS text[]))) AS names_session"
    " FROM pg_temp.works w, unnest(w.evidence) mark GROUP BY 1, 2)"
    " SELECT DISTINCT c.id, c.person_id, c.day, s.tool, s.names_session, m.is_change"
    " FROM pg_temp.credited c JOIN shown s USING (main)"
    " JOIN pg_temp.works m ON m.id = c.main WHERE c.person_id IS NOT NULL AND c.day IS NOT NULL"
)
_LINKS = text(
    "CREATE TEMPORARY TABLE links ON COMMIT DROP AS SELECT s.id, s.person_id, max(CASE"
    f" WHEN s.names_session OR d.has_made THEN {LinkLevel.SESSION:d} ELSE {LinkLevel.TOOL:d} END"
    ") AS level FROM pg_temp.showing s JOIN pg_temp.tool_days d USING (person_id, tool)"
    f" WHERE d.day BETWEEN s.day - {TOOL_WINDOW.days - 1} AND s.day"
    " AND (s.is_change OR NOT d.has_made) GROUP BY s.id, s.person_id"
)
_TOOLS = (
    "SELECT w.main, array_agg(DISTINCT split_part(mark, ':', 1)) AS tools"
    " FROM pg_temp.works w, unnest(w.evidence) mark GROUP BY w.main"
)
_SOURCES = (
    "SELECT main, array_agg(DISTINCT source) AS sources FROM pg_temp.works"
    " GROUP BY main HAVING count(*) > 1"
)
_FACTS = ("counts", "share", "level", "tools", "also_in")
_KEEP = text(
    f"UPDATE outcome_credits c SET {', '.join(f'{name} = f.{name}' for name in _FACTS)} FROM ("
    " SELECT d.source, d.source_id, d.account, d.role, s.id IS NOT NULL AS counts,"
    " coalesce(s.share, 0) AS share, coalesce(l.level,"
    f" CASE WHEN week.monday IS NOT NULL THEN {LinkLevel.PERIOD:d} END) AS level,"
    " coalesce(t.tools, '{}') AS tools,"
    " coalesce(array_remove(o.sources, d.source), '{}') AS also_in,"
    f" {', '.join(f'd.{name} AS old_{name}' for name in _FACTS)} FROM pg_temp.credited d"
    f" LEFT JOIN ({_TOOLS}) t USING (main) LEFT JOIN ({_SOURCES}) o USING (main)"
    " LEFT JOIN pg_temp.shares s USING (id)"
    " LEFT JOIN pg_temp.links l USING (id, person_id)"
    " LEFT JOIN (SELECT DISTINCT person_id, date_trunc('week', day::timestamp) AS monday"
    "  FROM pg_temp.uses) week ON week.person_id = d.person_id"
    "  AND week.monday = date_trunc('week', d.day::timestamp)) f"
    f" WHERE ({', '.join(f'f.{name}' for name in _FACTS)})"
    f" IS DISTINCT FROM ({', '.join(f'f.old_{name}' for name in _FACTS)})"
    " AND (c.workspace_id, c.source, c.source_id, c.account, c.role)"
    "  = (1, f.source, f.source_id, f.account, f.role)"
)


async def keep_first_uses(connection: AsyncConnection) -> None:
    """Fill ``pg_temp.uses`` with who used what when, and keep the first of each."""
    await connection.execute(_USES)
    await connection.execute(text("ANALYZE pg_temp.uses"))
    await connection.execute(_FORGET_FIRST_USES)
    await connection.execute(_KEEP_FIRST_USES)


async def keep_levels(connection: AsyncConnection) -> None:
    """Hold the credits against the uses, and keep what is found and what was shared out."""
    pairs = [(tool, provider) for tool, known in PROVIDERS_OF.items() for provider in known]
    tools, providers = zip(*pairs, strict=True)
    await connection.execute(_TOOL_DAYS, {"tools": list(tools), "providers": list(providers)})
    marks = [mark.value for mark in Mark if mark.names_session]
    await connection.execute(_SHOWING, {"session_marks": marks})
    await connection.execute(text("ANALYZE pg_temp.tool_days, pg_temp.showing"))
    await connection.execute(_LINKS)
    await connection.execute(_KEEP)
