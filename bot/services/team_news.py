"""Telling of what changes about teams: their channels, once a change, and the audit log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.domain.audit import Action, AuditEntry
from bot.domain.delivery import DeliveryKind, NewDelivery
from bot.domain.messages import Message
from bot.domain.schedule import within_hours
from bot.domain.teams import ChannelProblem, MembersChanged, Team
from bot.ports import AuditStore, Clock, DeliveryStore, TeamStore

FIRST_HOUR = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamNews:
    """``render_changed`` and ``render_ended`` say it in the language of channels."""

    teams: TeamStore
    deliveries: DeliveryStore
    audit: AuditStore
    clock: Clock
    render_changed: Callable[[MembersChanged], Message]
    render_ended: Callable[[Team], Message]

    async def tell(self, changes: Iterable[MembersChanged], *, by: str | None = None) -> None:
        """Tell of *changes*, and of what was cut short before its channel was told."""
        latest = {change.team.id: change for change in changes}
        today = self.clock.now().date()
        waiting = {change.team.id: change for change in await self.teams.waiting(today)}
        ended = self._ended(await self.teams.ending(today))
        news = [*self._changed({**latest, **waiting}.values()), *ended]
        if news:
            await self.deliveries.plan(news, self.clock.now())
        for change in latest.values():
            await self.audit.append(self._entry(change, by))

    def _changed(self, changes: Iterable[MembersChanged]) -> Iterator[NewDelivery]:
        for change in changes:
            if change.team.ended_on is None:
                topic = f"+{change.joining} -{change.leaving}"
                told = self.render_changed(change)
                yield from self._to_channel(change.team, change.from_day, topic, told)

    def _ended(self, teams: Iterable[Team]) -> Iterator[NewDelivery]:
        for team in teams:
            if team.ended_on is not None:
                yield from self._to_channel(team, team.ended_on, "ends", self.render_ended(team))

    def _to_channel(
        self, team: Team, monday: date, topic: str, told: Message
    ) -> Iterator[NewDelivery]:
        if team.channel is not None and team.channel_problem != ChannelProblem.SHARED:
            yield NewDelivery(
                kind=DeliveryKind.ANNOUNCEMENT,
                channel=team.channel,
                period_start=monday,
                due_at=within_hours(self.clock.now(), team.time_zone, FIRST_HOUR),
                message=told,
                topic=f"team {team.id} {topic}",
            )

    def _entry(self, change: MembersChanged, by: str | None) -> AuditEntry:
        return AuditEntry(
            at=self.clock.now(),
            actor=by,
            action=Action.MEMBERS_CHANGED,
            detail={
                "team": change.team.name,
                "from": change.from_day.isoformat(),
                "joining": change.joining,
                "leaving": change.leaving,
            },
        )
