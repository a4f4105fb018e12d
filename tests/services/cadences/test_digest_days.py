"""A digest comes on a weekday of its reader's own; a change of it makes neither gap nor double."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.domain.night import PlanDigests
from tests.factories import enroll
from tests.services.cadences.life import A_DAY, DAILY, MONDAY, MONTHLY, WEEKLY, morning


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
