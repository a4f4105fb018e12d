"""What is due now: the clock's one question, answered from state alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.health import DIRECTORY
from bot.domain.night import (
    CollectDay,
    CollectOutcomes,
    Deliver,
    Night,
    PlanDigests,
    ReleaseTeam,
    SettleOutcomes,
    SyncDirectory,
    Welcome,
    Work,
    due_days,
)
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek, midnight
from bot.domain.schedule import latest_due_week, within_hours
from bot.ports import (
    AdministrationStore,
    Clock,
    DeliveryStore,
    HealthStore,
    OutcomeSource,
    PeopleStore,
    TeamStore,
    UsageProvider,
    UsageStore,
)

SHARD = 200
MOST_LANES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Where the state is that the clock compares with the time."""

    usage: UsageStore
    people: PeopleStore
    teams: TeamStore
    deliveries: DeliveryStore
    health: HealthStore
    administration: AdministrationStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    stores: Stores
    providers: Sequence[UsageProvider]
    sources: Sequence[OutcomeSource]
    clock: Clock
    real_now: Callable[[], datetime]
    backfill_days: int
    has_slack: bool

    async def due(self) -> list[Work]:
        """What may run now. Messages wait until every source that answers has been asked."""
        now = self.clock.now()
        done = await self.stores.health.steps_done(Night.at(now).day)
        gathering = await self._gathering(now, done)
        if gathering:
            return [*gathering, *await self._deliveries(now)]
        if "settle" not in done:
            return [SettleOutcomes(), *await self._deliveries(now)]
        return [*await self._messages(now), *await self._deliveries(now)]

    async def _gathering(self, now: datetime, done: frozenset[str]) -> list[Work]:
        resting = await self.stores.health.resting(self.real_now())
        work: list[Work] = []
        if self.has_slack and "directory" not in done and DIRECTORY not in resting:
            work.append(SyncDirectory())
        for provider in self.providers:
            if provider.name not in resting:
                work += await self._days_of(provider, now)
        work += [
            CollectOutcomes(source.name)
            for source in self.sources
            if source.name not in resting and f"outcomes {source.name}" not in done
        ]
        return work

    async def _days_of(self, provider: UsageProvider, now: datetime) -> list[CollectDay]:
        known = await self.stores.usage.known_days(provider.name)
        due = due_days(known, now, provider.freshness, backfill_days=self.backfill_days)
        return [CollectDay(provider.name, day) for day in due]

    async def _messages(self, now: datetime) -> list[Work]:
        if not self.has_slack:
            return []
        thresholds = await self.stores.administration.thresholds(now.date())
        welcomes = [Welcome()] if await self.stores.people.unwelcomed() else []
        digests = await self._digests(now, thresholds)
        return [*welcomes, *digests, *await self._releases(now, thresholds)]

    async def _digests(self, now: datetime, thresholds: dict[str, int]) -> list[PlanDigests]:
        return [
            PlanDigests(week, shard)
            for week, zones in (await self._latest_weeks(now, thresholds)).items()
            for shard in _shards(
                await self.stores.people.without_digest(week.monday, midnight(week.monday), zones)
            )
        ]

    async def _latest_weeks(
        self, now: datetime, thresholds: dict[str, int]
    ) -> dict[IsoWeek, list[str]]:
        """The week of which it is time to tell, and the time zones in which it is."""
        day, hour = thresholds["digest_day"], thresholds["digest_hour"]
        zones: defaultdict[IsoWeek, list[str]] = defaultdict(list)
        for zone in await self.stores.people.time_zones():
            zones[latest_due_week(now, zone, weekday=day, hour=hour)].append(zone)
        return zones

    async def _releases(self, now: datetime, thresholds: dict[str, int]) -> list[ReleaseTeam]:
        day, hour = thresholds["summary_day"], thresholds["summary_hour"]
        due = [
            ReleaseTeam(team.id, latest_due_week(now, team.time_zone, weekday=day, hour=hour))
            for team in await self.stores.teams.all()
        ]
        told = {
            week: await self.stores.teams.teams_told(week.monday)
            for week in {item.week for item in due}
        }
        return [item for item in due if item.team not in told[item.week]]

    async def _deliveries(self, now: datetime) -> list[Deliver]:
        if not self.has_slack:
            return []
        if not await self.stores.deliveries.open_count(now, self.real_now()):
            return []
        thresholds = await self.stores.administration.thresholds(now.date())
        for week, zones in (await self._latest_weeks(now, thresholds)).items():
            # After a long sleep, what waits from before is old news.
            await self.stores.deliveries.skip_before(week.monday, zones)
            for zone in zones:
                day = within_hours(now, zone, thresholds["digest_hour"])
                if day > now:
                    await self.stores.deliveries.postpone(zone, now, day)
        waiting = await self.stores.deliveries.open_count(now, self.real_now())
        lanes = min(MOST_LANES, -(-waiting // SHARD))
        return [Deliver(lane) for lane in range(lanes)]


def _shards(people: Sequence[PersonId]) -> Iterator[tuple[PersonId, ...]]:
    for start in range(0, len(people), SHARD):
        yield tuple(people[start : start + SHARD])
