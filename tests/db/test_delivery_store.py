"""The outbox: planned once for good, claimed by one, and its fate written down."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from bot.domain.delivery import (
    CannotLook,
    DeliveryKind,
    NotNow,
    NotThere,
    Posted,
    Refused,
    Unclear,
)
from db.database import Database, make_engine
from db.deliveries import DeliveryStore
from db.migrate import driver_url
from tests.factories import MONDAY, NOON, enroll, make_delivery
from tests.fakes import REAL_START as REAL

LEASE = timedelta(seconds=120)
SETTLE = timedelta(seconds=90)
WAIT = timedelta(seconds=7)
A_MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def outbox(database):
    return DeliveryStore(database, lease=LEASE, settle=SETTLE)


async def states(database) -> dict[str, str]:
    async with database.for_jobs() as connection:
        rows = await connection.execute(text("SELECT channel, state FROM deliveries"))
        return dict(rows.all())


async def claim_one(outbox, real_now=REAL):
    [delivery] = await outbox.claim(10, NOON, real_now)
    return delivery


async def ambiguous(outbox):
    """One delivery of which nobody knows whether it went through, claimed to be looked for."""
    await outbox.plan([make_delivery()], NOON)
    await outbox.record([(await claim_one(outbox), Unclear("timeout"))], NOON, REAL)
    return await claim_one(outbox, REAL + SETTLE)


class TestPlanning:
    async def test_twice_is_planning_once(self, outbox):
        assert await outbox.plan([make_delivery(), make_delivery("UBOB")], NOON) == 2
        assert await outbox.plan([make_delivery(), make_delivery("UBOB")], NOON) == 0

    async def test_by_two_at_once_is_planning_once(self, outbox):
        planned = await asyncio.gather(
            *(outbox.plan([make_delivery(f"U{n}") for n in range(20)], NOON) for _ in range(4))
        )

        assert sum(planned) == 20

    async def test_never_changes_what_was_sent(self, outbox, database):
        await outbox.plan([make_delivery()], NOON)
        await outbox.record([(await claim_one(outbox), Posted("D1", "1.0"))], NOON, REAL)

        assert await outbox.plan([make_delivery()], NOON) == 0
        assert await states(database) == {"UADA": "sent"}

    async def test_of_nothing_is_nothing(self, outbox):
        assert await outbox.plan([], NOON) == 0

    async def test_a_newer_digest_takes_the_place_of_one_that_was_not_sent(self, outbox, database):
        [ada] = await enroll(database, "ada")
        older = make_delivery(person=ada.id)
        newer = make_delivery(person=ada.id, period_start=MONDAY + timedelta(weeks=1))

        await outbox.plan([older], NOON)
        await outbox.plan([newer], NOON)

        assert (await claim_one(outbox)).id == newer.id

    async def test_a_newer_digest_leaves_other_kinds_and_other_people_alone(self, outbox, database):
        [ada, bob] = await enroll(database, "ada", "bob")
        await outbox.plan(
            [
                make_delivery(person=ada.id, kind=DeliveryKind.WELCOME),
                make_delivery("UBOB", person=bob.id),
            ],
            NOON,
        )

        newer = make_delivery(person=ada.id, period_start=MONDAY + timedelta(weeks=1))
        await outbox.plan([newer], NOON)

        assert len(await outbox.claim(10, NOON, REAL)) == 3


@pytest.fixture(
    params=[
        "enable_hashjoin enable_mergejoin",
        "enable_hashjoin enable_mergejoin enable_indexscan enable_bitmapscan",
        "enable_nestloop",
    ]
)
def other_plans(request, urls):
    """The planner may look through the rows again for each row, and does by what it has counted."""
    with psycopg.connect(driver_url(urls.superuser), autocommit=True) as connection:
        here = sql.Identifier(connection.info.dbname)
        hindered = [*request.param.split(), "enable_material", "enable_memoize"]
        for setting in hindered:
            connection.execute(
                sql.SQL("ALTER DATABASE {} SET {} = off").format(here, sql.SQL(setting))
            )
        yield
        connection.execute(sql.SQL("ALTER DATABASE {} RESET ALL").format(here))


class TestClaiming:
    @pytest.mark.usefixtures("other_plans")
    async def test_is_of_as_many_as_were_asked_for_however_they_are_looked_up(self, outbox):
        await outbox.plan([make_delivery(f"U{n}") for n in range(60)], NOON)

        assert len(await outbox.claim(20, NOON, REAL)) == 20

    async def test_takes_what_is_due_the_oldest_first(self, outbox):
        late = make_delivery("UBOB", due_at=NOON - timedelta(hours=1))
        early = make_delivery("UCYD", due_at=NOON + A_MOMENT)
        await outbox.plan([make_delivery(), late, early], NOON)

        claimed = await outbox.claim(10, NOON, REAL)

        assert {delivery.channel for delivery in claimed} == {"UADA", "UBOB"}
        assert [d.channel for d in await outbox.claim(10, NOON + A_MOMENT, REAL)] == ["UCYD"]

    async def test_takes_no_more_than_is_asked_for(self, outbox):
        late = make_delivery("UBOB", due_at=NOON - timedelta(hours=1))
        await outbox.plan([make_delivery(), late], NOON)

        assert (await claim_at_most(outbox, 1)) == ["UBOB"]

    async def test_gives_back_the_message_as_it_was_planned(self, outbox):
        planned = make_delivery()
        await outbox.plan([planned], NOON)

        claimed = await claim_one(outbox)

        assert (claimed.id, claimed.message) == (planned.id, planned.message)
        assert (claimed.is_ambiguous, claimed.posting_at) == (False, REAL)

    async def test_never_gives_one_to_two(self, outbox, urls):
        await outbox.plan([make_delivery(f"U{n}") for n in range(60)], NOON)
        other_database = Database(make_engine(urls.worker))
        other = DeliveryStore(other_database, lease=LEASE, settle=SETTLE)

        rounds = await asyncio.gather(
            *(store.claim(7, NOON, REAL) for _ in range(5) for store in (outbox, other))
        )

        claimed = [delivery.id for batch in rounds for delivery in batch]
        assert len(claimed) == len(set(claimed)) == 60
        await other_database.close()

    async def test_holds_for_as_long_as_the_lease(self, outbox):
        await outbox.plan([make_delivery()], NOON)
        await claim_one(outbox)

        assert await outbox.claim(10, NOON, REAL + LEASE - A_MOMENT) == []

    async def test_after_the_lease_says_that_it_may_have_gone_through(self, outbox):
        await outbox.plan([make_delivery()], NOON)
        await claim_one(outbox)

        again = await claim_one(outbox, REAL + LEASE)

        assert (again.is_ambiguous, again.posting_at) == (True, REAL)

    async def test_goes_by_real_time_when_product_time_stands_still(self, outbox):
        await outbox.plan([make_delivery()], NOON)
        await claim_one(outbox)

        assert (await claim_one(outbox, REAL + timedelta(days=1))).is_ambiguous


async def claim_at_most(outbox, most: int) -> list[str]:
    return [delivery.channel for delivery in await outbox.claim(most, NOON, REAL)]


class TestWhatBecameOfIt:
    @pytest.mark.parametrize(
        ("result", "state"),
        [
            (Posted("D1", "1.0"), "sent"),
            (Refused("channel_not_found"), "rejected"),
            (NotNow(7), "planned"),
            (Unclear("timeout"), "ambiguous"),
        ],
    )
    async def test_after_a_post(self, outbox, database, result, state):
        await outbox.plan([make_delivery()], NOON)

        await outbox.record([(await claim_one(outbox), result)], NOON, REAL)

        assert await states(database) == {"UADA": state}

    @pytest.mark.parametrize(
        ("result", "state"),
        [
            (Posted("D1", "1.0"), "sent"),
            (NotThere(), "planned"),
            (CannotLook(), "parked"),
            (NotNow(7), "ambiguous"),
            (Unclear("timeout"), "ambiguous"),
        ],
    )
    async def test_after_a_look(self, outbox, database, result, state):
        delivery = await ambiguous(outbox)

        await outbox.record([(delivery, result)], NOON, REAL)

        assert await states(database) == {"UADA": state}

    async def test_what_is_told_to_wait_waits_for_just_that_long(self, outbox):
        await outbox.plan([make_delivery()], NOON)
        await outbox.record([(await claim_one(outbox), NotNow(7))], NOON, REAL)

        assert await outbox.claim(10, NOON, REAL + WAIT - A_MOMENT) == []
        assert not (await claim_one(outbox, REAL + WAIT)).is_ambiguous

    async def test_what_may_have_gone_through_is_looked_for_when_slack_has_settled(self, outbox):
        await outbox.plan([make_delivery()], NOON)
        await outbox.record([(await claim_one(outbox), Unclear("timeout"))], NOON, REAL)

        assert await outbox.claim(10, NOON, REAL + SETTLE - A_MOMENT) == []
        assert (await claim_one(outbox, REAL + SETTLE)).is_ambiguous

    async def test_a_look_that_has_to_wait_is_still_a_look(self, outbox):
        delivery = await ambiguous(outbox)

        await outbox.record([(delivery, NotNow(7))], NOON, REAL)

        again = await claim_one(outbox, REAL + WAIT)
        assert (again.is_ambiguous, again.posting_at) == (True, REAL)

    async def test_what_is_not_there_is_posted_anew(self, outbox):
        delivery = await ambiguous(outbox)
        later = REAL + timedelta(minutes=5)

        await outbox.record([(delivery, NotThere())], NOON, later)

        again = await claim_one(outbox, later)
        assert (again.is_ambiguous, again.posting_at) == (False, later)

    async def test_is_final_once_it_is_sent(self, outbox, database):
        await outbox.plan([make_delivery()], NOON)
        delivery = await claim_one(outbox)
        await outbox.record([(delivery, Posted("D1", "1.0"))], NOON, REAL)

        await outbox.record([(delivery, NotThere())], NOON, REAL)

        assert await states(database) == {"UADA": "sent"}

    async def test_is_not_told_by_an_attempt_whose_lease_ran_out(self, outbox, database):
        await outbox.plan([make_delivery()], NOON)
        late = await claim_one(outbox)
        await claim_one(outbox, REAL + LEASE)

        await outbox.record([(late, NotNow(0))], NOON, REAL + LEASE)

        assert await states(database) == {"UADA": "posting"}


class TestBeingWelcomed:
    async def welcomed_at(self, database):
        async with database.for_jobs() as connection:
            return await connection.scalar(text("SELECT welcomed_at FROM people"))

    @pytest.mark.parametrize("result", [Refused("x"), NotNow(1), Unclear("x")])
    async def test_takes_a_welcome_that_was_sent(self, outbox, database, result):
        [ada] = await enroll(database, "ada")
        await outbox.plan([make_delivery(person=ada.id, kind=DeliveryKind.WELCOME)], NOON)

        await outbox.record([(await claim_one(outbox), result)], NOON, REAL)

        assert await self.welcomed_at(database) is None

    async def test_is_dated_in_product_time(self, outbox, database):
        [ada] = await enroll(database, "ada")
        await outbox.plan([make_delivery(person=ada.id, kind=DeliveryKind.WELCOME)], NOON)

        await outbox.record([(await claim_one(outbox), Posted("D1", "1"))], NOON, REAL)

        assert await self.welcomed_at(database) == NOON

    async def test_does_not_come_of_a_digest(self, outbox, database):
        [ada] = await enroll(database, "ada")
        await outbox.plan([make_delivery(person=ada.id)], NOON)

        await outbox.record([(await claim_one(outbox), Posted("D1", "1"))], NOON, REAL)

        assert await self.welcomed_at(database) is None


class TestCounting:
    async def test_tells_every_state_apart(self, outbox):
        channels = ["USENT", "UREJECTED", "UUNCLEAR", "UPOSTING"]
        await outbox.plan([make_delivery(channel) for channel in channels], NOON)
        by_channel = {d.channel: d for d in await outbox.claim(10, NOON, REAL)}
        await outbox.record(
            [
                (by_channel["USENT"], Posted("D1", "1")),
                (by_channel["UREJECTED"], Refused("x")),
                (by_channel["UUNCLEAR"], Unclear("x")),
            ],
            NOON,
            REAL,
        )
        await outbox.plan([make_delivery("UPLANNED"), make_delivery("UPLANNED2")], NOON)

        counts = await outbox.counts(NOON)

        assert (counts.planned, counts.sent, counts.rejected) == (2, 1, 1)
        assert (counts.parked, counts.unknown) == (0, 2)

    async def test_leaves_out_what_is_not_due(self, outbox):
        await outbox.plan([make_delivery(due_at=NOON + A_MOMENT)], NOON)

        assert (await outbox.counts(NOON)).planned == 0

    async def test_of_the_open_ones_is_what_could_be_claimed(self, outbox):
        await outbox.plan([make_delivery(f"U{n}") for n in range(3)], NOON)
        assert await outbox.open_count(NOON, REAL) == 3

        claimed = await outbox.claim(3, NOON, REAL)
        assert await outbox.open_count(NOON, REAL) == 0
        assert await outbox.open_count(NOON, REAL + LEASE) == 3

        await outbox.record([(claimed[0], NotNow(7))], NOON, REAL)
        assert await outbox.open_count(NOON, REAL + WAIT) == 1
