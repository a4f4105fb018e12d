"""Who is here: the workspace's members from Slack, the teams from the operator's file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from bot.domain.health import DIRECTORY
from bot.domain.people import normalized_email
from bot.domain.teams import Membership, Team
from bot.errors import SettingsError, SourceError
from bot.ports import Clock, Directory, HealthStore, PeopleStore, TeamStore

log = structlog.get_logger()

COLUMNS = ("team", "channel", "time_zone", "email", "role")
ROLES = ("member", "manager")


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectorySync:
    """Where Slack or the file fails, who was known stays known, and `status` says so."""

    directory: Directory
    people: PeopleStore
    teams: TeamStore
    teams_file: Path | None
    health: HealthStore
    clock: Clock
    real_now: Callable[[], datetime]

    async def run(self) -> int:
        """Bring people and teams up to date; how many people there are.

        Raises ``SourceError`` or ``SettingsError``.
        """
        now = self.clock.now()
        try:
            count = await self.people.sync(await self.directory.members())
            if self.teams_file is not None:
                await self.teams.sync(*_read_teams(self.teams_file))
        except (SourceError, SettingsError) as error:
            await self.health.failed(DIRECTORY, str(error), error.hint, self.real_now())
            log.warning("directory_failed", error=type(error).__name__)
            raise
        await self.health.source_succeeded(DIRECTORY, now, now)
        return count


def _read_teams(path: Path) -> tuple[list[Team], list[Membership]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return parse_teams(lines)
    except OSError:
        raise SettingsError("UPSHOT_TEAMS_FILE: the file cannot be read.") from None
    except (UnicodeDecodeError, csv.Error):
        raise SettingsError("UPSHOT_TEAMS_FILE: the file is not CSV in UTF-8.") from None


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
