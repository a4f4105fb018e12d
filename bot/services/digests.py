"""Personal digests: made for each person from that person's rows, and put in the outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.cadences import last_closed
from bot.domain.delivery import DeliveryKind, NewDelivery, digest_topic
from bot.domain.digest import Digest, build_digest
from bot.domain.history import PersonalHistory
from bot.domain.messages import Message
from bot.domain.people import Person, PersonId
from bot.domain.periods import IsoWeek, Period, month_of
from bot.domain.preferences import Cadence, Preferences
from bot.domain.ratios import RATIO_WEEKS
from bot.domain.reach import concerning
from bot.domain.schedule import within_hours
from bot.ports import (
    AdministrationStore,
    Clock,
    DeliveryStore,
    PeopleStore,
    PersonalStore,
    PreferenceStore,
)
from bot.services.coaching import Coach, Coached

MONDAY = 0
RenderDigest = Callable[[Person, Digest], Message]
RenderWelcome = Callable[[Person], Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    people: PeopleStore
    personal: PersonalStore
    deliveries: DeliveryStore
    administration: AdministrationStore
    preferences: PreferenceStore
    coach: Coach
    clock: Clock
    sources: frozenset[str]
    """Those that are on: the others' figures stay, and nobody waits for them."""
    work_sources: frozenset[str] = frozenset()
    """Those of them that tell of finished work, and not of use."""

    async def plan_welcomes(self, render: RenderWelcome) -> int:
        """Tell whoever is new here what Upshot is, without a figure; digests start after that."""
        now = self.clock.now()
        thresholds = await self.administration.thresholds(now.date())
        hour = thresholds["digest_hour"]
        welcomes = [
            NewDelivery(
                kind=DeliveryKind.WELCOME,
                channel=person.slack_user_id,
                period_start=date.min,
                due_at=within_hours(now, person.time_zone, hour),
                message=render(person),
                person=person.id,
            )
            for person in await self.people.unwelcomed()
        ]
        return await self.deliveries.plan(welcomes, now)

    async def plan_period(
        self,
        cadence: Cadence,
        period: Period,
        people: Sequence[PersonId],
        render: RenderDigest,
    ) -> int:
        """Put the digests of *people* for *period* in the outbox, each once for good."""
        now = self.clock.now()
        thresholds = await self.administration.thresholds(now.date())
        readers = {person.id: person for person in await self.people.by_ids(people)}
        first = IsoWeek.of(period.last_day).back(RATIO_WEEKS - 1).monday
        histories = await self.personal.histories_of(list(readers), first, period.last_day)
        chosen = await self.preferences.of(list(readers))
        tips = await self._tips(cadence, period, histories, thresholds)

        def deliver(history: PersonalHistory) -> NewDelivery:
            tip, last_tip = tips.get(history.owner, (None, None))
            digest = self._digest(
                history, period, thresholds, chosen[history.owner], is_closed=True
            )
            digest = replace(digest, tip=tip, last_tip=last_tip)
            reader = readers[history.owner]
            return NewDelivery(
                kind=DeliveryKind.DIGEST,
                channel=reader.slack_user_id,
                period_start=period.first_day,
                due_at=within_hours(now, reader.time_zone, thresholds["digest_hour"]),
                message=render(reader, digest),
                person=reader.id,
                topic=digest_topic(cadence),
            )

        return await self.deliveries.plan([deliver(history) for history in histories], now)

    async def _tips(
        self,
        cadence: Cadence,
        period: Period,
        histories: Sequence[PersonalHistory],
        thresholds: Mapping[str, int],
    ) -> Mapping[PersonId, Coached]:
        """A tip is of a closed week: of daily digests the first of a new week has it."""
        if cadence is Cadence.DAILY and period.last_day.weekday() != MONDAY:
            return {}
        week = IsoWeek.last_closed(period.end)
        return await self.coach.prepare(histories, week, thresholds["tip_minimum_saving"])

    async def this_week(self, person: Person) -> Digest:
        """What *person* may see of the week that is running, asked in person."""
        week = IsoWeek.of(self.clock.now().date())
        return await self._own(person, week.period)

    async def this_month(self, person: Person) -> Digest:
        return await self._own(person, month_of(self.clock.now().date()))

    async def last_week(self, person: Person) -> Digest:
        week = last_closed(Cadence.WEEKLY, self.clock.now())
        return await self._own(person, week, is_closed=True)

    async def _own(self, person: Person, period: Period, *, is_closed: bool = False) -> Digest:
        today = self.clock.now().date()
        thresholds = await self.administration.thresholds(today)
        last = min(period.last_day, today)
        first = min(period.first_day, last - timedelta(weeks=RATIO_WEEKS))
        history = await self.personal.history_of(person.id, first, last)
        chosen = await self.preferences.own(person.id)
        return self._digest(history, period, thresholds, chosen, is_closed=is_closed)

    def _digest(
        self,
        history: PersonalHistory,
        period: Period,
        thresholds: Mapping[str, int],
        chosen: Preferences,
        *,
        is_closed: bool,
    ) -> Digest:
        return build_digest(
            concerning(history, self.sources, self.work_sources),
            period,
            is_closed=is_closed,
            minimum_outcomes=thresholds["minimum_outcomes"],
            usual_since=chosen.usual_since,
        )
