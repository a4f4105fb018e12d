"""What admins do with teams: add, remove, order and import them; nobody's figures."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.domain.audit import Action, AuditEntry
from bot.domain.team_lists import Imported, NewTeam, TeamRefusal, TeamRefused
from bot.domain.team_table import LONGEST_NAME, TeamTable, named, read_table
from bot.domain.teams import (
    ChannelProblem,
    MembersChanged,
    Membership,
    Team,
    TeamListing,
    TeamSource,
)
from bot.errors import ChannelsUnreadableError, GroupsUnreadableError, SourceError
from bot.ports import AuditStore, Channels, Clock, PeopleStore, TeamStore, UserGroups
from bot.services.team_news import TeamNews


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLists:
    """Everything here raises ``TeamRefused`` where nothing was changed."""

    teams: TeamStore
    people: PeopleStore
    groups: UserGroups
    channels: Channels
    audit: AuditStore
    news: TeamNews
    clock: Clock

    async def listings(self) -> list[TeamListing]:
        return await self.teams.listings(self.clock.now().date())

    async def add(self, wished: NewTeam, *, by: str) -> Team:
        """Make a user group a team, or give the team of that name another group or channel."""
        name = await self._name(wished.name)
        for manager in wished.managers:
            if await self.people.find(manager) is None:
                raise TeamRefused(TeamRefusal.MANAGER_UNKNOWN, manager)
        users, problem = await asyncio.gather(
            self._users(wished.group),
            self._problem(wished.channel, confirmed=wished.confirmed),
        )
        team = Team(
            id=0,
            name=name,
            channel=wished.channel,
            time_zone=wished.time_zone,
            source=TeamSource.GROUP,
            group=wished.group,
        )
        listed = [_listed(name, user, "member") for user in sorted(users)]
        listed += [_listed(name, user, "manager") for user in wished.managers]
        changes = await self.teams.put(
            TeamSource.GROUP, [team], listed, today=self.clock.now().date()
        )
        if wished.channel is not None:
            await self.teams.note_channels({wished.channel: problem})
        await self._done(Action.TEAM_ADDED, {"team": name}, changes, by=by)
        return await self._find(name)

    async def remove(self, name: str, *, by: str) -> Team:
        """Let a team end with the week; as it will be then."""
        team = await self._find(name)
        if team.source is TeamSource.FILE:
            raise TeamRefused(TeamRefusal.OF_THE_FILE, team.name)
        today = self.clock.now().date()
        changes = await self.teams.relist({}, ended=[team.id], today=today)
        await self._done(Action.TEAM_REMOVED, {"team": team.name}, changes, by=by)
        [ended] = [known for known in await self.teams.ending(today) if known.id == team.id]
        return ended

    async def move(self, name: str, place: int, *, by: str) -> Team:
        """Give a team another *place* in the order of all, counted from one."""
        team, teams = await self._find(name), await self.teams.all()
        if team.source is TeamSource.FILE:
            raise TeamRefused(TeamRefusal.OF_THE_FILE, team.name)
        if not 1 <= place <= len(teams) or teams[place - 1].source is not team.source:
            raise TeamRefused(TeamRefusal.NO_SUCH_PLACE, str(place))
        order = [known for known in teams if known.id != team.id]
        order.insert(place - 1, team)
        same = [known.id for known in order if known.source is team.source]
        changes = await self.teams.reorder(same, today=self.clock.now().date())
        await self.news.tell(changes, by=by)
        return team

    async def import_lines(self, pasted: str, *, confirmed: bool, by: str) -> Imported:
        """Add the teams of CSV lines, or replace those of the same name that were imported.

        Raises ``WrongLine`` too.
        """
        read = read_table(pasted.splitlines(keepends=True), TeamSource.IMPORT, needs_header=False)
        table = await self._importable(read, confirmed=confirmed)
        changes = await self.teams.put(
            TeamSource.IMPORT, table.teams, table.members, today=self.clock.now().date()
        )
        await self._done(Action.TEAMS_IMPORTED, {"teams": len(table.teams)}, changes, by=by)
        addresses = dict.fromkeys(str(member.email) for member in table.members)
        known = await self.people.addresses()
        unknown = tuple(address for address in addresses if address not in known)
        return Imported(teams=table.teams, people=len(addresses) - len(unknown), unknown=unknown)

    async def _importable(self, table: TeamTable, *, confirmed: bool) -> TeamTable:
        """*table* with the names as they are spelled in teams that there are already."""
        if not table.teams:
            raise TeamRefused(TeamRefusal.NAME_MISSING)
        spelled: dict[str, str] = {}
        for team in await self.teams.all():
            if team.source is TeamSource.IMPORT:
                spelled[team.name.casefold()] = team.name
            elif any(wished.name.casefold() == team.name.casefold() for wished in table.teams):
                raise TeamRefused(TeamRefusal.NAME_TAKEN, team.name)
        channels = dict.fromkeys(team.channel for team in table.teams)
        await asyncio.gather(*(self._problem(c, confirmed=confirmed) for c in channels))
        return _respelled(table, spelled)

    async def _name(self, typed: str) -> str:
        """The name as it is to be, which no team of another source may have."""
        name = named(typed)
        if not name:
            raise TeamRefused(TeamRefusal.NAME_MISSING)
        if len(name) > LONGEST_NAME:
            raise TeamRefused(TeamRefusal.NAME_TOO_LONG)
        for team in _called(name, await self.teams.all()):
            if team.source is not TeamSource.GROUP:
                raise TeamRefused(TeamRefusal.NAME_TAKEN, team.name)
            return team.name
        return name

    async def _users(self, group: str | None) -> frozenset[str]:
        if group is None:
            raise TeamRefused(TeamRefusal.GROUP_MISSING)
        try:
            users = (await self.groups.members([group]))[group]
        except GroupsUnreadableError:
            raise TeamRefused(TeamRefusal.GROUPS_UNREADABLE) from None
        except SourceError:
            raise TeamRefused(TeamRefusal.SLACK_SILENT) from None
        if users is None:
            raise TeamRefused(TeamRefusal.GROUP_GONE)
        return users

    async def _problem(self, channel: str | None, *, confirmed: bool) -> ChannelProblem | None:
        """What there still is to do about a channel that nobody from outside reads."""
        if channel is None:
            return None
        try:
            problem = await self.channels.problem_of(channel)
        except ChannelsUnreadableError:
            if confirmed:
                return None
            raise TeamRefused(TeamRefusal.CHANNEL_UNSEEN, channel) from None
        except SourceError:
            raise TeamRefused(TeamRefusal.SLACK_SILENT) from None
        if problem is ChannelProblem.SHARED:
            raise TeamRefused(TeamRefusal.CHANNEL_SHARED, channel)
        if problem is ChannelProblem.GONE:
            raise TeamRefused(TeamRefusal.CHANNEL_GONE, channel)
        return problem

    async def _find(self, name: str) -> Team:
        for team in _called(name, await self.teams.all()):
            return team
        raise TeamRefused(TeamRefusal.NOT_FOUND, named(name))

    async def _done(
        self,
        action: Action,
        detail: dict[str, str | int],
        changes: list[MembersChanged],
        *,
        by: str,
    ) -> None:
        entry = AuditEntry(at=self.clock.now(), actor=by, action=action, detail=detail)
        await self.audit.append(entry)
        await self.news.tell(changes, by=by)


def _called(name: str, teams: Iterable[Team]) -> Iterable[Team]:
    wanted = named(name).casefold()
    return (team for team in teams if team.name.casefold() == wanted)


def _listed(team: str, user: str, role: str) -> Membership:
    return Membership(team=team, role=role, slack_user_id=user)


def _respelled(table: TeamTable, spelled: Mapping[str, str]) -> TeamTable:
    def known(name: str) -> str:
        return spelled.get(name.casefold(), name)

    return TeamTable(
        teams=tuple(replace(team, name=known(team.name)) for team in table.teams),
        members=tuple(replace(member, team=known(member.team)) for member in table.members),
    )
