"""What admins may do: set thresholds, name admins, see how Upshot is doing; no person's use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.agreement import Agreement
from bot.domain.audit import AuditEntry, for_admins
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
from bot.domain.people import Person
from bot.domain.schedule import within_hours
from bot.domain.senders import is_sender
from bot.domain.teams import ChannelProblem, Team
from bot.domain.thresholds import find
from bot.errors import NotAllowedError
from bot.ports import (
    AdministrationStore,
    AuditStore,
    Clock,
    DeliveryStore,
    HealthStore,
    NudgeStore,
    PeopleStore,
    TeamStore,
)

COUNTED = timedelta(weeks=4)
RenderAnnouncement = Callable[[ThresholdValue, str], Message]
RenderAgreement = Callable[[Agreement | None], Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """``bootstrap`` are the admins named in the settings; they cannot be removed from Slack."""

    store: AdministrationStore
    audit_log: AuditStore
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
        if await self.people.has_left(slack_user_id):
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
        """Set what *text* says; raises ``InvalidThresholdError`` where that is out of bounds, and
        ``FixedByAgreementError`` where an agreement forbids it.

        What guards privacy takes effect with the next ISO week, or quarter where it guards less,
        and the teams' channels hear of it.
        """
        threshold = find(name)
        value = threshold.parse(text)
        if self.agreement is not None:
            self.agreement.require(threshold, value)
        now = self.clock.now()
        told = await self.teams.all() if threshold.guards_privacy else []

        def announce(changed: ThresholdValue, number: int) -> list[NewDelivery]:
            return self._announcements(told, render(changed, by), f"threshold-{number}")

        return await self.store.set_threshold(threshold.name, value, now.date(), by, now, announce)

    @property
    def agreement(self) -> Agreement | None:
        return self.store.agreement

    async def note_agreement(self, render: RenderAgreement) -> bool:
        """Tell everybody where the agreement is another than was last seen, or gone."""
        teams = await self.teams.all()

        def announce(number: int) -> list[NewDelivery]:
            return self._announcements(teams, render(self.agreement), f"agreement-{number}")

        return await self.store.note_agreement(self.clock.now(), announce)

    async def audit(self, most: int) -> list[AuditEntry]:
        """What was done last, newest first; nobody is named who used a right of their own."""
        return [for_admins(entry) for entry in await self.audit_log.latest(most)]

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
            agreement=self.agreement,
            silent=tuple(
                (team.name, team.channel_problem)
                for team in await self.teams.all()
                if team.channel_problem is not None
            ),
        )

    async def privacy(self, person: Person) -> PrivacyFacts:
        today = self.clock.now().date()
        thresholds = await self.store.thresholds(today)
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
            retention_days=thresholds["retention_days"],
            is_strict=bool(thresholds["strict_mode"]),
            agreement=self.agreement,
            homes=tuple(filter(None, await self.teams.home_of(person.id, today))),
        )

    def _announcements(
        self, teams: Sequence[Team], message: Message, topic: str
    ) -> list[NewDelivery]:
        now = self.clock.now()
        return [
            NewDelivery(
                kind=DeliveryKind.ANNOUNCEMENT,
                channel=team.channel,
                period_start=now.date(),
                due_at=within_hours(now, team.time_zone, 9),
                message=message,
                topic=topic,
            )
            for team in teams
            if team.channel is not None and team.channel_problem != ChannelProblem.SHARED
        ]
