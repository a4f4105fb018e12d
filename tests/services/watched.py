"""A watcher with its stores, and days of use for those whom it watches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import text

from bot.blocks.budget import render_budget_note
from bot.blocks.nudge import render_nudge
from bot.clock import SetClock
from bot.domain.coaching.nudges import NudgeKind
from bot.domain.people import Person
from bot.domain.periods import midnight
from bot.language import ENGLISH
from bot.pricing import usual_rates
from bot.services.receive import Receiver
from bot.services.watching import Watcher, Wording
from db.administration import AdministrationStore
from db.budgets import BudgetStore
from db.database import Database
from db.deliveries import DeliveryStore
from db.facts import FactsStore
from db.health import HealthStore
from db.nudges import NudgeStore
from db.people import PeopleStore
from db.personal import PersonalStore
from db.preferences import PreferenceStore
from db.received import ReceivedStore
from db.usage import UsageStore
from tests.factories import enroll, make_day, make_record, make_sent

A_DAY = timedelta(days=1)
TENTH = date(2026, 3, 10)
"""A Tuesday."""
WORDING = Wording(
    nudge=lambda _, nudge: render_nudge(ENGLISH, nudge),
    budget=lambda _, note: render_budget_note(ENGLISH, note),
)


def morning_after(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC) + A_DAY


@dataclass(frozen=True, kw_only=True)
class Installation:
    """With a database, a clock, and one provider that has told of every day that it was told of."""

    database: Database
    clock: SetClock
    watcher: Watcher

    async def enroll(self, *names: str) -> list[Person]:
        """They have known of Upshot for long."""
        people = await enroll(self.database, *names)
        async with self.database.for_jobs() as connection:
            long_ago = {"at": datetime(2025, 1, 1, tzinfo=UTC)}
            await connection.execute(text("UPDATE people SET welcomed_at = :at"), long_ago)
        return people

    async def spend(self, costs: Mapping[date, str], name: str = "ada", **changes) -> None:
        """What *name* spends on each day, and nobody else anything."""
        for day, cost in costs.items():
            answer = make_day(make_record(name, cost=Decimal(cost), **changes), day=day)
            await UsageStore(self.database).replace_day(answer, self.clock.now())
            self.clock.move_to(self.clock.now() + timedelta(seconds=1))
        await HealthStore(self.database).provider_succeeded("anthropic", self.clock.now())

    async def send(self, costs: Mapping[date, str], name: str = "ada") -> None:
        """The same, told by telemetry."""
        records = [
            make_sent(name, provider="otlp:codex", day=day, cost=Decimal(cost))
            for day, cost in costs.items()
        ]
        health = HealthStore(self.database)
        receiver = Receiver(store=ReceivedStore(self.database), health=health, clock=self.clock)
        await receiver.accept(records)

    async def watch(self, *people: Person, through: date) -> int:
        """In the morning after that day."""
        self.clock.move_to(max(morning_after(through), self.clock.now()))
        return await self.watcher.watch([person.id for person in people], through, WORDING)

    async def messages(self, kind: str) -> list[str]:
        async with self.database.for_jobs() as connection:
            rows = await connection.scalars(
                text("SELECT text FROM deliveries WHERE kind = :kind ORDER BY planned_at, id"),
                {"kind": kind},
            )
            return list(rows)

    async def nudges(self) -> list[tuple[NudgeKind, date]]:
        async with self.database.for_jobs() as connection:
            rows = await connection.execute(
                text("SELECT kind, first_day FROM nudges ORDER BY told_on")
            )
            return [(NudgeKind(kind), day) for kind, day in rows]


def installation(database: Database) -> Installation:
    clock = SetClock(midnight(TENTH))
    a_minute = timedelta(minutes=1)
    watcher = Watcher(
        people=PeopleStore(database),
        personal=PersonalStore(database),
        facts=FactsStore(database),
        preferences=PreferenceStore(database),
        nudges=NudgeStore(database),
        budgets=BudgetStore(database),
        deliveries=DeliveryStore(database, lease=a_minute, settle=a_minute),
        administration=AdministrationStore(database),
        clock=clock,
        rates=usual_rates,
        sources=frozenset({"anthropic", "git"}),
        work_sources=frozenset({"git"}),
    )
    return Installation(database=database, clock=clock, watcher=watcher)
