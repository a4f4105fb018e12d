"""A digest comes as often as its reader wishes; a change of mind makes neither gap nor double."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.clock import SetClock
from bot.domain.delivery import DeliveryKind, digest_topic
from bot.domain.night import Night, PlanDigests, SettleAssertions, Watch, WatchToday
from bot.domain.people import Person, PersonId
from bot.domain.periods import days, midnight
from bot.domain.preferences import Cadence
from bot.services.planning import NOTES_KEEP, SHARD, Planner, Stores
from db.administration import AdministrationStore
from db.database import Database
from db.deliveries import DeliveryStore
from db.health import HealthStore
from db.ledger import LedgerStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.teams import TeamStore
from db.usage import UsageStore
from tests.factories import (
    enroll,
    make_batch,
    make_day,
    make_delivery,
    make_outcome,
    make_record,
    wish,
)
from tests.fakes import RealTime

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


@pytest.fixture
def life(database) -> Life:
    a_minute = timedelta(minutes=1)
    clock = SetClock(morning(MONDAY))
    stores = Stores(
        usage=UsageStore(database),
        people=PeopleStore(database),
        teams=TeamStore(database),
        ledger=LedgerStore(database),
        deliveries=DeliveryStore(database, lease=a_minute, settle=a_minute),
        health=HealthStore(database),
        administration=AdministrationStore(database),
    )
    return Life(
        database=database,
        stores=stores,
        clock=clock,
        planner=Planner(
            stores=stores,
            providers=(),
            sources=(),
            clock=clock,
            real_now=RealTime().now,
            backfill_days=3,
            has_slack=True,
        ),
    )


@pytest.fixture
async def ada(database, life) -> AsyncIterator[Person]:
    """She uses AI on each of these days, and has had a digest of the weeks before."""
    [ada] = await enroll(database, "ada")
    async with database.for_jobs() as connection:
        await connection.execute(text("UPDATE people SET welcomed_at = '2026-01-01'"))
    for day in days(MONDAY - A_DAY, MONDAY + 8 * A_DAY):
        await life.stores.usage.replace_day(make_day(make_record("ada"), day=day), morning(day))
    await life.live_at(morning(MONDAY - 7 * A_DAY))
    return ada


class TestEachCadence:
    async def test_weekly_is_as_it_comes(self, life, ada):
        await life.live_on(MONDAY, MONDAY + 15 * A_DAY)

        told = await life.told("planned skipped")
        assert told == [("weekly", "02-23"), ("weekly", "03-02"), ("weekly", "03-09")]

    async def test_monthly_comes_on_the_first_digest_day_of_the_next_month(self, life, ada):
        await life.wish(ada.id, MONTHLY)

        await life.live_on(MONDAY, MONDAY + 8 * A_DAY)
        await life.live_on(IN_APRIL - A_DAY, IN_APRIL + A_DAY)

        assert await life.told("planned skipped") == [("monthly", "02-01"), ("monthly", "03-01")]

    async def test_daily_tells_of_the_day_before(self, life, ada):
        await life.wish(ada.id, DAILY)

        await life.live_on(MONDAY, MONDAY + 2 * A_DAY)

        told = await life.told("planned skipped")
        assert told == [("daily", "03-01"), ("daily", "03-02"), ("daily", "03-03")]

    async def test_off_is_off(self, life, ada):
        await life.wish(ada.id, OFF)

        await life.live_on(MONDAY, MONDAY + 8 * A_DAY)

        assert await life.told("planned skipped") == []


class TestADayOfWhichNothingIsRecorded:
    SUNDAY = date(2026, 3, 8)

    @pytest.fixture(autouse=True)
    async def _a_free_sunday(self, life, ada):
        await life.wish(ada.id, DAILY)
        await self.record(life)

    async def record(self, life, *records):
        later = morning(self.SUNDAY) + 30 * A_DAY + timedelta(hours=len(records))
        await life.stores.usage.replace_day(make_day(*records, day=self.SUNDAY), later)

    async def test_has_no_digest(self, life):
        await life.live_on(self.SUNDAY, self.SUNDAY + 2 * A_DAY)

        told = await life.told("planned skipped")
        assert told == [("daily", "03-07"), ("daily", "03-09")]

    async def test_has_one_as_soon_as_something_is(self, life):
        await life.live_on(self.SUNDAY + A_DAY, self.SUNDAY + A_DAY)
        await self.record(life, make_record("ada"))

        await life.live_at(morning(self.SUNDAY + A_DAY) + timedelta(hours=3))

        assert await life.told() == [("daily", "03-08")]

    async def test_has_one_of_finished_work_alone(self, life, database):
        work = make_outcome(1, "ada", completed_at=midnight(self.SUNDAY))
        await OutcomeStore(database).replace("git", make_batch(work))
        async with database.for_jobs() as connection:
            await connection.execute(text("UPDATE outcome_credits SET counts = true"))

        await life.live_at(morning(self.SUNDAY + A_DAY))

        assert await life.told() == [("daily", "03-08")]


class TestAChangeOfMind:
    """Each is told up to where the last digest ended, whatever its length."""

    @pytest.mark.parametrize(
        ("before", "switched", "after", "told"),
        [
            pytest.param(
                WEEKLY,
                MONDAY - 3 * A_DAY,
                MONTHLY,
                [("monthly", "02-01"), ("monthly", "03-01")],
                id="to-monthly-at-the-end-of-a-month",
            ),
            pytest.param(
                WEEKLY,
                MONDAY + 2 * A_DAY,
                MONTHLY,
                [("weekly", "02-23"), ("monthly", "03-01")],
                id="to-monthly-in-the-middle-of-a-week",
            ),
            pytest.param(
                MONTHLY,
                MONDAY + 2 * A_DAY,
                WEEKLY,
                [("monthly", "02-01"), ("weekly", "02-23"), ("weekly", "03-02")],
                id="to-weekly-with-the-week-that-the-month-cut-in-two",
            ),
            pytest.param(
                WEEKLY,
                MONDAY + 6 * A_DAY,
                DAILY,
                [("weekly", "02-23"), *(("daily", f"03-{day:02}") for day in range(7, 10))],
                id="to-daily",
            ),
            pytest.param(
                DAILY,
                MONDAY + 2 * A_DAY,
                WEEKLY,
                [("daily", "03-01"), ("daily", "03-02"), ("weekly", "03-02")],
                id="to-weekly-from-daily",
            ),
            pytest.param(
                WEEKLY,
                MONDAY + 2 * A_DAY,
                OFF,
                [("weekly", "02-23")],
                id="to-none",
            ),
        ],
    )
    async def test_makes_neither_gap_nor_double(self, life, ada, before, switched, after, told):
        await life.wish(ada.id, before)
        await life.live_on(MONDAY - 3 * A_DAY, switched - A_DAY)
        await life.wish(ada.id, after)

        await life.live_on(switched, MONDAY + 8 * A_DAY)
        if after is MONTHLY:
            await life.live_at(morning(IN_APRIL))

        assert await life.told("planned skipped") == told

    async def test_in_ones_first_month_does_not_wait_for_the_next(self, life, ada, database):
        """Who was welcomed in the middle of it has had digests, and knows what they are."""
        async with database.for_jobs() as connection:
            await connection.execute(text("UPDATE people SET welcomed_at = '2026-03-04'"))
        await life.wish(ada.id, MONTHLY)

        await life.live_on(MONDAY + 14 * A_DAY, MONDAY + 15 * A_DAY)
        await life.live_at(morning(IN_APRIL))

        assert ("monthly", "03-01") in await life.told("planned skipped")

    async def test_leaves_what_waits_to_be_sent(self, life, ada):
        await life.live_at(morning(MONDAY))
        await life.wish(ada.id, DAILY)

        await life.live_at(morning(MONDAY + A_DAY))

        assert await life.told() == [("weekly", "02-23"), ("daily", "03-02")]


class TestADayOfOnesOwn:
    THURSDAY = MONDAY + 3 * A_DAY

    async def test_is_when_the_week_is_told(self, life, ada):
        await life.wish(ada.id, WEEKLY, day=3)

        await life.live_on(MONDAY, self.THURSDAY - A_DAY)
        before = await life.told()
        await life.live_on(self.THURSDAY, self.THURSDAY)

        assert (before, await life.told()) == ([], [("weekly", "02-23")])

    async def test_is_the_first_such_day_of_a_month(self, life, ada):
        await life.wish(ada.id, MONTHLY, day=3)

        await life.live_on(MONDAY, self.THURSDAY - A_DAY)
        before = await life.told()
        await life.live_on(self.THURSDAY, self.THURSDAY)

        assert (before, await life.told()) == ([], [("monthly", "02-01")])

    async def test_is_no_matter_to_a_daily_one(self, life, ada):
        await life.wish(ada.id, DAILY, day=3)

        await life.live_on(MONDAY, MONDAY)

        assert await life.told() == [("daily", "03-01")]

    async def test_changes_nothing_for_others(self, life, ada, database):
        [bob] = [person for person in await enroll(database, "ada", "bob") if person != ada]
        async with database.for_jobs() as connection:
            await connection.execute(text("UPDATE people SET welcomed_at = '2026-01-01'"))
        await life.wish(ada.id, WEEKLY, day=3)
        life.clock.move_to(morning(MONDAY))

        [digests] = [work for work in await life.due() if isinstance(work, PlanDigests)]

        assert digests.people == (bob.id,)

    @pytest.mark.parametrize(
        ("before", "switched", "after"),
        [
            pytest.param(None, MONDAY + A_DAY, 3, id="later-in-a-week-that-was-told"),
            pytest.param(3, MONDAY + A_DAY, 0, id="to-one-that-has-passed"),
            pytest.param(3, MONDAY + 4 * A_DAY, 1, id="earlier-after-it-was-told"),
            pytest.param(0, MONDAY + A_DAY, None, id="to-that-of-everybody"),
        ],
    )
    async def test_that_changes_makes_neither_gap_nor_double(
        self, life, ada, before, switched, after
    ):
        await life.wish(ada.id, WEEKLY, day=before)
        await life.live_on(MONDAY, switched - A_DAY)
        await life.wish(ada.id, WEEKLY, day=after)

        await life.live_on(switched, MONDAY + 13 * A_DAY)

        told = await life.told("planned skipped")
        assert told == [("weekly", "02-23"), ("weekly", "03-02")]

    async def test_is_waited_for_by_what_is_planned_and_not_sent(self, life, ada):
        await life.live_on(MONDAY, MONDAY)
        await life.wish(ada.id, WEEKLY, day=3)

        await life.live_on(MONDAY + A_DAY, MONDAY + 9 * A_DAY)
        waiting = await life.told()
        await life.live_on(MONDAY + 10 * A_DAY, MONDAY + 10 * A_DAY)

        assert waiting == [("weekly", "02-23")]
        assert await life.told("skipped") == [("weekly", "02-23")]
        assert await life.told() == [("weekly", "03-02")]


class TestWhatWaits:
    async def test_is_overtaken_by_a_newer_one_of_its_kind_alone(self, life, ada):
        await life.live_on(MONDAY, MONDAY)
        await life.wish(ada.id, DAILY)
        await life.live_on(MONDAY + A_DAY, MONDAY + 3 * A_DAY)

        assert await life.told("skipped") == [("daily", "03-02"), ("daily", "03-03")]
        assert await life.told() == [("weekly", "02-23"), ("daily", "03-04")]

    async def test_is_old_news_after_a_long_sleep(self, life, ada):
        await life.wish(ada.id, DAILY)
        await life.live_on(MONDAY, MONDAY)
        await life.wish(ada.id, WEEKLY)

        await life.live_at(morning(MONDAY + 3 * A_DAY))

        assert await life.told("skipped") == [("daily", "03-01")]

    @pytest.mark.parametrize("kind", [DeliveryKind.NUDGE, DeliveryKind.BUDGET])
    @pytest.mark.parametrize(("late", "sent"), [(NOTES_KEEP, 1), (NOTES_KEEP + A_DAY, 0)])
    async def test_as_a_note_to_oneself_is_old_news_sooner(self, life, kind, late, sent):
        note = make_delivery(kind=kind, due_at=morning(MONDAY))
        await life.stores.deliveries.plan([note], morning(MONDAY))

        await life.live_at(morning(MONDAY) + late)

        now = life.clock.now()
        assert await life.stores.deliveries.open_count(now, now) == sent


class TestWatching:
    async def test_comes_beside_the_digests_when_all_is_gathered(self, life, ada):
        life.clock.move_to(morning(MONDAY))

        work = await life.due()

        sunday = MONDAY - A_DAY
        assert [type(item) for item in work[:2]] == [PlanDigests, Watch]
        assert work[1] == Watch(sunday, (ada.id,))

    async def test_comes_once_a_night(self, life, ada):
        await life.live_at(morning(MONDAY))
        await life.stores.people.watched([ada.id], MONDAY - A_DAY)

        assert not [work for work in await life.due() if isinstance(work, Watch)]

    async def test_comes_in_shards(self, life, database):
        names = [f"p{n}" for n in range(SHARD + 1)]
        await enroll(database, *names)
        async with database.for_jobs() as connection:
            await connection.execute(text("UPDATE people SET welcomed_at = '2026-01-01'"))
        records = [make_record(name) for name in names]
        await life.stores.usage.replace_day(make_day(*records), morning(MONDAY))

        shards = [work.people for work in await life.due() if isinstance(work, Watch)]

        assert [len(shard) for shard in shards] == [SHARD, 1]

    async def test_of_the_day_that_is_running_comes_once_an_hour_where_telemetry_tells_of_it(
        self, life
    ):
        hears = replace(life, planner=replace(life.planner, has_telemetry=True))
        first = await hears.due()
        [today] = first
        await life.stores.health.finish_step(today.step, MONDAY, life.clock.now())
        again = await hears.due()
        life.clock.move_to(life.clock.now() + timedelta(hours=1))

        assert (first, again) == ([WatchToday(10)], [])
        assert await hears.due() == [WatchToday(11)]
        assert await life.due() == []
