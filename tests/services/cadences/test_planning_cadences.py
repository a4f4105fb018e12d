"""A digest comes as often as its reader wishes, and what waits too long is not sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from bot.domain.delivery import DeliveryKind
from bot.domain.night import PlanDigests, Watch, WatchToday
from bot.domain.periods import midnight
from bot.services.planning import NOTES_KEEP, SHARD
from db.outcomes import OutcomeStore
from tests.factories import enroll, make_batch, make_day, make_delivery, make_outcome, make_record
from tests.services.cadences.life import (
    A_DAY,
    DAILY,
    IN_APRIL,
    MONDAY,
    MONTHLY,
    OFF,
    WEEKLY,
    morning,
)


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
