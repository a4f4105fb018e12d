"""The tier of use and of work, in SQL: a person's own word first, then the rules.

Queries that hold these parts take ``parameters(rules)``.
"""

from __future__ import annotations

from typing import Any

from bot.domain.tiers import NEW_TOOL_DAYS, TierRules

FIRST_DAYS_KNOWN = 7
"""Whoever used a tool in the first days that are known of it may have begun long before."""

_LATEST_TAG = (
    "(SELECT t.tier FROM tags t WHERE t.person_id = {person} AND {day} BETWEEN t.first_day"
    " AND t.last_day AND t.provider IN ({providers}) ORDER BY t.tagged_at DESC, t.id DESC LIMIT 1)"
)
IS_LISTED = (
    "(provider || ':' || account LIKE ANY(CAST(:production AS text[]))"
    " OR provider || ':' || product LIKE ANY(CAST(:production AS text[])))"
)
_TAGGED_USE = _LATEST_TAG.format(
    person="models.person_id", day="models.day", providers="models.provider, ''"
)
_TAGGED_WORK = _LATEST_TAG.format(
    person="c.person_id", day="(o.completed_at AT TIME ZONE 'UTC')::date", providers="''"
)
OF_USE = (
    f"coalesce({_TAGGED_USE},"
    " CASE WHEN is_listed THEN 'production'"
    " WHEN day < (SELECT f.first_day + :new_tool_days FROM first_uses f"
    "  WHERE f.workspace_id = 1 AND f.person_id = models.person_id"
    "  AND f.provider = models.provider"
    "  AND f.first_day >= (SELECT min(d.day) FROM provider_days d"
    "   WHERE d.workspace_id = 1 AND d.provider = f.provider) + :first_days_known)"
    " THEN 'exploration' ELSE 'routine' END)"
)
"""Of rows called ``models``, with a person, a provider, a day, and whether they are listed."""
OF_WORK = (
    "coalesce(c.tier,"
    f" {_TAGGED_WORK},"
    " CASE WHEN o.source || ':' || o.project LIKE ANY(CAST(:exploration AS text[]))"
    " THEN 'exploration' WHEN o.source || ':' || o.project LIKE ANY(CAST(:production AS text[]))"
    " THEN 'production' ELSE 'routine' END)"
)
"""Of an outcome ``o`` with a credit ``c``."""


def parameters(rules: TierRules) -> dict[str, Any]:
    return {
        "production": [_like(pattern) for pattern in rules.production],
        "exploration": [_like(pattern) for pattern in rules.exploration],
        "new_tool_days": NEW_TOOL_DAYS,
        "first_days_known": FIRST_DAYS_KNOWN,
    }


def _like(pattern: str) -> str:
    """A star stands for anything, and every other character for itself."""
    for character in "\\%_":
        pattern = pattern.replace(character, f"\\{character}")
    return pattern.replace("*", "%")
