"""Messages go out once, within the rate, and never blindly a second time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.clock import SetClock
from bot.domain.delivery import CannotLook, NotNow, Refused, Unclear
from bot.services.deliver import BATCH, Sender
from db.deliveries import DeliveryStore
from db.rates import RateStore
from tests.factories import NOON, make_delivery
from tests.fakes import FakeMessenger, RealTime

PER_MINUTE = 600
SETTLE = timedelta(seconds=120)
LEASE = timedelta(seconds=120)


@pytest.fixture
def real():
    return RealTime()


@pytest.fixture
def outbox(database):
    return DeliveryStore(database, lease=LEASE, settle=SETTLE)


@pytest.fixture
def sender_with(database, outbox, real):
    def make(messenger: FakeMessenger, *, real_now=real.now) -> Sender:
        return Sender(
            deliveries=outbox,
            messenger=messenger,
            rate=RateStore(database, "chat.postMessage", PER_MINUTE),
            clock=SetClock(NOON),
            real_now=real_now,
            sleep=real.sleep,
        )

    return make


async def plan(outbox, count: int = 1) -> None:
    await outbox.plan([make_delivery(f"U{n}") for n in range(count)], NOON)


async def states(database) -> dict[str, str]:
    async with database.for_jobs() as connection:
        rows = await connection.execute(text("SELECT channel, state FROM deliveries"))
        return dict(rows.all())


async def test_sends_all_that_is_due(outbox, sender_with, database):
    messenger = FakeMessenger()
    await plan(outbox, 45)

    assert await sender_with(messenger).send_due() == 45

    assert set((await states(database)).values()) == {"sent"}
    assert all(len(accepted) == 1 for accepted in messenger.accepted.values())


async def test_sends_nothing_twice_when_asked_twice(outbox, sender_with):
    messenger = FakeMessenger()
    await plan(outbox, 5)

    await sender_with(messenger).send_due()
    assert await sender_with(messenger).send_due() == 0

    assert len(messenger.calls) == 5


async def test_keeps_within_the_rate(outbox, sender_with, real):
    await plan(outbox, 200)
    began = real.now()

    await sender_with(FakeMessenger()).send_due()

    assert real.now() - began >= timedelta(minutes=(200 - BATCH) / PER_MINUTE)


async def test_stops_when_its_time_is_over(outbox, sender_with, real):
    await plan(outbox, 200)

    sent = await sender_with(FakeMessenger()).send_due(longest=timedelta(seconds=5))

    assert 0 < sent < 100


class TestToldToWait:
    async def test_posts_nothing_before_that_time(self, outbox, sender_with, real):
        messenger = FakeMessenger(NotNow(40))
        await plan(outbox, 3)
        began = real.now()

        await sender_with(messenger).send_due(longest=timedelta(seconds=30))
        assert len(messenger.calls) == 1

        await sender_with(messenger).send_due()
        assert len(messenger.calls) == 4
        assert real.now() - began >= timedelta(seconds=40)

    async def test_waits_no_longer_than_a_quarter_of_an_hour(self, outbox, sender_with, real):
        messenger = FakeMessenger(NotNow(10**9))
        await plan(outbox, 2)

        await sender_with(messenger).send_due(longest=timedelta(minutes=16))

        assert {channel for _, channel in messenger.calls} == {"U0", "U1"}


class TestWhatMayHaveGoneThrough:
    async def test_is_not_posted_again_when_it_is_found(self, outbox, sender_with, real, database):
        messenger = FakeMessenger(Unclear("timeout"))
        await plan(outbox)

        await sender_with(messenger).send_due()
        real.pass_by(SETTLE)
        await sender_with(messenger).send_due()

        assert messenger.calls == [("post", "U0"), ("find", "U0")]
        assert await states(database) == {"U0": "sent"}

    async def test_is_posted_again_when_it_is_not_there(self, outbox, sender_with, real, database):
        messenger = FakeMessenger(Unclear("timeout"), accepts_unclear=False)
        await plan(outbox)

        await sender_with(messenger).send_due()
        real.pass_by(SETTLE)
        await sender_with(messenger).send_due()

        assert messenger.calls == [("post", "U0"), ("find", "U0"), ("post", "U0")]
        assert await states(database) == {"U0": "sent"}
        assert len(messenger.accepted["U0"]) == 1

    async def test_is_left_alone_until_slack_has_settled(self, outbox, sender_with, real):
        messenger = FakeMessenger(Unclear("timeout"))
        await plan(outbox)

        await sender_with(messenger).send_due()
        real.pass_by(SETTLE - timedelta(seconds=1))
        await sender_with(messenger).send_due()

        assert messenger.calls == [("post", "U0")]

    async def test_is_parked_where_we_may_not_look(self, outbox, sender_with, real, database):
        messenger = FakeMessenger(Unclear("timeout"))
        messenger.found = [CannotLook()]
        await plan(outbox)

        await sender_with(messenger).send_due()
        real.pass_by(SETTLE)
        await sender_with(messenger).send_due()

        assert await states(database) == {"U0": "parked"}

    async def test_is_not_posted_when_looking_has_to_wait(self, outbox, sender_with, real):
        messenger = FakeMessenger(Unclear("timeout"))
        messenger.found = [NotNow(60), NotNow(60)]
        await plan(outbox)

        for _ in range(4):
            await sender_with(messenger).send_due()
            real.pass_by(SETTLE)

        kinds = [kind for kind, _ in messenger.calls]
        assert kinds == ["post", "find", "find", "find"]

    async def test_by_a_process_that_died_is_looked_for_first(self, outbox, sender_with, real):
        messenger = FakeMessenger()
        await plan(outbox)
        await outbox.claim(1, NOON, real.now())

        real.pass_by(LEASE)
        await sender_with(messenger).send_due()

        assert messenger.calls == [("find", "U0"), ("post", "U0")]


async def test_one_that_is_refused_stops_no_other(outbox, sender_with, database):
    await plan(outbox, 3)

    await sender_with(FakeMessenger(Refused("channel_not_found"))).send_due()

    assert sorted((await states(database)).values()) == ["rejected", "sent", "sent"]


async def test_one_that_fails_in_a_way_nobody_thought_of_stops_no_other(
    outbox, sender_with, database
):
    await plan(outbox, 3)

    await sender_with(FakeMessenger(ZeroDivisionError())).send_due()

    assert sorted((await states(database)).values()) == ["ambiguous", "sent", "sent"]


async def test_posts_nothing_any_more_after_being_held_up(outbox, sender_with, real, database):
    """As on a machine that slept: somebody else may be at the same message by now."""
    messenger = FakeMessenger()
    await plan(outbox)

    await sender_with(messenger, real_now=HeldUp(real)).send_due(longest=timedelta(seconds=1))

    assert messenger.calls == []
    assert await states(database) == {"U0": "planned"}


class HeldUp:
    """Real time that jumps by more than a lease between a claim and the post."""

    def __init__(self, real: RealTime) -> None:
        self._real = real
        self._looks = 0

    def __call__(self):
        self._looks += 1
        if self._looks == 5:
            self._real.pass_by(2 * LEASE)
        return self._real.now()
