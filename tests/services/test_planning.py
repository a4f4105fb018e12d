"""What is due is told by comparing what is done with the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.clock import SetClock
from bot.domain.delivery import DeliveryKind, Posted
from bot.domain.health import DIRECTORY
from bot.domain.night import (
    COLLECT_HOUR,
    CollectDay,
    CollectOutcomes,
    Deliver,
    Night,
    PlanDigests,
    SettleAssertions,
    SettleOutcomes,
    SyncDirectory,
    Welcome,
)
from bot.domain.periods import midnight
from bot.domain.preferences import Cadence
from bot.services.planning import MOST_LANES, SHARD, Planner, Stores
from db.administration import AdministrationStore
from db.deliveries import DeliveryStore
from db.health import HealthStore
from db.ledger import LedgerStore
from db.people import PeopleStore
from db.teams import TeamStore
from db.usage import UsageStore
from tests.factories import (
    MONDAY,
    NOON,
    WEEK,
    enroll,
    make_day,
    make_delivery,
    make_member,
    make_record,
    wish,
)
from tests.fakes import FakeProvider, FakeSource, OtherProvider, RealTime

A_DAY = timedelta(days=1)
NEXT_MONDAY = MONDAY + timedelta(weeks=1)
BEFORE_NINE = datetime(2026, 3, 23, 8, 30, tzinfo=UTC)
"""The Monday after the week, in London."""
AT_NINE = datetime(2026, 3, 23, 9, tzinfo=UTC)
TUESDAY_TEN = datetime(2026, 3, 24, 10, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def stores(database):
    a_minute = timedelta(minutes=1)
    return Stores(
        usage=UsageStore(database),
        people=PeopleStore(database),
        teams=TeamStore(database),
        ledger=LedgerStore(database),
        deliveries=DeliveryStore(database, lease=a_minute, settle=a_minute),
        health=HealthStore(database),
        administration=AdministrationStore(database),
    )


@pytest.fixture
def clock():
    return SetClock(AT_NINE)


@pytest.fixture
def real():
    return RealTime()


@pytest.fixture
def planner_for(stores, clock, real):
    def make(*providers, sources=(), backfill_days=3, has_slack=True) -> Planner:
        return Planner(
            stores=stores,
            providers=providers,
            sources=sources,
            clock=clock,
            real_now=real.now,
            backfill_days=backfill_days,
            has_slack=has_slack,
        )

    return make


@pytest.fixture
def all_is_gathered(stores, clock):
    """Everything of the night that *clock* shows is in, and nothing is left to look after."""

    async def done(*steps: str) -> None:
        now = clock.now()
        upkeep = ("retain", SettleAssertions(now.hour).step)
        for step in (*(steps or ("directory", "settle")), *upkeep):
            await stores.health.finish_step(step, Night.at(now).day, now)

    return done


@pytest.fixture
def welcomed(database):
    async def welcomed(*names: str, zones=None) -> list[int]:
        members = [make_member(name, time_zone=(zones or {}).get(name, "UTC")) for name in names]
        await PeopleStore(database).sync(members, today=NOON.date())
        async with database.for_jobs() as connection:
            await connection.execute(text("UPDATE people SET welcomed_at = :at"), {"at": LONG_AGO})
            ids = await connection.scalars(text("SELECT id FROM people ORDER BY id"))
            return list(ids)

    return welcomed


def days_of(work, provider="anthropic") -> list:
    return [w.day for w in work if isinstance(w, CollectDay) and w.provider == provider]


class TestGathering:
    async def test_comes_first(self, planner_for, clock):
        work = await planner_for(FakeProvider(), sources=(FakeSource(),)).due()

        sunday = clock.now().date() - A_DAY
        days = [CollectDay("anthropic", sunday - n * A_DAY) for n in (2, 1, 0)]
        assert work == [SyncDirectory(), *days, CollectOutcomes("git")]

    async def test_makes_up_for_nights_that_were_missed(self, planner_for, stores, clock):
        """The oldest day first, and none that came in already."""
        kept = AT_NINE.date() - 6 * A_DAY
        await stores.usage.replace_day(make_day(day=kept), AT_NINE - 5 * A_DAY)

        work = await planner_for(FakeProvider(), backfill_days=6).due()

        assert days_of(work) == [kept + n * A_DAY for n in range(1, 6)]

    async def test_asks_again_for_days_whose_figures_still_move(self, planner_for, stores, clock):
        for back in range(1, 7):
            day = clock.now().date() - back * A_DAY
            await stores.usage.replace_day(make_day(day=day), AT_NINE - A_DAY)

        work = await planner_for(FakeProvider(), backfill_days=6).due()

        assert len(days_of(work)) == FakeProvider.freshness.repull

    async def test_asks_for_no_day_twice_in_a_night(self, planner_for, stores, clock):
        for back in range(1, 4):
            day = clock.now().date() - back * A_DAY
            await stores.usage.replace_day(make_day(day=day), clock.now())

        assert days_of(await planner_for(FakeProvider()).due()) == []

    async def test_asks_for_no_day_before_the_hour_at_which_it_is_closed(self, planner_for, clock):
        clock.move_to(midnight(NEXT_MONDAY) + timedelta(hours=COLLECT_HOUR, seconds=-1))

        work = await planner_for(FakeProvider()).due()

        assert max(days_of(work)) == NEXT_MONDAY - 2 * A_DAY

    async def test_needs_no_directory_without_slack(self, planner_for):
        work = await planner_for(FakeProvider(), has_slack=False).due()

        assert {type(w) for w in work} == {CollectDay}


class TestASourceThatFails:
    async def test_rests_and_the_others_are_asked(self, planner_for, stores, real):
        await stores.health.failed("anthropic", "No.", "Look.", real.now())

        work = await planner_for(FakeProvider(), OtherProvider()).due()

        assert days_of(work) == []
        assert len(days_of(work, "openai")) == 3

    async def test_is_asked_again_after_its_rest(self, planner_for, stores, real):
        await stores.health.failed("anthropic", "No.", "Look.", real.now())
        real.pass_by(timedelta(seconds=30))

        assert len(days_of(await planner_for(FakeProvider()).due())) == 3

    @pytest.mark.parametrize("resting", ["anthropic", "git", DIRECTORY])
    async def test_keeps_nobody_from_a_digest(
        self, planner_for, stores, real, all_is_gathered, welcomed, resting
    ):
        people = await welcomed("ada")
        steps = {"git": "outcomes git", DIRECTORY: "directory"}
        await all_is_gathered("settle", *(s for n, s in steps.items() if n != resting))
        if resting != "anthropic":
            for back in range(1, 4):
                day = AT_NINE.date() - back * A_DAY
                await stores.usage.replace_day(make_day(day=day), AT_NINE)
        await stores.health.failed(resting, "No.", "Look.", real.now())

        work = await planner_for(FakeProvider(), sources=(FakeSource(),)).due()

        assert work == [PlanDigests(Cadence.WEEKLY, WEEK.period, tuple(people))]


class TestTheOrderOfANight:
    async def test_is_gather_then_settle_then_tell(self, planner_for, all_is_gathered, welcomed):
        people = await welcomed("ada")
        planner = planner_for()

        gathering = await planner.due()
        await all_is_gathered("directory")
        settling = await planner.due()
        await all_is_gathered("settle")
        telling = await planner.due()

        assert gathering == [SyncDirectory()]
        assert settling == [SettleOutcomes()]
        assert telling == [PlanDigests(Cadence.WEEKLY, WEEK.period, tuple(people))]

    async def test_begins_anew_the_next_night(self, planner_for, clock, all_is_gathered):
        await all_is_gathered()
        assert await planner_for().due() == []

        clock.move_to(clock.now() + A_DAY)

        assert await planner_for().due() == [SyncDirectory()]

    async def test_sends_what_is_due_whatever_else_there_is_to_do(self, planner_for, stores):
        await stores.deliveries.plan([make_delivery(due_at=AT_NINE)], AT_NINE)

        assert (await planner_for().due())[-1] == Deliver(0)


class TestDigests:
    async def test_are_due_on_each_readers_own_monday_morning(
        self, planner_for, clock, all_is_gathered, welcomed
    ):
        zones = {"ada": "Asia/Tokyo", "bob": "Europe/London", "cyd": "America/New_York"}
        ada, bob, cyd = await welcomed("ada", "bob", "cyd", zones=zones)
        told = {}
        for hour in (8, 9, 13):
            clock.move_to(AT_NINE.replace(hour=hour))
            await all_is_gathered()
            told[hour] = {
                person
                for work in await planner_for().due()
                if isinstance(work, PlanDigests) and work.period == WEEK.period
                for person in work.people
            }

        assert told == {8: {ada}, 9: {ada, bob}, 13: {ada, bob, cyd}}

    async def test_tell_of_the_latest_week_only_after_weeks_that_were_missed(
        self, planner_for, clock, all_is_gathered, welcomed
    ):
        people = await welcomed("ada")
        clock.move_to(AT_NINE + timedelta(weeks=5))
        await all_is_gathered()

        assert await planner_for().due() == [
            PlanDigests(Cadence.WEEKLY, WEEK.back(-5).period, tuple(people))
        ]

    async def test_are_planned_once(self, planner_for, stores, all_is_gathered, welcomed):
        [ada] = await welcomed("ada")
        await all_is_gathered()
        later = AT_NINE + A_DAY
        planned = make_delivery(person=ada, period_start=WEEK.monday, due_at=later)
        await stores.deliveries.plan([planned], AT_NINE)

        assert await planner_for().due() == []

    async def test_start_with_the_first_whole_week_after_the_welcome(
        self, planner_for, database, all_is_gathered, welcomed
    ):
        await welcomed("ada")
        async with database.for_jobs() as connection:
            await connection.execute(
                text("UPDATE people SET welcomed_at = :at"),
                {"at": midnight(MONDAY) + timedelta(seconds=1)},
            )
        await all_is_gathered()

        assert [
            w for w in await planner_for().due() if getattr(w, "period", None) == WEEK.period
        ] == []

    async def test_go_to_nobody_who_stopped(self, planner_for, database, all_is_gathered, welcomed):
        [ada] = await welcomed("ada")
        await wish(database, ada, Cadence.OFF)
        await all_is_gathered()

        assert await planner_for().due() == []

    async def test_come_in_shards(self, planner_for, all_is_gathered, welcomed):
        people = await welcomed(*(f"p{n}" for n in range(2 * SHARD + 1)))
        await all_is_gathered()

        shards = [work.people for work in await planner_for().due()]

        assert [len(shard) for shard in shards] == [SHARD, SHARD, 1]
        assert sorted(person for shard in shards for person in shard) == people


async def test_a_welcome_is_due_to_those_who_are_new(
    planner_for, stores, database, all_is_gathered
):
    await enroll(database, "ada")
    await stores.usage.replace_day(make_day(make_record()), AT_NINE)
    await all_is_gathered()
    planner = planner_for()

    assert await planner.due() == [Welcome()]

    people = await stores.people.unwelcomed()
    welcome = make_delivery(person=people[0].id, kind=DeliveryKind.WELCOME, due_at=AT_NINE)
    await stores.deliveries.plan([welcome], AT_NINE)
    assert await planner.due() == [Deliver(0)]


class TestDelivering:
    @pytest.mark.parametrize(
        ("waiting", "lanes"),
        [(1, 1), (SHARD, 1), (SHARD + 1, 2), (9 * SHARD, MOST_LANES)],
    )
    async def test_takes_a_lane_for_each_shard_up_to_a_few(
        self, planner_for, stores, all_is_gathered, waiting, lanes
    ):
        await all_is_gathered()
        await stores.deliveries.plan(
            [make_delivery(f"U{n}", due_at=AT_NINE) for n in range(waiting)], AT_NINE
        )

        assert await planner_for().due() == [Deliver(lane) for lane in range(lanes)]

    async def test_is_not_due_when_all_is_sent(self, planner_for, stores, real, all_is_gathered):
        await stores.deliveries.plan([make_delivery(due_at=AT_NINE)], AT_NINE)
        [claimed] = await stores.deliveries.claim(1, AT_NINE, real.now())
        await stores.deliveries.record([(claimed, Posted("D", "1"))], AT_NINE, real.now())
        await all_is_gathered()

        assert await planner_for().due() == []
