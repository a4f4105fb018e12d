"""Which teams there are, who is listed in which, and who counts where from which Monday on.

``team_members`` has a row of the role ``listed`` for everybody whom a source wishes into a team,
and one of the role ``member`` for the one team that each counts in, which begins and ends with the
week. Only people whom the directory knows are ever in it: nothing is kept of other addresses.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.home_teams import RANK, in_order, next_monday
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek
from bot.domain.teams import (
    ChannelProblem,
    HomeTeam,
    MembersChanged,
    Membership,
    Team,
    TeamListing,
    TeamSource,
)
from db.channels import LOCK_TEAMS, note_looks
from db.database import Database
from db.memberships import (
    COUNTED,
    end_lists,
    list_people,
    read_changes,
    replace_lists,
    settle_homes,
)

_COLUMNS = (
    "t.id, t.name, t.channel, t.time_zone, t.source, t.position, t.slack_group,"
    " t.channel_problem, t.ended_on"
)
_RANKED = " ".join(f"WHEN '{source}' THEN {rank}" for source, rank in RANK.items())
_PUT = text(
    "INSERT INTO teams (name, channel, time_zone, source, position, slack_group)"
    " SELECT name, channel, time_zone, source, position, slack_group"
    " FROM jsonb_to_recordset(CAST(:teams AS jsonb)) AS r(name text, channel text, time_zone text,"
    " source text, position int, slack_group text)"
    " ON CONFLICT (workspace_id, name) DO UPDATE SET channel = excluded.channel,"
    " time_zone = excluded.time_zone, source = excluded.source, position = excluded.position,"
    " slack_group = excluded.slack_group, ended_on = NULL, channel_problem ="
    "  CASE WHEN teams.channel = excluded.channel THEN teams.channel_problem END"
    " WHERE teams.ended_on IS NOT NULL OR"
    f" CASE excluded.source {_RANKED} END <= CASE teams.source {_RANKED} END"
    " RETURNING id, name"
)
_POSITIONS = text("SELECT name, position FROM teams WHERE source = :source AND ended_on IS NULL")
_END_OTHERS = text(
    "UPDATE teams SET ended_on = :monday WHERE source = :source AND ended_on IS NULL"
    " AND NOT id = ANY(CAST(:kept AS bigint[]))"
)
_END = text(
    "UPDATE teams SET ended_on = :monday WHERE id = ANY(CAST(:ended AS bigint[]))"
    " AND ended_on IS NULL"
)
_REORDER = text(
    "UPDATE teams SET position = n.place"
    " FROM unnest(CAST(:teams AS bigint[])) WITH ORDINALITY AS n(id, place) WHERE teams.id = n.id"
)
_MANAGERS = text(
    "SELECT m.team_id, array_agg(p.slack_user_id ORDER BY p.slack_user_id) FROM team_members m"
    " JOIN people p ON p.id = m.person_id AND p.is_active"
    " WHERE m.role = 'manager' GROUP BY m.team_id"
)
_HOMES = text(
    f"SELECT m.valid_from, m.valid_to, {_COLUMNS} FROM team_members m"
    f" JOIN teams t ON t.id = m.team_id WHERE m.person_id = :person AND {COUNTED}"
    " ORDER BY m.valid_from"
)
# What somebody was in when it ended stays readable, after all that goes on.
_OF_PERSON = text(
    f"SELECT DISTINCT {_COLUMNS}, t.ended_on IS NOT NULL AND t.ended_on <= :today AS is_over"
    " FROM team_members m JOIN teams t ON t.id = m.team_id"
    " WHERE m.person_id = :person AND m.role IN ('member', 'manager') AND m.valid_from <= :today"
    " AND (m.valid_to > :today OR m.valid_to = t.ended_on) ORDER BY is_over, t.name"
)


class TeamStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def sync(
        self,
        source: TeamSource,
        teams: Sequence[Team],
        members: Sequence[Membership],
        *,
        today: date,
    ) -> list[MembersChanged]:
        """Make *teams*, in this order, all that *source* has: its others end with the week."""
        placed = {team.name: place for place, team in enumerate(teams)}
        async with self._database.for_jobs() as connection:
            await connection.execute(LOCK_TEAMS)
            kept = await _put(connection, source, teams, placed)
            ending = {"source": source, "monday": next_monday(today), "kept": list(kept.values())}
            await connection.execute(_END_OTHERS, ending)
            await end_lists(connection)
            await replace_lists(connection, kept, members, today)
            return await _settled(connection, today)

    async def put(
        self,
        source: TeamSource,
        teams: Sequence[Team],
        members: Sequence[Membership],
        *,
        today: date,
    ) -> list[MembersChanged]:
        """Add *teams* after those that *source* has, or change those of the same name.

        A team of that name that comes from a source before this one is left as it is.
        """
        async with self._database.for_jobs() as connection:
            await connection.execute(LOCK_TEAMS)
            rows = await connection.execute(_POSITIONS, {"source": source})
            placed: dict[str, int] = {row.name: row.position for row in rows}
            last = max(placed.values(), default=-1)
            for place, team in enumerate(teams, start=last + 1):
                placed.setdefault(team.name, place)
            kept = await _put(connection, source, teams, placed)
            await replace_lists(connection, kept, members, today)
            return await _settled(connection, today)

    async def relist(
        self, listed: Mapping[int, Collection[str]], *, ended: Collection[int] = (), today: date
    ) -> list[MembersChanged]:
        """List these Slack users, and nobody else, in each team; let others end with the week."""
        async with self._database.for_jobs() as connection:
            await connection.execute(LOCK_TEAMS)
            ending = {"ended": list(ended), "monday": next_monday(today)}
            await connection.execute(_END, ending)
            await end_lists(connection)
            await list_people(connection, listed)
            return await _settled(connection, today)

    async def reorder(self, teams: Sequence[int], *, today: date) -> list[MembersChanged]:
        """Give *teams*, which are all of one source, this order."""
        async with self._database.for_jobs() as connection:
            await connection.execute(LOCK_TEAMS)
            await connection.execute(_REORDER, {"teams": list(teams)})
            return await _settled(connection, today)

    async def waiting(self, today: date) -> list[MembersChanged]:
        """Whatever is going to change about any team with the next week."""
        async with self._database.for_jobs() as connection:
            return await _changes(connection, today)

    async def ending(self, today: date) -> list[Team]:
        """The teams that end with this week."""
        async with self._database.for_one_statement() as connection:
            return await _teams(connection, "t.ended_on = :monday", monday=next_monday(today))

    async def all(self) -> list[Team]:
        """All that nobody has let end, the first first in which somebody in several counts."""
        async with self._database.for_one_statement() as connection:
            return await _teams(connection, "t.ended_on IS NULL")

    async def of_week(self, week: IsoWeek) -> list[Team]:
        """All that were teams in *week*, also those that ended with it."""
        async with self._database.for_one_statement() as connection:
            return await _teams(
                connection, "t.ended_on IS NULL OR t.ended_on > :monday", monday=week.monday
            )

    async def listings(self, today: date) -> list[TeamListing]:
        """All teams up to their last week's end, in their order, with what waits for Monday."""
        async with self._database.for_jobs() as connection:
            shown = "t.ended_on IS NULL OR t.ended_on > :today"
            teams = await _teams(connection, shown, today=today)
            managers = {row[0]: tuple(row[1]) for row in await connection.execute(_MANAGERS)}
            changes = await read_changes(connection, next_monday(today))
        nothing = (0, 0)
        return [
            TeamListing(
                team=team,
                managers=managers.get(team.id, ()),
                joining=changes.get(team.id, nothing)[0],
                leaving=changes.get(team.id, nothing)[1],
            )
            for team in teams
        ]

    async def note_channels(self, problems: Mapping[str, ChannelProblem | None]) -> None:
        """Keep what is against posting in each channel; what still waits for a shared one goes."""
        async with self._database.for_jobs() as connection:
            await note_looks(connection, problems)

    async def home_of(self, person: PersonId, today: date) -> tuple[HomeTeam, HomeTeam | None]:
        """Where *person* counts now, and what is going to change about that."""
        async with self._database.for_person(person) as connection:
            rows = [
                (row[0], row[1], _team(row[2:]))
                for row in await connection.execute(_HOMES, {"person": person})
            ]
        ended = [until for _, until, _ in rows if until <= today]
        now = HomeTeam(team=None, since=max(ended, default=date.min))
        later: HomeTeam | None = None
        for since, until, team in rows:
            if since <= today < until:
                now = HomeTeam(team=team, since=since)
                later = None if until == date.max else HomeTeam(team=None, since=until)
            elif since > today:
                later = HomeTeam(team=team, since=since)
        return now, later

    async def of_person(self, person: PersonId, today: date) -> list[Team]:
        """The teams that *person* counts in or leads today, then those that ended meanwhile."""
        async with self._database.for_person(person) as connection:
            rows = await connection.execute(_OF_PERSON, {"person": person, "today": today})
            return [_team(row[:-1]) for row in rows]


