"""Memberships in SQL: who is listed in a team, and what follows of it for the next week.

Every function is a part of a transaction of ``TeamStore``, which lets one in at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.home_teams import home_teams
from bot.domain.teams import Membership, Team
from db.bulk import Staging
from db.team_models import EVER, STILL

COUNTED = "m.role = 'member'"
_STILL = f"DATE '{STILL}'"
_WISHED = Staging(
    "wished",
    (("team_id", "bigint"), ("role", "text"), ("email", "text"), ("slack_user_id", "text")),
)
_OF_TEAMS = Staging("relisted", (("team_id", "bigint"), ("role", "text")))
_HOMES = Staging("homes", (("person_id", "bigint"), ("team_id", "bigint")))
_KNOWN = (
    "SELECT w.team_id, w.role, p.id AS person_id FROM pg_temp.wished w"
    " JOIN people p ON p.email = w.email AND p.is_active"
    " UNION SELECT w.team_id, w.role, p.id FROM pg_temp.wished w"
    " JOIN people p ON p.slack_user_id = w.slack_user_id AND p.is_active"
)
# What ended with a team that is back is forgotten, in a statement of its own: with an OR in it the
# other would look through everybody once for each row.
_FORGET_ENDED = text(
    "DELETE FROM team_members m USING pg_temp.relisted t"
    f" WHERE m.team_id = t.team_id AND m.role = t.role AND m.valid_to <> {_STILL}"
)
_UNLIST = text(
    f"WITH known AS ({_KNOWN}) DELETE FROM team_members m USING pg_temp.relisted t"
    " WHERE m.team_id = t.team_id AND m.role = t.role AND NOT EXISTS (SELECT FROM known k"
    " WHERE k.team_id = m.team_id AND k.role = m.role AND k.person_id = m.person_id)"
)
_LIST = text(
    f"WITH known AS ({_KNOWN}) INSERT INTO team_members (team_id, person_id, role, valid_from)"
    " SELECT k.team_id, k.person_id, k.role, CASE k.role WHEN 'manager' THEN :today"
    f"  ELSE CAST('{EVER}' AS date) END FROM known k"
    " WHERE NOT EXISTS (SELECT FROM team_members m"
    "  WHERE m.team_id = k.team_id AND m.role = k.role AND m.person_id = k.person_id)"
)
_UNLIST_ENDED = text(
    "DELETE FROM team_members m USING teams t"
    " WHERE t.id = m.team_id AND t.ended_on IS NOT NULL AND m.role = 'listed'"
)
_RELEASE_MANAGERS = text(
    "UPDATE team_members m SET valid_to = t.ended_on FROM teams t"
    " WHERE t.id = m.team_id AND t.ended_on IS NOT NULL AND m.role = 'manager'"
    f" AND m.valid_to = {_STILL}"
)
_LISTED = text(
    "SELECT m.team_id, m.person_id FROM team_members m"
    " JOIN people p ON p.id = m.person_id AND p.is_active WHERE m.role = 'listed'"
)
_IS_HOME = (
    "EXISTS (SELECT FROM pg_temp.homes h WHERE h.person_id = m.person_id AND h.team_id = m.team_id)"
)
# In this order: whoever is let go of first has room for a new home.
_TAKE_BACK = text(
    f"DELETE FROM team_members m WHERE {COUNTED} AND m.valid_from = :monday AND NOT {_IS_HOME}"
    " RETURNING m.team_id"
)
_END = text(
    f"UPDATE team_members m SET valid_to = :monday WHERE {COUNTED}"
    f" AND m.valid_to = {_STILL} AND NOT {_IS_HOME} RETURNING m.team_id"
)
_GO_ON = text(
    f"UPDATE team_members m SET valid_to = {_STILL} WHERE {COUNTED}"
    f" AND m.valid_to = :monday AND {_IS_HOME} RETURNING m.team_id"
)
_BEGIN = text(
    "INSERT INTO team_members (team_id, person_id, role, valid_from)"
    " SELECT h.team_id, h.person_id, 'member', :monday FROM pg_temp.homes h"
    f" WHERE NOT EXISTS (SELECT FROM team_members m WHERE {COUNTED}"
    f"  AND m.person_id = h.person_id AND m.valid_to = {_STILL})"
    " RETURNING team_id"
)
_CHANGES = text(
    "SELECT m.team_id, count(*) FILTER (WHERE m.valid_from = :monday),"
    f" count(*) FILTER (WHERE m.valid_to = :monday) FROM team_members m WHERE {COUNTED}"
    " AND (m.valid_from = :monday OR m.valid_to = :monday) GROUP BY m.team_id"
)


async def replace_lists(
    connection: AsyncConnection,
    teams: Mapping[str, int],
    members: Sequence[Membership],
    today: date,
) -> None:
    """Make *members* all who are listed in *teams*, or lead them: those from *today* on."""
    wished = [
        (teams[member.team], _role(member), member.email, member.slack_user_id)
        for member in members
        if member.team in teams
    ]
    replaced = [(team, role) for team in teams.values() for role in ("listed", "manager")]
    await _replace(connection, replaced, wished, today)


async def list_people(connection: AsyncConnection, listed: Mapping[int, Collection[str]]) -> None:
    """Make these Slack users all who are listed in the teams; who leads them stays."""
    wished = [(team, "listed", None, user) for team, users in listed.items() for user in users]
    await _replace(connection, [(team, "listed") for team in listed], wished, date.min)


async def end_lists(connection: AsyncConnection) -> None:
    """Nobody is listed in a team that ends; its managers read it as long as its members do."""
    await connection.execute(_UNLIST_ENDED)
    await connection.execute(_RELEASE_MANAGERS)


async def settle_homes(
    connection: AsyncConnection, teams: Sequence[Team], monday: date
) -> frozenset[int]:
    """Let everybody count from *monday* on where the lists say; the teams that this changed.

    A change that was to begin that day and is not wished any more never was.
    """
    listed = [(row[0], row[1]) for row in await connection.execute(_LISTED)]
    await _HOMES.fill(connection, home_teams(teams, listed).items())
    touched: set[int] = set()
    for change in (_TAKE_BACK, _END, _GO_ON, _BEGIN):
        touched |= set(await connection.scalars(change, {"monday": monday}))
    return frozenset(touched)


async def read_changes(connection: AsyncConnection, monday: date) -> dict[int, tuple[int, int]]:
    """How many people begin and how many end to count in a team on *monday*."""
    rows = await connection.execute(_CHANGES, {"monday": monday})
    return {team: (joining, leaving) for team, joining, leaving in rows}


async def _replace(
    connection: AsyncConnection,
    replaced: Sequence[tuple[int, str]],
    wished: Sequence[tuple[int, str, str | None, str | None]],
    today: date,
) -> None:
    await _OF_TEAMS.fill(connection, replaced)
    await _WISHED.fill(connection, wished)
    await connection.execute(_FORGET_ENDED)
    await connection.execute(_UNLIST)
    await connection.execute(_LIST, {"today": today})


def _role(member: Membership) -> str:
    return "manager" if member.role == "manager" else "listed"
