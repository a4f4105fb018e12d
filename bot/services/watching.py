"""Nudges and budget notes: looked for in each person's own rows, and told to that person alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.coaching.budget import BudgetNote, budget_note
from bot.domain.coaching.cost_guard import LEAST_SPEND
from bot.domain.coaching.facts import Facts
from bot.domain.coaching.noticing import QUIET_DAYS, notice, notice_day, wants_nudge
from bot.domain.coaching.nudges import Nudge
from bot.domain.delivery import DeliveryKind, NewDelivery
from bot.domain.history import PersonalHistory, used_in
from bot.domain.messages import Message
from bot.domain.people import Person, PersonId
from bot.domain.periods import IsoWeek, Period, month_of
from bot.domain.preferences import Preferences
from bot.domain.ratios import RATIO_WEEKS
from bot.domain.reach import concerning
from bot.domain.schedule import within_hours
from bot.domain.unit_rates import UnitRates
from bot.ports import (
    AdministrationStore,
    BudgetStore,
    Clock,
    DeliveryStore,
    FactsStore,
    NudgeStore,
    PeopleStore,
    PersonalStore,
    PreferenceStore,
)

LATE_DAYS = 7
"""For so many days of a month, the one before it may still reach a step."""
SHARD = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How what was found is said to its reader."""

    nudge: Callable[[Person, Nudge], Message]
    budget: Callable[[Person, BudgetNote], Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A shard of people at one moment, with what is known of each and what each chose."""

    now: datetime
    readers: Mapping[PersonId, Person]
    histories: Mapping[PersonId, PersonalHistory]
    chosen: Mapping[PersonId, Preferences]
    thresholds: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Told first, written down then: cut off in between, the outbox keeps it from coming twice."""

    people: PeopleStore
    personal: PersonalStore
    facts: FactsStore
    preferences: PreferenceStore
    nudges: NudgeStore
    budgets: BudgetStore
    deliveries: DeliveryStore
    administration: AdministrationStore
    clock: Clock
    rates: Callable[[str, date], UnitRates | None]
    sources: frozenset[str]
    """Those that are on."""
    work_sources: frozenset[str] = frozenset()
    """Those of them that tell of finished work, and not of use."""

    async def watch(self, people: Sequence[PersonId], through: date, wording: Wording) -> int:
        """Look at the days of *people* up to *through*; how many messages that made."""
        watched = await self._look(people, through)
        count = 0
        for month in _months(through):
            count += await self._tell_budgets(watched, month, through, wording)
        count += await self._tell_nudges(watched, await self._noticed(watched, through), wording)
        await self.people.watched(people, through)
        return count

    async def watch_today(self, wording: Wording) -> int:
        """Look at the day that is running, for those whose telemetry tells of much spend."""
        today = self.clock.now().date()
        people = await self.personal.spending_now(today, LEAST_SPEND)
        count = 0
        for start in range(0, len(people), SHARD):
            watched = await self._look(people[start : start + SHARD], today)
            found = {
                person: notice_day(watched.histories[person], today)
                for person in await self._ready_for_nudges(watched)
            }
            count += await self._tell_nudges(watched, found, wording)
        return count

    async def _look(self, people: Sequence[PersonId], through: date) -> Watched:
        now = self.clock.now()
        readers = {person.id: person for person in await self.people.by_ids(people)}
        first = IsoWeek.of(through).back(RATIO_WEEKS).monday
        histories = await self.personal.histories_of(list(readers), first, through)
        return Watched(
            now=now,
            readers=readers,
            histories={
                history.owner: concerning(history, self.sources, self.work_sources)
                for history in histories
            },
            chosen=await self.preferences.of(list(readers)),
            thresholds=await self.administration.thresholds(now.date()),
        )

    async def _tell_budgets(
        self, watched: Watched, month: Period, through: date, wording: Wording
    ) -> int:
        told = await self.budgets.told(list(watched.readers), month.first_day)
        notes = [
            (person, note)
            for person in watched.readers
            if (note := self._budget_note(watched, person, month, through, told.get(person, ())))
        ]
        deliveries = [
            _to(
                watched,
                person,
                DeliveryKind.BUDGET,
                note.month,
                topic=str(note.step),
                message=wording.budget(watched.readers[person], note),
            )
            for person, note in notes
        ]
        count = await self.deliveries.plan(deliveries, watched.now)
        steps = [(person, step) for person, note in notes for step in note.reached]
        await self.budgets.keep(steps, month.first_day, watched.now.date())
        return count

    def _budget_note(
        self,
        watched: Watched,
        person: PersonId,
        month: Period,
        through: date,
        told: Collection[int],
    ) -> BudgetNote | None:
        amount = _amount(watched.chosen[person], watched.thresholds)
        of_use = self.sources - self.work_sources
        history = concerning(watched.histories[person], of_use, ())
        return budget_note(history, month, through, amount=amount, told=told)

    async def _noticed(self, watched: Watched, through: date) -> dict[PersonId, Nudge | None]:
        ready = await self._ready_for_nudges(watched)
        facts = await self._facts([watched.histories[person] for person in ready], through)
        return {
            person: notice(
                watched.histories[person],
                facts.get(person),
                through,
                since=watched.chosen[person].usual_since,
                times_usual=watched.thresholds["nudge_times_usual"],
            )
            for person in ready
        }

    async def _facts(
        self, histories: Sequence[PersonalHistory], through: date
    ) -> dict[PersonId, Facts]:
        """Of the closed weeks, of those who used anything in the last of them."""
        until = IsoWeek.of(through + timedelta(days=1)).back(1)
        used = [history for history in histories if used_in(until.period, history.use)]
        today = self.clock.now().date()
        found = await self.facts.facts_of(used, until, lambda model: self.rates(model, today))
        return {facts.history.owner: facts for facts in found}

    async def _ready_for_nudges(self, watched: Watched) -> list[PersonId]:
        today = watched.now.date()
        since = today - timedelta(days=QUIET_DAYS - 1)
        told = await self.nudges.told(list(watched.readers), since)
        return [
            person
            for person in watched.readers
            if wants_nudge(watched.chosen[person], told.get(person), today)
        ]

    async def _tell_nudges(
        self, watched: Watched, found: Mapping[PersonId, Nudge | None], wording: Wording
    ) -> int:
        nudges = [(person, nudge) for person, nudge in found.items() if nudge is not None]
        deliveries = [
            _to(
                watched,
                person,
                DeliveryKind.NUDGE,
                nudge.first_day,
                topic=nudge.kind.value,
                message=wording.nudge(watched.readers[person], nudge),
            )
            for person, nudge in nudges
        ]
        count = await self.deliveries.plan(deliveries, watched.now)
        await self.nudges.keep(nudges, watched.now.date())
        return count


def _months(through: date) -> Iterator[Period]:
    """The month before first, whose last days may have come in late."""
    month = month_of(through)
    if through.day <= LATE_DAYS:
        yield month_of(month.first_day - timedelta(days=1))
    yield month


def _amount(chosen: Preferences, thresholds: Mapping[str, int]) -> int:
    """One's own monthly amount, else everybody's; 0 for none, or where no note is wanted."""
    if not chosen.budget_notes:
        return 0
    return thresholds["monthly_budget"] if chosen.budget is None else chosen.budget


def _to(
    watched: Watched,
    person: PersonId,
    kind: DeliveryKind,
    period_start: date,
    *,
    topic: str,
    message: Message,
) -> NewDelivery:
    reader = watched.readers[person]
    return NewDelivery(
        kind=kind,
        channel=reader.slack_user_id,
        period_start=period_start,
        due_at=within_hours(watched.now, reader.time_zone, watched.thresholds["digest_hour"]),
        message=message,
        person=person,
        topic=topic,
    )
