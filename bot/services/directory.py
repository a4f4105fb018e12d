"""Who is here: the workspace's members from Slack, the teams from the operator's file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from bot.domain.people import normalized_email
from bot.domain.teams import Membership, Team
from bot.errors import SettingsError
from bot.ports import Directory, PeopleStore, TeamStore

COLUMNS = ("team", "channel", "time_zone", "email", "role")
ROLES = ("member", "manager")


async def sync_directory(
    directory: Directory, people: PeopleStore, teams: TeamStore, teams_file: Path | None
) -> int:
    """Bring people and teams up to date; how many people there are."""
    count = await people.sync(await directory.members())
    if teams_file is not None:
        with teams_file.open(encoding="utf-8-sig", newline="") as lines:
            await teams.sync(*parse_teams(lines))
    return count


def parse_teams(lines: Iterable[str]) -> tuple[list[Team], list[Membership]]:
    """Teams and who belongs to them; a person's first team is home, later ones are ignored.

    The columns are team, channel, time_zone, email and role (member or manager); raises
    ``SettingsError`` with the line that is wrong.
    """
    reader = csv.DictReader(lines)
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise SettingsError(f"The teams file lacks the columns {', '.join(missing)}.")
    teams: dict[str, Team] = {}
    members: dict[tuple[str, str], Membership] = {}
    for number, row in enumerate(reader, start=2):
        member = _membership(row, number)
        teams.setdefault(member.team, _team(row, member.team))
        home = "" if member.role == "member" else member.team
        members.setdefault((member.email, home), member)
    return list(teams.values()), list(members.values())


def _membership(row: dict[str, str | None], number: int) -> Membership:
    team = (row["team"] or "").strip()
    email = normalized_email(row["email"])
    role = (row["role"] or "").strip().lower()
    if not team or email is None or role not in ROLES:
        raise SettingsError(
            f"Line {number} of the teams file needs a team, an e-mail address, and as role one"
            f" of {', '.join(ROLES)}."
        )
    return Membership(team=team, email=email, role=role)


def _team(row: dict[str, str | None], name: str) -> Team:
    channel = (row["channel"] or "").strip() or None
    time_zone = (row["time_zone"] or "").strip() or "UTC"
    return Team(id=0, name=name, channel=channel, time_zone=time_zone)
