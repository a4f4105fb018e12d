"""A life, and a reader in it who has had digests before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.clock import SetClock
from bot.domain.people import Person
from bot.domain.periods import days
from bot.services.planning import Planner, Stores
from db.administration import AdministrationStore
from db.deliveries import DeliveryStore
from db.health import HealthStore
from db.ledger import LedgerStore
from db.people import PeopleStore
from db.teams import TeamStore
from db.usage import UsageStore
from tests.factories import enroll, make_day, make_record
from tests.fakes import RealTime
from tests.services.cadences.life import A_DAY, MONDAY, Life, morning


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
