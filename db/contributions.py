"""What a week's team figures are made of, read for all teams at once and at one moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.disclosure.contributions import Cell, Contribution, Group
from bot.domain.disclosure.snapshot import Snapshot
from bot.domain.keyed import Key
from bot.domain.logged import MOST_COUNTED_A_WEEK, Visibility
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.periods import IsoWeek, midnight
from bot.domain.tiers import Tier, TierRules
from bot.domain.usage import ChargeCategory
from db import tiering
from db.bulk import JOIN_WHOLE_SETS
from db.database import Database
from db.usage import IS_USE

WEEKS_BEFORE = 4
"""Whose amounts tell what is much in this workspace."""
# What a seat costs, and the tax on it, is known to everybody.
_SPENT = [ChargeCategory.USAGE, ChargeCategory.CREDIT, ChargeCategory.ADJUSTMENT]

# Sorted in memory, and not compiled: the planner, who cannot see through row-level security, is as
# wrong about the cost as about the rows.
_FOR_MANY_ROWS = text("SELECT set_config('jit', 'off', true), set_config('work_mem', '64MB', true)")
# Everybody who counts, and in which team if in any: in one, whatever the table may say.
_COUNTED = text(
    "CREATE TEMPORARY TABLE counted ON COMMIT DROP AS SELECT p.id AS person_id, home.team_id"
    " FROM people p LEFT JOIN (SELECT DISTINCT ON (m.person_id) m.person_id, m.team_id"
    "  FROM team_members m JOIN teams t ON t.id = m.team_id"
    "  WHERE m.role = 'member' AND m.valid_from <= :monday AND m.valid_to > :monday"
    "  AND (t.ended_on IS NULL OR t.ended_on > :monday)"
    "  ORDER BY m.person_id, m.valid_from DESC, m.team_id) home ON home.person_id = p.id"
    " WHERE p.is_active AND (p.opted_out_on IS NULL OR p.opted_out_on > :monday)"
)
# A team begins with the first Monday on which it has somebody.
_TEAMS = text(
    "SELECT t.id FROM teams t WHERE (t.ended_on IS NULL OR t.ended_on > :monday)"
    " AND EXISTS (SELECT FROM team_members m WHERE m.team_id = t.id AND m.role = 'member'"
    "  AND m.valid_from <= :monday) ORDER BY t.id"
)
_MEMBERS = text(
    "SELECT c.person_id, c.team_id, EXISTS (SELECT FROM accounts a WHERE a.person_id = c.person_id"
    " AND a.source IN (SELECT provider FROM provider_days)) AS has_seat"
    " FROM pg_temp.counted c WHERE c.team_id IS NOT NULL"
)
_USE = text(
    "SELECT asked.person_id, own.tier, own.spend, own.is_use FROM"
    " (SELECT person_id FROM pg_temp.counted WHERE team_id IS NOT NULL) asked CROSS JOIN LATERAL ("
    f" WITH {tiering.OWN_TIERS}"
    " SELECT tier, coalesce(sum(spend), 0) AS spend, bool_or(is_use) AS is_use"
    f" FROM (SELECT models.*, {tiering.OF_USE} AS tier FROM ("
    f"  SELECT day, provider, {tiering.IS_LISTED} AS is_listed, bool_or({IS_USE}) AS is_use,"
    "  sum(cost) FILTER (WHERE charge_category = ANY(CAST(:spent AS text[]))) AS spend"
    "  FROM usage_records WHERE person_id = asked.person_id AND day BETWEEN :first AND :last"
    "  GROUP BY day, provider, is_listed) models"
    f" {tiering.JOIN_TIERS}) tiered GROUP BY tier) own"
)
_PAST_SPEND = text(
    f"SELECT person_id, team_id, week, '{Cell.SPEND}' AS cell, sum(cost) AS amount FROM ("
    "  SELECT person_id, team_id, cost, (u.day - CAST(:since AS date)) / 7 AS week"
    "  FROM usage_records u JOIN pg_temp.counted USING (person_id)"
    "  WHERE u.day >= :since AND u.day < :first"
    "  AND u.charge_category = ANY(CAST(:spent AS text[]))) days"
    " GROUP BY person_id, team_id, week"
)
# A piece of work is told of by several outcomes: what became of it is the latest that any tells.
_PIECES = (
    "SELECT main_source, main_id, state, CASE"
    f" WHEN state = '{OutcomeState.SETTLED}' THEN CAST(:settle AS interval)"
    "  + greatest(max(completed_at) FILTER (WHERE is_main), max(restored_at))"
    " ELSE max(reverted_at) END AS at FROM ("
    "  SELECT coalesce(part_of_source, source) AS main_source,"
    "  coalesce(part_of_id, source_id) AS main_id, part_of_id IS NULL AS is_main,"
    "  state, completed_at, restored_at, reverted_at FROM outcomes"
    f"  WHERE state IN ('{OutcomeState.SETTLED}', '{OutcomeState.REVERTED}')"
    "  AND greatest(completed_at, restored_at, reverted_at)"
    "   >= CAST(:start AS timestamptz) - CAST(:settle AS interval)) parts"
    " GROUP BY main_source, main_id, state"
)
_RECENT = (
    "SELECT main_source, main_id, state,"
    " floor(extract(epoch FROM at - CAST(:start AS timestamptz)) / 604800)::int AS week"
    f" FROM ({_PIECES}) pieces WHERE at >= :start AND at < :end"
)
_CREDITED = (
    "SELECT DISTINCT o.source, o.source_id, recent.week, m.person_id, m.team_id,"
    f" CASE WHEN recent.state = '{OutcomeState.SETTLED}' THEN o.kind ELSE '{Cell.REVERTED}' END"
    " AS cell FROM recent JOIN outcomes o"
    "  ON coalesce(o.part_of_source, o.source) = recent.main_source"
    "  AND coalesce(o.part_of_id, o.source_id) = recent.main_id"
    f"  AND (recent.state = '{OutcomeState.SETTLED}' OR o.kind = '{OutcomeKind.MERGED_CHANGE}')"
    " JOIN outcome_credits c USING (workspace_id, source, source_id)"
    " JOIN pg_temp.counted m ON m.person_id = c.person_id WHERE c.counts"
)
_WORK = text(
    f"WITH recent AS MATERIALIZED ({_RECENT})"
    f" SELECT person_id, team_id, week, cell, sum(share) AS amount FROM (SELECT credited.*,"
    # Whole for each team, and for whoever is in none.
    "  1.0 / count(*) OVER (PARTITION BY coalesce(team_id, -person_id), source, source_id) AS share"
    f"  FROM ({_CREDITED}) credited) shares GROUP BY person_id, team_id, week, cell"
)
_LOGGED = text(
    f"SELECT person_id, team_id, week, '{Cell.LOGGED}' AS cell,"
    " least(count(*), :most_logged)::numeric AS amount FROM ("
    "  SELECT person_id, team_id, (l.done_on - CAST(:since AS date)) / 7 AS week"
    "  FROM logged_outcomes l JOIN pg_temp.counted USING (person_id)"
    f"  WHERE l.visibility = '{Visibility.COUNTED}' AND l.done_on BETWEEN :since AND :last) logged"
    " GROUP BY person_id, team_id, week"
)


@dataclass(slots=True)
class _Member:
    """What is known of one, until who it is does not matter any more."""

    team: int
    has_seat: bool
    amounts: dict[Cell, Decimal] = field(default_factory=dict)
    tiers: dict[Tier, Decimal] = field(default_factory=dict)
    is_active: bool = False


class ContributionStore:
    def __init__(self, database: Database, rules: TierRules = TierRules()) -> None:  # noqa: B008
        self._database = database
        self._rules = tiering.parameters(rules)

    async def snapshot(self, week: IsoWeek, settle: timedelta) -> Snapshot:
        """Each team's members in *week* and what they contributed; no name gets out of it.

        Work counts in the week in which it had stood for *settle*.
        """
        asked = {**self._rules, **_asked(week, settle)}
        past: defaultdict[Cell, list[Decimal]] = defaultdict(list)
        async with self._database.for_team_releases() as connection:
            await connection.execute(_FOR_MANY_ROWS)
            await connection.execute(_COUNTED, asked)
            await connection.execute(text("ANALYZE pg_temp.counted"))
            teams = list(await connection.scalars(_TEAMS, asked))
            members = await _members(connection, asked)
            async for row in _amounts(connection, asked):
                if row.week < WEEKS_BEFORE and row.amount > 0:
                    past[Cell(row.cell)].append(row.amount)
                elif row.week == WEEKS_BEFORE and row.person_id in members:
                    members[row.person_id].amounts[Cell(row.cell)] = row.amount
        return Snapshot(week=week, groups=_groups(self._database.key, teams, members), past=past)


async def _members(connection: AsyncConnection, asked: Mapping[str, Any]) -> dict[int, _Member]:
    members = {
        row.person_id: _Member(team=row.team_id, has_seat=row.has_seat)
        for row in await connection.execute(_MEMBERS)
    }
    for row in await connection.execute(_USE, asked):
        member = members[row.person_id]
        member.is_active |= row.is_use
        if row.spend:
            member.tiers[Tier(row.tier)] = row.spend
            member.amounts[Cell.SPEND] = member.amounts.get(Cell.SPEND, Decimal(0)) + row.spend
    return members


async def _amounts(
    connection: AsyncConnection, asked: Mapping[str, Any]
) -> AsyncIterator[Row[Any]]:
    """What everybody had in each of the weeks, but for this week's spend; the first week is 0."""
    await connection.execute(text(JOIN_WHOLE_SETS))
    for query in (_PAST_SPEND, _WORK, _LOGGED):
        for row in await connection.execute(query, asked):
            yield row


def _asked(week: IsoWeek, settle: timedelta) -> dict[str, Any]:
    since = week.back(WEEKS_BEFORE).monday
    return {
        "monday": week.monday,
        "first": week.monday,
        "last": week.period.last_day,
        "since": since,
        "start": midnight(since),
        "end": week.period.end,
        "settle": settle,
        "spent": _SPENT,
        "most_logged": MOST_COUNTED_A_WEEK,
    }


def _groups(key: Key, teams: Sequence[int], members: Mapping[int, _Member]) -> tuple[Group, ...]:
    of_team: defaultdict[int, list[Contribution]] = defaultdict(list)
    for person, member in members.items():
        of_team[member.team].append(
            Contribution(
                member=key.tag("member", str(person)),
                amounts=member.amounts,
                tiers=member.tiers,
                has_seat=member.has_seat,
                is_active=member.is_active,
            )
        )
    return tuple(
        # In the order of their tags, which is nobody's.
        Group(team=team, members=tuple(sorted(of_team[team], key=lambda one: one.member)))
        for team in teams
    )
