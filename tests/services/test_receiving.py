"""What is sent is kept, and the sender is known to be heard of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.clock import SetClock
from bot.domain.received import CountedEvent
from bot.services.receive import Receiver
from db.health import HealthStore
from db.received import ReceivedStore
from tests.factories import MONDAY, NOON, make_sent

ACME = "ingest:acme"


@pytest.fixture
def health(database):
    return HealthStore(database)


@pytest.fixture
def receiver(database, health):
    return Receiver(store=ReceivedStore(database), health=health, clock=SetClock(NOON))


async def test_a_sender_is_known_through_its_last_whole_day(receiver, health):
    await receiver.accept([make_sent(), make_sent(day=MONDAY + timedelta(days=3))])

    assert await health.data_through() == ((ACME, MONDAY + timedelta(days=3)),)


async def test_a_day_without_use_is_no_gap_and_old_days_set_nothing_back(receiver, health):
    await receiver.accept([make_sent(day=MONDAY + timedelta(days=3))])
    await receiver.accept([make_sent()])

    assert await health.data_through() == ((ACME, MONDAY + timedelta(days=3)),)
    assert (await health.sources())[ACME].last_success == NOON


async def test_events_are_counted_once(receiver, database):
    sent = make_sent(provider="otlp:codex")
    event = CountedEvent(event_id="e1", usage=sent.usage, period_end=sent.period_end)

    assert (await receiver.count([event])).replaced == 0
    assert (await receiver.count([event])).replaced == 1

    async with database.for_jobs() as connection:
        assert (
            await connection.scalar(text("SELECT sum(cost) FROM usage_records")) == sent.usage.cost
        )


async def test_nothing_sent_is_nothing_noted(receiver, health):
    assert (await receiver.accept([])).accepted == 0
    assert await health.data_through() == ()
