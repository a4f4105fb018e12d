"""A storm of 429 with every odd ``Retry-After``, in a time that passes only while we sleep."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.delivery import stamp, stamp_of, without_native_blocks
from bot.clock import SetClock
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.faults import RateLimited
from bot.playground.slack.stand_in import BOT_TOKEN, SlackStandIn
from bot.services.deliver import BATCH, Sender
from bot.slack.messenger import SlackMessenger
from db.deliveries import DeliveryStore
from db.rates import RateStore
from tests.factories import NOON, make_delivery
from tests.fakes import RealTime
from tests.faults.conftest import IS_SOAK

MESSAGES = 2500 if IS_SOAK else 120
CEILING = 900.0
TICK = timedelta(seconds=30)


@pytest.fixture
def time() -> RealTime:
    return RealTime()


@pytest.fixture
def slack(time: RealTime):
    people = [SlackUser(id=f"U{n:04}", name=f"person{n}") for n in range(MESSAGES)]
    stand_in = SlackStandIn(users=people, now=time.now, clock=lambda: time.now().timestamp())
    with stand_in.serving():
        yield stand_in


@pytest.fixture
async def sender(database, time: RealTime, slack: SlackStandIn) -> AsyncIterator[Sender]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, session=session)
        yield Sender(
            deliveries=DeliveryStore(
                database, lease=timedelta(seconds=120), settle=timedelta(seconds=120)
            ),
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


async def test_whatever_retry_after_says_we_wait_as_long_and_at_most_a_quarter_of_an_hour(
    sender, slack, time, show
):
    deliveries = [make_delivery(f"U{n:04}") for n in range(MESSAGES)]
    await sender.deliveries.plan(deliveries, NOON)
    for value in (None, "0", "1", "7", "45", _in(time, hours=-1), "soon", "1000000000"):
        slack.faults.chance("chat.postMessage", 0.5 / 8, RateLimited(retry_after=value))
    await _send_all(sender, time)
    arrived = Counter(
        stamp_of(message.blocks) for n in range(MESSAGES) for message in slack.dms_to(f"U{n:04}")
    )
    early = [call for call in slack.early_calls(ceiling=CEILING) if call.waited_seconds > 0]
    show(
        f"{'429 with odd Retry-After':<34}planned {MESSAGES}  arrived {len(arrived)}"
        f"  refused {len(slack.faults.injected)}  early {len(early)}"
    )

    assert arrived == Counter(str(delivery.id) for delivery in deliveries)
    assert early == []
    assert _most_at_once(slack) <= BATCH


@pytest.mark.parametrize("value", [None, "0", "45", "soon", "1000000000"])
async def test_one_refusal_holds_back_all_others_for_its_time(sender, slack, time, value):
    await sender.deliveries.plan([make_delivery(f"U{n:04}") for n in range(60)], NOON)
    slack.faults.next("chat.postMessage", RateLimited(retry_after=value))
    await _send_all(sender, time)

    assert [call for call in slack.early_calls(ceiling=CEILING) if call.waited_seconds > 0] == []
    assert slack.message_count == 60


def _in(time: RealTime, **duration: float) -> str:
    return format_datetime(time.now() + timedelta(**duration), usegmt=True)


async def _send_all(sender: Sender, time: RealTime) -> None:
    """Tick by tick, as the clock plans it, until nothing is open."""
    for _ in range(10_000):
        await sender.send_due()
        counts = await sender.deliveries.counts(NOON)
        if not counts.planned and not counts.unknown:
            return
        time.pass_by(TICK)
    pytest.fail(f"It never ends: {counts}")


def _most_at_once(slack: SlackStandIn) -> int:
    """Calls at one instant are one batch: sent before any answer could be read."""
    return max(Counter(call.clock for call in slack.calls_of("chat.postMessage")).values())
