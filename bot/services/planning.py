"""What is due now: the clock's one question, answered from state alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.cadences import TELLING
from bot.domain.health import DIRECTORY
from bot.domain.night import (
    CollectDay,
    CollectOutcomes,
    Deliver,
    Night,
    PlanDigests,
    ReleaseWeek,
    Retain,
    SettleAssertions,
    SettleOutcomes,
    SyncDirectory,
    TellTeam,
    Watch,
    WatchToday,
    Welcome,
    Work,
    due_days,
)
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek, Period
from bot.domain.preferences import Cadence
from bot.domain.retention import Cutoffs
from bot.domain.schedule import latest_due, latest_due_week, within_hours
from bot.ports import (
    AdministrationStore,
    Clock,
    DeliveryStore,
    HealthStore,
    LedgerStore,
    OutcomeSource,
    PeopleStore,
    TeamStore,
    UsageProvider,
    UsageStore,
)

SHARD = 200
MOST_LANES = 4
NOTES_KEEP = timedelta(days=3)
"""A nudge or a budget note that could not be sent for so long is old news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Where the state is that the clock compares with the time."""

    usage: UsageStore
    people: PeopleStore
    teams: TeamStore
    ledger: LedgerStore
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
    has_telemetry: bool = False

    async def due(self) -> list[Work]:
        """What may run now. Messages wait until every source that answers has been asked."""
        now = self.clock.now()
        done = await self.stores.health.steps_done(Night.at(now).day)
        gathering = await self._gathering(now, done)
        if gathering:
            return [*gathering, *await self._deliveries(now)]
        if "settle" not in done:
            return [SettleOutcomes(), *await self._deliveries(now)]
        return [
            *await self._messages(now, done),
            *_upkeep(now, done),
            *await self._deliveries(now),
        ]

    async def _gathering(self, now: datetime, done: frozenset[str]) -> list[Work]:
        resting = await self.stores.health.resting(self.real_now())
        thresholds = await self.stores.administration.thresholds(now.date())
        kept_from = Cutoffs.on(now.date(), thresholds["retention_days"]).facts
        work: list[Work] = []
        if self.has_slack and "directory" not in done and DIRECTORY not in resting:
            work.append(SyncDirectory())
        for provider in self.providers:
            if provider.name not in resting:
                work += await self._days_of(provider, now, kept_from)
        work += [
            CollectOutcomes(source.name)
            for source in self.sources
            if source.name not in resting and f"outcomes {source.name}" not in done
        ]
        return work

    async def _days_of(
        self, provider: UsageProvider, now: datetime, kept_from: date
    ) -> list[CollectDay]:
        known = await self.stores.usage.known_days(provider.name)
        due = due_days(
            known,
            now,
            provider.freshness,
            backfill_days=self.backfill_days,
            kept_from=kept_from,
        )
        return [CollectDay(provider.name, day) for day in due]

    async def _messages(self, now: datetime, done: frozenset[str]) -> list[Work]:
        if not self.has_slack:
            return []
        thresholds = await self.stores.administration.thresholds(now.date())
        welcomes = [Welcome()] if await self.stores.people.unwelcomed() else []
        digests = await self._digests(now, thresholds)
        watches = await self._watches(now, done)
        return [*welcomes, *digests, *watches, *await self._releases(now, thresholds)]

    async def _digests(self, now: datetime, thresholds: dict[str, int]) -> list[PlanDigests]:
        return [
            PlanDigests(cadence, period, shard)
            for (cadence, period), zones in (await self._latest(now, thresholds)).items()
            for shard in _shards(await self.stores.people.without_digest(cadence, period, zones))
        ]

    async def _latest(
        self, now: datetime, thresholds: dict[str, int]
    ) -> dict[tuple[Cadence, Period], list[str]]:
        """The periods of which it is time to tell, and the time zones in which it is."""
        day, hour = thresholds["digest_day"], thresholds["digest_hour"]
        zones: defaultdict[tuple[Cadence, Period], list[str]] = defaultdict(list)
        known = await self.stores.people.time_zones()
        for cadence in TELLING:
            for zone in known:
                period = latest_due(cadence, now, zone, weekday=day, hour=hour)
                zones[cadence, period].append(zone)
        return zones

    async def _watches(self, now: datetime, done: frozenset[str]) -> list[Watch | WatchToday]:
        through = Night.at(now).through
        people = await self.stores.people.unwatched(through)
        watches: list[Watch | WatchToday] = [Watch(through, shard) for shard in _shards(people)]
        today = WatchToday(now.hour)
        if self.has_telemetry and today.step not in done:
            watches.append(today)
        return watches

    async def _releases(
        self, now: datetime, thresholds: dict[str, int]
    ) -> list[ReleaseWeek | TellTeam]:
        """A week is released when its first team is due; each is told when its own time comes."""
        day, hour = thresholds["summary_day"], thresholds["summary_hour"]
        due = {
            team.id: latest_due_week(now, team.time_zone, weekday=day, hour=hour)
            for team in await self.stores.teams.of_week(IsoWeek.last_closed(now))
        }
        work: list[ReleaseWeek | TellTeam] = []
        for week in sorted(set(due.values())):
            if await self.stores.ledger.released(week):
                to_tell = await self.stores.ledger.to_tell(week)
                work += [TellTeam(t, week) for t, w in due.items() if w == week and t in to_tell]
            else:
                work.append(ReleaseWeek(week))
        return work

    async def _deliveries(self, now: datetime) -> list[Deliver]:
        if not self.has_slack:
            return []
        if not await self.stores.deliveries.open_count(now, self.real_now()):
            return []
        thresholds = await self.stores.administration.thresholds(now.date())
        # After a long sleep, what waits from before is old news.
        await self.stores.deliveries.skip_notes(now - NOTES_KEEP)
        for (cadence, period), zones in (await self._latest(now, thresholds)).items():
            await self.stores.deliveries.skip_before(cadence, period.first_day, zones)
        for zone in await self.stores.people.time_zones():
            day = within_hours(now, zone, thresholds["digest_hour"])
            if day > now:
                await self.stores.deliveries.postpone(zone, now, day)
        waiting = await self.stores.deliveries.open_count(now, self.real_now())
        lanes = min(MOST_LANES, -(-waiting // SHARD))
        return [Deliver(lane) for lane in range(lanes)]


def _upkeep(now: datetime, done: frozenset[str]) -> Iterator[Work]:
    """What nobody waits for."""
    assertions = SettleAssertions(now.hour)
    if assertions.step not in done:
        yield assertions
    if "retain" not in done:
        yield Retain()


def _shards(people: Sequence[PersonId]) -> Iterator[tuple[PersonId, ...]]:
    for start in range(0, len(people), SHARD):
        yield tuple(people[start : start + SHARD])
