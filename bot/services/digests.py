"""Personal digests: made for each person from that person's rows, and put in the outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.delivery import DeliveryKind, NewDelivery
from bot.domain.digest import Digest, build_digest
from bot.domain.history import PersonalHistory
from bot.domain.messages import Message
from bot.domain.people import Person, PersonId
from bot.domain.periods import IsoWeek, Period, month_of
from bot.domain.ratios import RATIO_WEEKS
from bot.domain.schedule import within_hours
from bot.domain.senders import is_sender
from bot.ports import AdministrationStore, Clock, DeliveryStore, PeopleStore, PersonalStore

RenderDigest = Callable[[Person, Digest], Message]
RenderWelcome = Callable[[Person], Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    people: PeopleStore
    personal: PersonalStore
    deliveries: DeliveryStore
    administration: AdministrationStore
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

    async def plan_week(
        self, week: IsoWeek, people: Sequence[PersonId], render: RenderDigest
    ) -> int:
        """Put the digests of *people* for *week* in the outbox, each once for good."""
        now = self.clock.now()
        thresholds = await self.administration.thresholds(now.date())
        readers = {person.id: person for person in await self.people.by_ids(people)}
        first = week.back(RATIO_WEEKS - 1).monday
        histories = await self.personal.histories_of(list(readers), first, week.period.last_day)

        def deliver(history: PersonalHistory) -> NewDelivery:
            digest = self._digest(history, week.period, thresholds, is_closed=True)
            reader = readers[history.owner]
            return NewDelivery(
                kind=DeliveryKind.DIGEST,
                channel=reader.slack_user_id,
                period_start=week.monday,
                due_at=within_hours(now, reader.time_zone, thresholds["digest_hour"]),
                message=render(reader, digest),
                person=reader.id,
            )

        return await self.deliveries.plan([deliver(history) for history in histories], now)

    async def this_week(self, person: Person) -> Digest:
        """What *person* may see of the week that is running, asked in person."""
        week = IsoWeek.of(self.clock.now().date())
        return await self._own(person, week.period)

    async def this_month(self, person: Person) -> Digest:
        return await self._own(person, month_of(self.clock.now().date()))

    async def last_week(self, person: Person) -> Digest:
        week = IsoWeek.last_closed(self.clock.now())
        return await self._own(person, week.period, is_closed=True)

    async def _own(self, person: Person, period: Period, *, is_closed: bool = False) -> Digest:
        today = self.clock.now().date()
        thresholds = await self.administration.thresholds(today)
        last = min(period.last_day, today)
        first = min(period.first_day, last - timedelta(weeks=RATIO_WEEKS))
        history = await self.personal.history_of(person.id, first, last)
        return self._digest(history, period, thresholds, is_closed=is_closed)

    def _digest(
        self,
        history: PersonalHistory,
        period: Period,
        thresholds: Mapping[str, int],
        *,
        is_closed: bool,
    ) -> Digest:
        through = tuple(
            (name, day) for name, day in history.data_through if self._concerns(name, history)
        )
        return build_digest(
            replace(history, data_through=through),
            period,
            is_closed=is_closed,
            minimum_outcomes=thresholds["minimum_outcomes"],
        )

    def _concerns(self, source: str, history: PersonalHistory) -> bool:
        """Whoever uses two tools of twenty reads of those two; who uses none may use any."""
        if source not in self.sources and not is_sender(source):
            return False
        if source in self.work_sources:
            told = {work.source for work in history.work}
        else:
            told = {use.provider for use in history.use}
        return not told or source in told
