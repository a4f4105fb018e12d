"""What is overdue waits for the reader's morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.delivery import Unclear
from db.deliveries import DeliveryStore
from tests.factories import enroll, make_delivery

NIGHT = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture
async def outbox(database):
    [ada] = await enroll(database, "ada")
    store = DeliveryStore(database, lease=timedelta(minutes=2), settle=timedelta(minutes=2))
    due = NIGHT - timedelta(hours=8)
    await store.plan([make_delivery("UADA", person=ada.id, due_at=due)], due)
    return store


async def zone_of_ada(database) -> str:
    async with database.for_jobs() as connection:
        return await connection.scalar(text("SELECT time_zone FROM people"))


async def test_nothing_overdue_goes_out_at_night(outbox, database):
    await outbox.postpone({await zone_of_ada(database): MORNING}, NIGHT)

    assert await outbox.open_count(NIGHT, NIGHT) == 0
    assert await outbox.open_count(MORNING, MORNING) == 1


async def test_what_may_have_gone_through_in_the_evening_is_not_posted_anew_at_night(
    outbox, database
):
    evening = NIGHT - timedelta(hours=8)
    [delivery] = await outbox.claim(1, evening, evening)
    await outbox.record([(delivery, Unclear("timeout"))], evening, evening)

    await outbox.postpone({await zone_of_ada(database): MORNING}, NIGHT)

    assert await outbox.claim(1, NIGHT, NIGHT) == []
    [again] = await outbox.claim(1, MORNING, MORNING)
    assert again.is_ambiguous


async def test_another_zones_night_is_not_ours(outbox):
    await outbox.postpone({"Pacific/Auckland": MORNING}, NIGHT)

    assert await outbox.open_count(NIGHT, NIGHT) == 1
