"""Teams, what their members contributed, and the figures that were released of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from bot.domain.disclosure import AdoptionBand, Contribution, Rules, TeamRelease, Withheld
from bot.domain.logged import MOST_COUNTED_A_WEEK
from bot.domain.outcomes import OutcomeKind
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek
from bot.domain.teams import Membership, Team, TeamWeek
from db.database import Database
from db.usage import IS_USE

_SYNC_TEAMS = text(
    "INSERT INTO teams (name, channel, time_zone)"
    " SELECT name, channel, time_zone FROM jsonb_to_recordset(CAST(:teams AS jsonb))"
    " AS r(name text, channel text, time_zone text)"
    " ON CONFLICT (workspace_id, name) DO UPDATE SET channel = excluded.channel,"
    " time_zone = excluded.time_zone"
)
_SYNC_MEMBERS = text(
    "INSERT INTO team_members (team_id, person_id, role)"
    " SELECT t.id, p.id, r.role FROM jsonb_to_recordset(CAST(:members AS jsonb))"
    " AS r(team text, email text, role text)"
    " JOIN teams t ON t.name = r.team JOIN people p ON p.email = r.email AND p.is_active"
    " ON CONFLICT DO NOTHING"
)
_MEMBERS = (
    "SELECT m.person_id FROM team_members m JOIN people p ON p.id = m.person_id"
    " WHERE m.team_id = :team AND m.role = 'member' AND p.is_active"
)
_SPEND = text(
    f"SELECT m.person_id, coalesce(sum(u.cost), 0), coalesce(bool_or({IS_USE}), false),"
    " EXISTS (SELECT FROM accounts a WHERE a.person_id = m.person_id"
    "  AND a.source IN (SELECT provider FROM provider_days))"
    f" FROM ({_MEMBERS}) m LEFT JOIN usage_records u ON u.person_id = m.person_id"
    " AND u.day BETWEEN :first AND :last GROUP BY m.person_id"
)
_OUTCOMES = text(
    "SELECT person_id, kind, sum(share) FROM ("
    " SELECT DISTINCT c.person_id, o.kind, o.source, o.source_id,"
    "  1.0 / count(*) OVER (PARTITION BY o.source, o.source_id) AS share FROM ("
    "   SELECT DISTINCT workspace_id, source, source_id, person_id FROM outcome_credits"
    f"   WHERE counts AND person_id IN ({_MEMBERS})) c"
    " JOIN outcomes o USING (workspace_id, source, source_id)"
    " WHERE o.state IN ('done', 'settled') AND o.completed_at >= CAST(:first AS date)"
    " AND o.completed_at < CAST(:last AS date) + 1) shares GROUP BY person_id, kind"
    " UNION ALL SELECT person_id, 'logged', least(count(*), :most_logged) FROM logged_outcomes"
    f" WHERE visibility = 'counted' AND person_id IN ({_MEMBERS})"
    " AND done_on BETWEEN :first AND :last GROUP BY person_id"
)
_RELEASE = text(
    "INSERT INTO team_releases (team_id, week, released_at, figures, rules) VALUES"
    " (:team, :week, :at, CAST(:figures AS jsonb), CAST(:rules AS jsonb))"
    " ON CONFLICT DO NOTHING"
)
_TOLD = text(
    "SELECT r.team_id FROM team_releases r JOIN teams t ON t.id = r.team_id"
    " WHERE r.week = :monday AND (t.channel IS NULL OR EXISTS (SELECT FROM deliveries d"
    " WHERE d.kind = 'team_summary' AND d.period_start = r.week"
    " AND d.dedup_key = concat_ws(':', t.channel, d.kind, r.week, t.id)))"
)
_RELEASED = text(
    "SELECT t.name, r.week, r.figures FROM team_releases r JOIN teams t ON t.id = r.team_id"
    " WHERE r.team_id = :team AND r.week <= :until ORDER BY r.week DESC LIMIT :most"
)


class TeamStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def sync(self, teams: Sequence[Team], members: Sequence[Membership]) -> None:
        """Make *teams* and *members* ours, and forget the others; what was released stays."""
        team_rows = [
            {"name": team.name, "channel": team.channel, "time_zone": team.time_zone}
            for team in teams
        ]
        async with self._database.for_jobs() as connection:
            await connection.execute(_SYNC_TEAMS, {"teams": json.dumps(team_rows)})
            await connection.execute(
                text("DELETE FROM teams WHERE NOT name = ANY(CAST(:names AS text[]))"),
                {"names": [team.name for team in teams]},
            )
            await connection.execute(text("DELETE FROM team_members"))
            await connection.execute(
                _SYNC_MEMBERS, {"members": json.dumps([asdict(member) for member in members])}
            )

    async def all(self) -> list[Team]:
        async with self._database.unscoped() as connection:
            rows = await connection.execute(
                text("SELECT id, name, channel, time_zone FROM teams ORDER BY id")
            )
            return [Team(id=r[0], name=r[1], channel=r[2], time_zone=r[3]) for r in rows]

    async def of_person(self, person: PersonId) -> list[Team]:
        """The teams that *person* is in or leads."""
        async with self._database.for_person(person) as connection:
            rows = await connection.execute(
                text(
                    "SELECT DISTINCT t.id, t.name, t.channel, t.time_zone FROM team_members m"
                    " JOIN teams t ON t.id = m.team_id WHERE m.person_id = :person ORDER BY t.name"
                ),
                {"person": person},
            )
            return [Team(id=r[0], name=r[1], channel=r[2], time_zone=r[3]) for r in rows]

    async def contributions(self, team: int, week: IsoWeek) -> list[Contribution]:
        """What each member contributed in *week*, with nothing left that says who."""
        period = week.period
        span = {"team": team, "first": period.first_day, "last": period.last_day}
        async with self._database.for_team_releases() as connection:
            spend = (await connection.execute(_SPEND, span)).all()
            outcomes: defaultdict[int, dict[OutcomeKind, Decimal]] = defaultdict(dict)
            counted = {**span, "most_logged": MOST_COUNTED_A_WEEK}
            for person, kind, share in await connection.execute(_OUTCOMES, counted):
                outcomes[person][OutcomeKind(kind)] = share
        return [
            Contribution(
                spend=cost, outcomes=outcomes[person], has_seat=has_seat, is_active=is_active
            )
            for person, cost, is_active, has_seat in spend
        ]

    async def released(self, team: int, until: IsoWeek, most: int) -> list[TeamWeek]:
        """The latest released weeks up to *until*, newest first."""
        async with self._database.unscoped() as connection:
            rows = await connection.execute(
                _RELEASED, {"team": team, "until": until.monday, "most": most}
            )
            return [
                TeamWeek(team=name, week=IsoWeek.of(week), outcome=_from_figures(figures))
                for name, week, figures in rows
            ]

    async def teams_told(self, monday: date) -> frozenset[int]:
        """The teams whose week was released and, where they have a channel, put in the outbox.

        A release whose message was cut off is not told: it is done again, with the same figures.
        """
        async with self._database.for_jobs() as connection:
            return frozenset(await connection.scalars(_TOLD, {"monday": monday}))

    async def keep_release(
        self,
        team: int,
        week: IsoWeek,
        outcome: TeamRelease | Withheld,
        rules: Rules,
        at: datetime,
    ) -> None:
        """Write the week down once and for good; a later release of the same week is ignored."""
        async with self._database.unscoped() as connection:
            await connection.execute(
                _RELEASE,
                {
                    "team": team,
                    "week": week.monday,
                    "at": at,
                    "figures": _to_figures(outcome),
                    "rules": json.dumps(asdict(rules), default=str),
                },
            )


def _to_figures(outcome: TeamRelease | Withheld) -> str | None:
    if isinstance(outcome, Withheld):
        return None
    return json.dumps(
        {
            "spend": str(outcome.spend),
            "outcomes": {kind.value: count for kind, count in outcome.outcomes.items()},
            "adoption": outcome.adoption and outcome.adoption.name,
        }
    )


def _from_figures(figures: dict[str, Any] | None) -> TeamRelease | Withheld:
    if figures is None:
        return Withheld()
    return TeamRelease(
        spend=Decimal(figures["spend"]),
        outcomes={OutcomeKind(kind): count for kind, count in figures["outcomes"].items()},
        adoption=figures["adoption"] and AdoptionBand[figures["adoption"]],
    )
