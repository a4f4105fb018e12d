"""One's own finished work, piece by piece, and the tools one uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import text

from bot.domain.links import LinkLevel
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.people import PersonId
from bot.domain.tiers import Tier, TierRules
from bot.domain.work import OwnWork
from db import tiering
from db.database import Database
from db.usage import IS_USE

_OWN = text(
    "SELECT DISTINCT ON (o.completed_at, o.source, o.source_id) o.source, o.source_id, o.kind,"
    " o.state, (o.completed_at AT TIME ZONE 'UTC')::date AS day, c.level, c.share, c.title, c.url,"
    f" {tiering.OF_WORK} AS tier,"
    " c.tools, c.also_in"
    " FROM outcome_credits c JOIN outcomes o USING (workspace_id, source, source_id)"
    " WHERE c.person_id = :person AND c.counts"
    " AND o.completed_at >= CAST(:first AS date) AND o.completed_at < CAST(:last AS date) + 1"
    " ORDER BY o.completed_at DESC, o.source, o.source_id, c.tier NULLS LAST, c.level DESC"
    " NULLS LAST LIMIT :most"
)
_TOOLS = text(
    "SELECT provider FROM usage_records WHERE person_id = :person AND day >= :first"
    f" AND {IS_USE} GROUP BY provider ORDER BY max(day) DESC, provider"
)
MOST_PIECES = 500


class WorkStore:
    def __init__(self, database: Database, rules: TierRules = TierRules()) -> None:  # noqa: B008
        self._database = database
        self._rules = tiering.parameters(rules)

    async def own(self, person: PersonId, first: date, last: date) -> list[OwnWork]:
        """What *person* finished from *first* to *last*, the latest first."""
        span = {"person": person, "first": first, "last": last, "most": MOST_PIECES}
        async with self._database.for_person(person) as connection:
            rows = await connection.execute(_OWN, {**span, **self._rules})
            return [_own_work(person, *row) for row in rows]

    async def tools_of(self, person: PersonId, first: date) -> list[str]:
        """The providers that *person* used since *first*, the latest used first."""
        async with self._database.for_person(person) as connection:
            rows = await connection.scalars(_TOOLS, {"person": person, "first": first})
            return list(rows)


def _own_work(
    owner: PersonId,
    source: str,
    source_id: str,
    kind: str,
    state: str,
    day: date,
    level: int | None,
    share: Decimal,
    title: str | None,
    url: str | None,
    tier: str,
    tools: Sequence[str],
    also_in: Sequence[str],
) -> OwnWork:
    return OwnWork(
        owner=owner,
        source=source,
        source_id=source_id,
        kind=OutcomeKind(kind),
        state=OutcomeState(state),
        completed_on=day,
        tier=Tier(tier),
        level=None if level is None else LinkLevel(level),
        tools=tuple(tools),
        title=title,
        url=url,
        share=share,
        also_in=tuple(also_in),
    )
