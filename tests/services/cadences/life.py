"""A planner that lives through mornings, and the outbox in which its digests are put."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from bot.clock import SetClock
from bot.domain.delivery import digest_topic
from bot.domain.night import Night, PlanDigests, SettleAssertions
from bot.domain.people import PersonId
from bot.domain.periods import days
from bot.domain.preferences import Cadence
from bot.services.planning import Planner, Stores
from db.database import Database
from tests.factories import make_delivery, wish

A_DAY = timedelta(days=1)
MONDAY = date(2026, 3, 2)
"""On which both the digest of a week and that of February are due."""
IN_APRIL = date(2026, 4, 6)
"""Its first Monday."""
DAILY, WEEKLY, MONTHLY, OFF = Cadence.DAILY, Cadence.WEEKLY, Cadence.MONTHLY, Cadence.OFF


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Life:
    """A planner, and the outbox in which the digests are put that it plans."""

    database: Database
    stores: Stores
    clock: SetClock
    planner: Planner

    async def wish(self, person: PersonId, cadence: Cadence, day: int | None = None) -> None:
        await wish(self.database, person, cadence, day)

    async def live_on(self, first: date, last: date) -> None:
        """The mornings from *first* to *last*."""
        for day in days(first, last):
            await self.live_at(morning(day))

    async def live_at(self, moment: datetime) -> None:
        self.clock.move_to(moment)
        planned = [work for work in await self.due() if isinstance(work, PlanDigests)]
        for work in planned:
            digests = [
                make_delivery(
                    f"U{person}",
                    person=person,
                    period_start=work.period.first_day,
                    due_at=moment,
                    topic=digest_topic(work.cadence),
                )
                for person in work.people
            ]
            await self.stores.deliveries.plan(digests, moment)

    async def due(self):
        now = self.clock.now()
        for step in ("directory", "settle", "retain", SettleAssertions(now.hour).step):
            await self.stores.health.finish_step(step, Night.at(now).day, now)
        return await self.planner.due()

    async def told(self, state: str = "planned") -> list[tuple[str, str]]:
        """From that Monday on: how long each period was, and its first day."""
        async with self.database.for_jobs() as connection:
            rows = await connection.execute(
                text(
                    "SELECT coalesce(nullif(split_part(dedup_key, ':', 4), ''), 'weekly'),"
                    " to_char(period_start, 'MM-DD') FROM deliveries"
                    " WHERE planned_at >= '2026-03-02' AND :state LIKE '%' || state || '%'"
                    " ORDER BY planned_at"
                ),
                {"state": state},
            )
            return [(cadence, day) for cadence, day in rows]
