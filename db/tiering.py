"""The tier of use and of work, in SQL: a person's own word first, then the rules.

Queries that hold these parts take ``parameters(rules)``.
"""

from __future__ import annotations

from typing import Any

from bot.domain.tiers import NEW_TOOL_DAYS, TierRules

FIRST_DAYS_KNOWN = 7
"""Whoever used a tool in the first days that are known of it may have begun long before."""

IS_LISTED = (
    "(provider || ':' || account LIKE ANY(CAST(:production AS text[]))"
    " OR provider || ':' || product LIKE ANY(CAST(:production AS text[])))"
)
OWN_TIERS = (
    # The latest word on each day of the span, on one tool or ('') on all of them.
    "words AS (SELECT DISTINCT ON (t.provider, day) t.provider, CAST(:first AS date) + n AS day,"
    "  t.tier, t.tagged_at, t.id FROM tags t,"
    "  generate_series(greatest(t.first_day, :first) - :first, least(t.last_day, :last) - :first) n"
    "  WHERE t.person_id = asked.person_id AND t.first_day <= :last AND t.last_day >= :first"
    "  ORDER BY t.provider, day, t.tagged_at DESC, t.id DESC),"
    " beginnings AS (SELECT f.provider, f.first_day + :new_tool_days AS over FROM first_uses f"
    "  WHERE f.workspace_id = 1 AND f.person_id = asked.person_id"
    "  AND f.first_day + :new_tool_days > :first AND f.first_day >= (SELECT min(d.day)"
    "   FROM provider_days d WHERE d.workspace_id = 1 AND d.provider = f.provider)"
    "   + :first_days_known)"
)
"""What tells the tiers of one person's use, ``asked.person_id``, from *first* to *last*."""
JOIN_TIERS = (
    "LEFT JOIN words one ON one.provider = models.provider AND one.day = models.day"
    " LEFT JOIN words every ON every.provider = '' AND every.day = models.day"
    " LEFT JOIN beginnings ON beginnings.provider = models.provider"
)
"""To rows called ``models``, with a provider, a day, and whether they are listed."""
OF_USE = (
    "coalesce(CASE WHEN every.id IS NULL OR (one.tagged_at, one.id) > (every.tagged_at, every.id)"
    "  THEN one.tier ELSE every.tier END,"
    " CASE WHEN is_listed THEN 'production' WHEN models.day < beginnings.over THEN 'exploration'"
    " ELSE 'routine' END)"
)
"""Of rows to which the tiers are joined."""
_TAGGED_WORK = (
    "(SELECT t.tier FROM tags t WHERE t.person_id = c.person_id AND t.provider = ''"
    " AND (o.completed_at AT TIME ZONE 'UTC')::date BETWEEN t.first_day AND t.last_day"
    " ORDER BY t.tagged_at DESC, t.id DESC LIMIT 1)"
)
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
