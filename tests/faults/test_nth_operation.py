"""The N-th operation fails, for every N there is: each statement, each commit, each post."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import event, text

from bot.blocks.delivery import stamp, stamp_of, without_native_blocks
from bot.clock import SetClock
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.faults import Drop, RateLimited, ServerError, Truncation
from bot.playground.slack.stand_in import BOT_TOKEN, SlackStandIn
from bot.services.deliver import Sender
from bot.slack.messenger import SlackMessenger
from db.database import Database
from db.deliveries import DeliveryStore
from db.rates import RateStore
from db.usage import UsageStore
from tests.factories import MONDAY, NOON, make_day, make_delivery, make_record
from tests.fakes import RealTime

READERS = 4
TICK = timedelta(seconds=150)
POINTS = ("before_cursor_execute", "commit")


class OutOfOrderError(Exception):
    """What the failing operation raises."""


@pytest.fixture
def time() -> RealTime:
    return RealTime()


@pytest.fixture
def slack(time: RealTime) -> Iterator[SlackStandIn]:
    people = [SlackUser(id=f"U{n:04}", name=f"person{n}") for n in range(READERS)]
    stand_in = SlackStandIn(users=people, now=time.now)
    with stand_in.serving():
        yield stand_in


@pytest.fixture
async def sender(database, time: RealTime, slack: SlackStandIn) -> AsyncIterator[Sender]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, session=session)
        minutes = timedelta(minutes=2)
        yield Sender(
            deliveries=DeliveryStore(database, lease=minutes, settle=minutes),
            messenger=SlackMessenger(
                client,
                stamp=stamp,
                stamp_of=stamp_of,
                without_native_blocks=without_native_blocks,
            ),
            rate=RateStore(database, "chat.postMessage", 6000),
            clock=SetClock(NOON),
            real_now=time.now,
            sleep=time.sleep,
        )


@contextmanager
def failing(database: Database, point: str, number: int) -> Iterator[list[int]]:
    """Let operation *number* at *point* fail; gives a list that is empty as long as none did."""
    seen, failed = [0], list[int]()

    def count(*_: Any) -> None:
        seen[0] += 1
        if seen[0] == number:
            failed.append(number)
            raise OutOfOrderError

    engine = database.engine.sync_engine
    event.listen(engine, point, count)
    try:
        yield failed
    finally:
        event.remove(engine, point, count)


@pytest.mark.parametrize("point", POINTS)
async def test_delivering_survives_any_one_of_its_operations(sender, slack, time, database, point):
    for number in range(1, 100):
        deliveries = [_digest(reader, number) for reader in range(READERS)]
        with failing(database, point, number) as failed:
            await _attempt(sender, deliveries)
        for _ in range(3):
            time.pass_by(TICK)
            await _attempt(sender, deliveries)
        assert _arrived(slack, deliveries) == {str(delivery.id): 1 for delivery in deliveries}
        if not failed:
            break
    assert number > 2


@pytest.mark.parametrize(
    "fault",
    [Drop(), Drop(accepts=False), ServerError(accepts=True), Truncation(), RateLimited()],
    ids=repr,
)
async def test_delivering_survives_any_one_of_its_posts(sender, slack, time, fault):
    for number in range(READERS):
        deliveries = [_digest(reader, number) for reader in range(READERS)]
        slack.faults.next("chat.postMessage", *[None] * number, fault)
        for _ in range(4):
            await _attempt(sender, deliveries)
            time.pass_by(TICK)
        slack.faults.clear()
        assert _arrived(slack, deliveries) == {str(delivery.id): 1 for delivery in deliveries}


@pytest.mark.parametrize("point", POINTS)
async def test_a_provider_day_is_the_old_one_or_the_new_one_whichever_operation_fails(
    database, point
):
    store = UsageStore(database)
    old = make_day(make_record("ada"), make_record("bob"))
    for number in range(1, 100):
        new = make_day(make_record("ada", requests=100 + number), make_record(f"eve{number}"))
        await store.replace_day(old, NOON)
        with failing(database, point, number) as failed:
            try:
                await store.replace_day(new, NOON)
            except OutOfOrderError:
                assert await _accounts(database) == {"ada": 7, "bob": 7}
        await store.replace_day(new, NOON)
        assert await _accounts(database) == {"ada": 100 + number, f"eve{number}": 7}
        if not failed:
            break
    assert number > 1


async def _attempt(sender: Sender, deliveries: list[Any]) -> None:
    """Plan and send, as a job would: an error ends it."""
    try:
        await sender.deliveries.plan(deliveries, NOON)
        await sender.send_due()
    except OutOfOrderError:
        return


def _digest(reader: int, number: int) -> Any:
    return make_delivery(f"U{reader:04}", period_start=MONDAY + timedelta(weeks=number))


def _arrived(slack: SlackStandIn, deliveries: list[Any]) -> Counter[str]:
    wanted = {str(delivery.id) for delivery in deliveries}
    shelves = [slack.dms_to(f"U{n:04}") for n in range(READERS)]
    stamps = (stamp_of(message.blocks) for shelf in shelves for message in shelf)
    return Counter(stamp for stamp in stamps if stamp in wanted)


async def _accounts(database: Database) -> dict[str, int]:
    async with database.for_jobs() as connection:
        rows = await connection.execute(text("SELECT account, requests FROM usage_records"))
        return dict(rows.all())
