"""What is due now: the clock's one question, answered from state alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

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
from bot.domain.schedule import DigestTime, latest_due, latest_due_week, within_hours
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
class Look:
    """The moment of one look, what its night has done already, and the thresholds of its day."""

    now: datetime
    done: frozenset[str]
    thresholds: Mapping[str, int]


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
        look = Look(
            now=now,
            done=await self.stores.health.steps_done(Night.at(now).day),
            thresholds=await self.stores.administration.thresholds(now.date()),
        )
        gathering = await self._gathering(look)
        if gathering:
            return [*gathering, *await self._deliveries(look)]
        if "settle" not in look.done:
            return [SettleOutcomes(), *await self._deliveries(look)]
        return [
            *await self._messages(look),
            *_upkeep(look),
            *await self._deliveries(look),
        ]

    async def _gathering(self, look: Look) -> list[Work]:
        resting = await self.stores.health.resting(self.real_now())
        work: list[Work] = []
        if self.has_slack and "directory" not in look.done and DIRECTORY not in resting:
            work.append(SyncDirectory())
        work += await self._days(look, [p for p in self.providers if p.name not in resting])
        work += [
            CollectOutcomes(source.name)
            for source in self.sources
            if source.name not in resting and f"outcomes {source.name}" not in look.done
        ]
        return work

    async def _days(self, look: Look, providers: Sequence[UsageProvider]) -> list[CollectDay]:
        known = await self.stores.usage.known_days([provider.name for provider in providers])
        kept_from = Cutoffs.on(look.now.date(), look.thresholds["retention_days"]).facts
        return [
            CollectDay(provider.name, day)
            for provider in providers
            for day in due_days(
                known[provider.name],
                look.now,
                provider.freshness,
                backfill_days=self.backfill_days,
                kept_from=kept_from,
            )
        ]

    async def _messages(self, look: Look) -> list[Work]:
        if not self.has_slack:
            return []
        welcomes = [Welcome()] if await self.stores.people.unwelcomed() else []
        digests = await self._digests(look)
        watches = await self._watches(look)
        return [*welcomes, *digests, *watches, *await self._releases(look)]

    async def _digests(self, look: Look) -> list[PlanDigests]:
        latest = await self._latest(look)
        without = await self.stores.people.without_digest(latest)
        return [
            PlanDigests(cadence, period, shard)
            for cadence, period in latest
            for shard in _shards(without[cadence, period])
        ]

    async def _latest(self, look: Look) -> dict[tuple[Cadence, Period], list[DigestTime]]:
        """The periods of which it is time to tell, and the readers' times at which it is."""
        shared_day, hour = look.thresholds["digest_day"], look.thresholds["digest_hour"]
        times: defaultdict[tuple[Cadence, Period], list[DigestTime]] = defaultdict(list)
        known = await self.stores.people.digest_times()
        for cadence in TELLING:
            for at in known:
                day = shared_day if at.own_day is None else at.own_day
                period = latest_due(cadence, look.now, at.time_zone, weekday=day, hour=hour)
                times[cadence, period].append(at)
        return times

    async def _watches(self, look: Look) -> list[Watch | WatchToday]:
        through = Night.at(look.now).through
        people = await self.stores.people.unwatched(through)
        watches: list[Watch | WatchToday] = [Watch(through, shard) for shard in _shards(people)]
        today = WatchToday(look.now.hour)
        if self.has_telemetry and today.step not in look.done:
            watches.append(today)
        return watches

    async def _releases(self, look: Look) -> list[ReleaseWeek | TellTeam]:
        """A week is released when its first team is due; each is told when its own time comes."""
        day, hour = look.thresholds["summary_day"], look.thresholds["summary_hour"]
        due = {
            team.id: latest_due_week(look.now, team.time_zone, weekday=day, hour=hour)
            for team in await self.stores.teams.of_week(IsoWeek.last_closed(look.now))
        }
        work: list[ReleaseWeek | TellTeam] = []
        for week in sorted(set(due.values())):
            if await self.stores.ledger.released(week):
                to_tell = await self.stores.ledger.to_tell(week)
                work += [TellTeam(t, week) for t, w in due.items() if w == week and t in to_tell]
            else:
                work.append(ReleaseWeek(week))
        return work

    async def _deliveries(self, look: Look) -> list[Deliver]:
        if not self.has_slack:
            return []
        if not await self.stores.deliveries.open_count(look.now, self.real_now()):
            return []
        await self._put_off(look)
        waiting = await self.stores.deliveries.open_count(look.now, self.real_now())
        lanes = min(MOST_LANES, -(-waiting // SHARD))
        return [Deliver(lane) for lane in range(lanes)]

    async def _put_off(self, look: Look) -> None:
        """After a long sleep, what waits from before is old news; and nobody is woken at night."""
        await self.stores.deliveries.skip_notes(look.now - NOTES_KEEP)
        latest = await self._latest(look)
        await self.stores.deliveries.skip_before(latest)
        hour = look.thresholds["digest_hour"]
        zones = sorted({at.time_zone for times in latest.values() for at in times})
        mornings = {zone: within_hours(look.now, zone, hour) for zone in zones}
        asleep = {zone: morning for zone, morning in mornings.items() if morning > look.now}
        if asleep:
            await self.stores.deliveries.postpone(asleep, look.now)


def _upkeep(look: Look) -> Iterator[Work]:
    """What nobody waits for."""
    assertions = SettleAssertions(look.now.hour)
    if assertions.step not in look.done:
        yield assertions
    if "retain" not in look.done:
        yield Retain()


def _shards(people: Sequence[PersonId]) -> Iterator[tuple[PersonId, ...]]:
    for start in range(0, len(people), SHARD):
        yield tuple(people[start : start + SHARD])
