"""The teams' night: the operator's file, the user groups and the channels, each as far as it goes.

What fails holds nothing else up, and whoever was in a team stays in it meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.domain.audit import Action, AuditEntry
from bot.domain.team_table import Fault, TeamTable, WrongLine, read_table
from bot.domain.teams import ChannelProblem, MembersChanged, Team, TeamSource
from bot.errors import ChannelsUnreadableError, SettingsError, SourceError, UpshotError
from bot.ports import AuditStore, Channels, Clock, TeamStore, UserGroups
from bot.services.team_news import TeamNews

_UNREADABLE_AT_FIRST = 5
"""So many channels more that may not be seen than may are enough: the scope is missing."""
_WRONG: Mapping[Fault, str] = {
    Fault.NO_TEAM: "names no team",
    Fault.LONG_NAME: "has a team's name that is too long",
    Fault.NO_EMAIL: "has no e-mail address",
    Fault.NO_ROLE: "needs as role member or manager",
    Fault.NO_SUCH_ZONE: "has a time zone that there is not: write it as in Europe/Berlin",
    Fault.NO_CHANNEL_ID: "needs as channel its id, as in C0123456789",
    Fault.NOT_CSV: "is not CSV",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamUpkeep:
    teams: TeamStore
    teams_file: Path | None
    groups: UserGroups
    channels: Channels
    audit: AuditStore
    news: TeamNews
    clock: Clock

    async def run(self) -> list[UpshotError]:
        """Bring the teams up to date; what did not go, in words for the operator."""
        changes: list[MembersChanged] = []
        troubles: list[UpshotError] = []
        for part in (self._file, self._groups, self._channels):
            try:
                changes += await part(self.clock.now().date())
            except (SourceError, SettingsError) as trouble:
                troubles.append(trouble)
        await self.news.tell(changes)
        return troubles

    async def _file(self, today: date) -> list[MembersChanged]:
        if self.teams_file is None:
            return []
        table = read_file(self.teams_file)
        return await self.teams.sync(TeamSource.FILE, table.teams, table.members, today=today)

    async def _groups(self, today: date) -> list[MembersChanged]:
        teams = [team for team in await self.teams.all() if team.source is TeamSource.GROUP]
        wanted = {team.group for team in teams if team.group is not None}
        if not wanted:
            return []
        found = await self.groups.members(wanted)
        listed = {team.id: found.get(team.group or "") for team in teams}
        gone = [team for team in teams if listed[team.id] is None]
        changes = await self.teams.relist(
            {team: users for team, users in listed.items() if users is not None},
            ended=[team.id for team in gone],
            today=today,
        )
        for team in gone:
            await self._note_end(team)
        return changes

    async def _note_end(self, team: Team) -> None:
        entry = AuditEntry(
            at=self.clock.now(),
            actor=None,
            action=Action.TEAM_REMOVED,
            detail={"team": team.name},
        )
        await self.audit.append(entry)

    async def _channels(self, today: date) -> list[MembersChanged]:
        """Look again with whom channels are shared, and whether Upshot is in them."""
        known = {
            team.channel: team.channel_problem
            for team in await self.teams.all()
            if team.channel is not None
        }
        problems: dict[str, ChannelProblem | None] = {}
        hidden: list[str] = []
        try:
            for channel in known:
                if hidden and len(hidden) >= len(problems) + _UNREADABLE_AT_FIRST:
                    break
                try:
                    problems[channel] = await self.channels.problem_of(channel)
                except ChannelsUnreadableError:
                    hidden.append(channel)
        finally:
            seen = frozenset(problems)
            unseen = {channel: told for channel, told in known.items() if channel not in seen}
            await self.teams.note_channels({**problems, **_tried_anew(unseen, today)})
        return []


def _tried_anew(unseen: Mapping[str, str | None], today: date) -> dict[str, ChannelProblem | None]:
    """Where only a post can tell whether the bot is back in a channel, one a week is tried."""
    if today.weekday() != 0:
        return {}
    waiting = (ChannelProblem.NOT_IN, ChannelProblem.GONE)
    return {channel: None for channel, problem in unseen.items() if problem in waiting}


def read_file(path: Path) -> TeamTable:
    """The teams of the operator's file; raises ``SettingsError``."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return read_table(lines, TeamSource.FILE)
    except OSError:
        raise SettingsError("UPSHOT_TEAMS_FILE: the file cannot be read.") from None
    except UnicodeDecodeError:
        raise SettingsError("UPSHOT_TEAMS_FILE: the file is not CSV in UTF-8.") from None
    except WrongLine as wrong:
        raise SettingsError(f"UPSHOT_TEAMS_FILE: {_told(wrong)}") from None


def _told(wrong: WrongLine) -> str:
    if wrong.fault is Fault.COLUMNS_MISSING:
        return f"the columns {', '.join(wrong.missing)} are missing."
    return f"line {wrong.line} {_WRONG[wrong.fault]}."
