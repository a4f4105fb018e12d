"""Teams and who belongs to them as lines of CSV, from a file or pasted by an admin."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.people import normalized_email
from bot.domain.schedule import zone_named
from bot.domain.teams import Membership, Team, TeamSource

COLUMNS = ("team", "channel", "time_zone", "email", "role")
ROLES = ("member", "manager")
LONGEST_NAME = 80
_CHANNEL = re.compile(r"[CG][A-Z0-9]+")


class Fault(StrEnum):
    """What is wrong with a line."""

    NO_TEAM = "no_team"
    LONG_NAME = "long_name"
    NO_EMAIL = "no_email"
    NO_ROLE = "no_role"
    NO_SUCH_ZONE = "no_such_zone"
    NO_CHANNEL_ID = "no_channel_id"
    COLUMNS_MISSING = "columns_missing"
    NOT_CSV = "not_csv"


@dataclass
class WrongLine(Exception):  # noqa: N818 - found, not failed at
    """The first line, counted from one, that is no membership, and why."""

    line: int
    fault: Fault
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamTable:
    """Teams in their order, of which a person may be wished into several."""

    teams: tuple[Team, ...]
    members: tuple[Membership, ...]


def read_table(lines: Iterable[str], source: TeamSource, *, needs_header: bool = True) -> TeamTable:
    """What *lines* say; raises ``WrongLine``.

    The columns are team, channel, time_zone, email and role (member or manager), in any order
    where the first line names them, else in this one.
    """
    teams: dict[str, Team] = {}
    members: dict[Membership, None] = {}
    for line, row in _rows(lines, needs_header=needs_header):
        team, member = _read(row, line)
        known = teams.setdefault(team.casefold(), _team(row, team, source, len(teams), line))
        members.setdefault(Membership(team=known.name, email=member[0], role=member[1]))
    return TeamTable(teams=tuple(teams.values()), members=tuple(members))


def named(text: str) -> str:
    """A team's name with single spaces in it and none around it."""
    return " ".join(text.split())


def is_zone(name: str) -> bool:
    return zone_named(name).key == name


def _rows(lines: Iterable[str], *, needs_header: bool) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(lines)
    columns: Sequence[str] | None = None
    try:
        for cells in reader:
            if columns is None:
                columns, is_header = _columns(cells, needs_header=needs_header)
                if is_header:
                    continue
            if any(map(str.strip, cells)):
                yield reader.line_num, _by_column(columns, cells)
    except csv.Error:
        raise WrongLine(reader.line_num, Fault.NOT_CSV) from None
    if columns is None and needs_header:
        raise WrongLine(1, Fault.COLUMNS_MISSING, COLUMNS)


def _columns(cells: Sequence[str], *, needs_header: bool) -> tuple[Sequence[str], bool]:
    names = [cell.strip().lower() for cell in cells]
    missing = tuple(name for name in COLUMNS if name not in names)
    if not missing:
        return names, True
    if needs_header or len(missing) < len(COLUMNS) - 1:
        raise WrongLine(1, Fault.COLUMNS_MISSING, missing)
    return COLUMNS, False


def _by_column(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    given = dict(zip(columns, cells, strict=False))
    return {name: given.get(name, "").strip() for name in COLUMNS}


def _read(row: dict[str, str], line: int) -> tuple[str, tuple[str, str]]:
    team, email, role = named(row["team"]), normalized_email(row["email"]), row["role"].lower()
    if not team:
        raise WrongLine(line, Fault.NO_TEAM)
    if len(team) > LONGEST_NAME:
        raise WrongLine(line, Fault.LONG_NAME)
    if email is None:
        raise WrongLine(line, Fault.NO_EMAIL)
    if role not in ROLES:
        raise WrongLine(line, Fault.NO_ROLE)
    return team, (email, role)


def _team(row: dict[str, str], name: str, source: TeamSource, position: int, line: int) -> Team:
    channel, zone = row["channel"] or None, row["time_zone"] or "UTC"
    if channel is not None and not _CHANNEL.fullmatch(channel):
        raise WrongLine(line, Fault.NO_CHANNEL_ID)
    if not is_zone(zone):
        raise WrongLine(line, Fault.NO_SUCH_ZONE)
    return Team(id=0, name=name, channel=channel, time_zone=zone, source=source, position=position)
