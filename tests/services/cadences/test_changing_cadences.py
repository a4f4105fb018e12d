"""A change of mind about how often a digest comes makes neither gap nor double."""

from __future__ import annotations

import pytest
from sqlalchemy import text

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