async def _put(
    connection: AsyncConnection,
    source: TeamSource,
    teams: Sequence[Team],
    placed: Mapping[str, int],
) -> dict[str, int]:
    """The ids, by name, of those of *teams* that are *source*'s now."""
    rows = {
        team.name: {
            "name": team.name,
            "channel": team.channel,
            "time_zone": team.time_zone,
            "source": source,
            "position": placed[team.name],
            "slack_group": team.group,
        }
        for team in teams
    }
    put = await connection.execute(_PUT, {"teams": json.dumps(list(rows.values()))})
    return {name: team_id for team_id, name in put}


async def _settled(connection: AsyncConnection, today: date) -> list[MembersChanged]:
    teams = await _teams(connection, "t.ended_on IS NULL")
    touched = await settle_homes(connection, teams, next_monday(today))
    return await _changes(connection, today, touched) if touched else []


async def _changes(
    connection: AsyncConnection, today: date, touched: Iterable[int] | None = None
) -> list[MembersChanged]:
    monday = next_monday(today)
    changes = await read_changes(connection, monday)
    wanted = set(changes if touched is None else touched)
    return [
        MembersChanged(
            team=team,
            from_day=monday,
            joining=changes.get(team.id, (0, 0))[0],
            leaving=changes.get(team.id, (0, 0))[1],
        )
        for team in await _teams(connection, "true")
        if team.id in wanted
    ]


async def _teams(connection: AsyncConnection, condition: str, **values: Any) -> list[Team]:
    rows = await connection.execute(
        text(f"SELECT {_COLUMNS} FROM teams t WHERE {condition}"),
        values,
    )
    return in_order(map(_team, rows))


def _team(row: Sequence[Any]) -> Team:
    team_id, name, channel, time_zone, source, position, group, problem, ended_on = row
    return Team(
        id=team_id,
        name=name,
        channel=channel,
        time_zone=time_zone,
        source=TeamSource(source),
        position=position,
        group=group,
        channel_problem=problem,
        ended_on=ended_on,
    )
