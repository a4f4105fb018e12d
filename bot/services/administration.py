"""What admins may do: set thresholds, name admins, see how Upshot is doing; no person's use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.delivery import DeliveryKind, NewDelivery
from bot.domain.health import (
    DIRECTORY,
    FEWEST_TOLD,
    PrivacyFacts,
    SourceHealth,
    Status,
    ThresholdValue,
)
from bot.domain.messages import Message
from bot.domain.periods import IsoWeek
from bot.domain.schedule import within_hours
from bot.domain.senders import is_sender
from bot.domain.thresholds import Threshold, find
from bot.errors import NotAllowedError
from bot.ports import (
    AdministrationStore,
    Clock,
    DeliveryStore,
    HealthStore,
    NudgeStore,
    PeopleStore,
    TeamStore,
)

COUNTED = timedelta(weeks=4)
RenderAnnouncement = Callable[[ThresholdValue, str], Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """``bootstrap`` are the admins named in the settings; they cannot be removed from Slack."""

    store: AdministrationStore
    health: HealthStore
    people: PeopleStore
    teams: TeamStore
    deliveries: DeliveryStore
    nudges: NudgeStore
    clock: Clock
    bootstrap: tuple[str, ...]
    sources: Mapping[str, str]
    """The title of every source that is on, by its name."""
    weaker: tuple[str, ...] = ()

    async def require_admin(self, slack_user_id: str) -> None:
        """Raise ``NotAllowedError`` unless this is one of our admins, at this very moment."""
        if slack_user_id not in await self.admins():
            raise NotAllowedError

    async def admins(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self.bootstrap, *await self.store.admins()]))

    async def add_admin(self, slack_user_id: str, *, by: str) -> None:
        await self.store.add_admin(slack_user_id, by, self.clock.now())

    async def remove_admin(self, slack_user_id: str, *, by: str) -> bool:
        """``False`` where the admin is named in the settings, which the operator has to change."""
        if slack_user_id in self.bootstrap:
            return False
        await self.store.remove_admin(slack_user_id, by, self.clock.now())
        return True

    async def thresholds(self) -> list[ThresholdValue]:
        return await self.store.threshold_values(self.clock.now().date())

    async def set_threshold(
        self, name: str, text: str, *, by: str, render: RenderAnnouncement
    ) -> ThresholdValue:
        """Set what *text* says; raises ``InvalidThresholdError`` where that is out of bounds.

        What guards privacy takes effect with the next ISO week, and the teams' channels hear of it.
        """
        threshold = find(name)
        value = threshold.parse(text)
        now = self.clock.now()
        effective_on = _effective_on(threshold, now.date())
        await self.store.set_threshold(threshold.name, value, effective_on, by, now)
        [changed] = [v for v in await self.thresholds() if v.name == threshold.name]
        if threshold.guards_privacy:
            await self._announce(changed, by, render)
        return changed

    async def source_health(self) -> tuple[SourceHealth, ...]:
        known = await self.health.sources()
        asked = (
            replace(known.get(name, SourceHealth(name=name, title=title, is_on=True)), title=title)
            for name, title in self.sources.items()
        )
        return (*asked, *(health for name, health in known.items() if is_sender(name)))

    async def status(self) -> Status:
        now = self.clock.now()
        counts = await self.deliveries.counts(now)
        nudged = await self.nudges.people_nudged(now.date() - COUNTED)
        return Status(
            now=now,
            last_tick=await self.health.last_tick(),
            people=await self.people.count(),
            sources=await self.source_health(),
            deliveries=counts,
            overdue=counts.planned + counts.unknown,
            nudged=nudged if nudged >= FEWEST_TOLD else None,
            weaker=self.weaker,
        )

    async def privacy(self) -> PrivacyFacts:
        thresholds = await self.store.thresholds(self.clock.now().date())
        through = dict(await self.health.data_through())
        senders = {name: name for name in through if is_sender(name)}
        every = {**self.sources, **senders}
        return PrivacyFacts(
            minimum_group_size=thresholds["minimum_group_size"],
            dominance_percent=thresholds["dominance_share"],
            settle_days=thresholds["settle_days"],
            sources=tuple(title for name, title in every.items() if name != DIRECTORY),
            admins=await self.admins(),
            data_through=tuple((name, through.get(name)) for name in every if name != DIRECTORY),
        )

    async def _announce(self, changed: ThresholdValue, by: str, render: RenderAnnouncement) -> None:
        now = self.clock.now()
        announcements = [
            NewDelivery(
                kind=DeliveryKind.ANNOUNCEMENT,
                channel=team.channel,
                period_start=now.date(),
                due_at=within_hours(now, team.time_zone, 9),
                message=render(changed, by),
                topic=f"{changed.name}={changed.next_value}",
            )
            for team in await self.teams.all()
            if team.channel is not None
        ]
        await self.deliveries.plan(announcements, now)


def _effective_on(threshold: Threshold, today: date) -> date:
    if not threshold.guards_privacy:
        return today
    return IsoWeek.of(today).monday + timedelta(weeks=1)
