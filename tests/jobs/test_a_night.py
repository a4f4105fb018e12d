"""A whole night from the tick to the message, with the real database and the real queue."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from bot.clock import SetClock
from bot.domain.commands import CommandNames
from bot.domain.night import COLLECT_HOUR
from bot.domain.periods import midnight
from bot.errors import SourceUnavailableError
from bot.language import ENGLISH
from bot.pricing import usual_rates
from bot.services.collect import Collector
from bot.services.deliver import Sender
from bot.services.digests import Digests
from bot.services.directory import DirectorySync
from bot.services.planning import Planner, Stores
from bot.services.price_levels import PriceLevels
from bot.services.summaries import Summaries
from bot.services.watching import Watcher
from db.administration import AdministrationStore
from db.budgets import BudgetStore
from db.deliveries import DeliveryStore
from db.facts import FactsStore
from db.health import HealthStore
from db.linking import LinkStore
from db.nudges import NudgeStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.personal import PersonalStore
from db.preferences import PreferenceStore
from db.prices import PriceStore
from db.queue import JobQueue, make_queue
from db.rates import RateStore
from db.teams import TeamStore
from db.usage import UsageStore
from jobs import tasks
from jobs.clock import make_clock
from jobs.once import run_all_due
from jobs.tick import Tick
from tests.factories import (
    MONDAY,
    make_batch,
    make_day,
    make_member,
    make_membership,
    make_outcome,
    make_record,
    make_team,
)
from tests.fakes import FakeDirectory, FakeMessenger, FakeProvider, FakeSource, RealTime
from tests.services.coaches import make_coach

A_DAY = timedelta(days=1)
NAMES = ("ada", "bob", "cyd", "dan", "eve", "fay")
LEADS, FOLLOWS = True, False
ONE_WEEK_BEFORE = datetime(2026, 3, 14, 10, tzinfo=UTC)
MONDAY_AFTER = datetime(2026, 3, 23, 10, tzinfo=UTC)
TUESDAY_AFTER = MONDAY_AFTER + A_DAY


class Installation:
    """All of Upshot but the outside world, which is made of fakes."""

    def __init__(self, database, queue) -> None:
        a_minute = timedelta(minutes=1)
        self.database = database
        self.queue = queue
        self.clock = SetClock(ONE_WEEK_BEFORE)
        self.real = RealTime()
        self.messenger = FakeMessenger()
        self.provider = FakeProvider()
        self.source = FakeSource()
        self.directory = FakeDirectory([make_member(name, time_zone="UTC") for name in NAMES])
        self.stores = Stores(
            usage=UsageStore(database),
            people=PeopleStore(database),
            teams=TeamStore(database),
            deliveries=DeliveryStore(database, lease=a_minute, settle=a_minute),
            health=HealthStore(database),
            administration=AdministrationStore(database),
        )
        planner = Planner(
            stores=self.stores,
            providers=(self.provider,),
            sources=(self.source,),
            clock=self.clock,
            real_now=self.real.now,
            backfill_days=14,
            has_slack=True,
        )
        self.tick = Tick(
            planner=planner,
            queue=JobQueue(queue, database),
            health=self.stores.health,
            clock=self.clock,
        )
        tasks.register(queue, self._parts())

    def _parts(self) -> tasks.Parts:
        stores, clock, real_now = self.stores, self.clock, self.real.now
        return tasks.Parts(
            clock=clock,
            collector=Collector(
                usage=stores.usage,
                outcomes=OutcomeStore(self.database),
                links=LinkStore(self.database),
                prices=PriceLevels(store=PriceStore(self.database), rates=usual_rates),
                people=stores.people,
                administration=stores.administration,
                health=stores.health,
                clock=clock,
                real_now=real_now,
            ),
            digests=Digests(
                people=stores.people,
                personal=PersonalStore(self.database),
                deliveries=stores.deliveries,
                administration=stores.administration,
                preferences=PreferenceStore(self.database),
                coach=make_coach(self.database, clock),
                clock=clock,
                sources=frozenset({"anthropic", "git"}),
            ),
            summaries=Summaries(
                teams=stores.teams,
                deliveries=stores.deliveries,
                administration=stores.administration,
                clock=clock,
            ),
            watcher=Watcher(
                people=stores.people,
                personal=PersonalStore(self.database),
                facts=FactsStore(self.database),
                preferences=PreferenceStore(self.database),
                nudges=NudgeStore(self.database),
                budgets=BudgetStore(self.database),
                deliveries=stores.deliveries,
                administration=stores.administration,
                clock=clock,
                rates=usual_rates,
                sources=frozenset({"anthropic", "git"}),
                work_sources=frozenset({"git"}),
            ),
            health=stores.health,
            teams=stores.teams,
            administration=stores.administration,
            providers={"anthropic": self.provider},
            sources={"git": self.source},
            names=CommandNames(),
            language=ENGLISH,
            sync_directory=DirectorySync(
                directory=self.directory,
                people=stores.people,
                teams=stores.teams,
                teams_file=None,
                health=stores.health,
                clock=clock,
                real_now=real_now,
            ).run,
            sender=Sender(
                deliveries=stores.deliveries,
                messenger=self.messenger,
                rate=RateStore(self.database, "chat.postMessage", 6000),
                clock=clock,
                real_now=real_now,
                sleep=self.real.sleep,
            ),
        )

    async def live_through(self, moment: datetime) -> int:
        self.clock.move_to(moment)
        return await run_all_due(self.queue, self.tick)

    async def deliveries(self) -> dict[tuple[str, str], str]:
        async with self.database.for_jobs() as connection:
            rows = await connection.execute(text("SELECT channel, kind, state FROM deliveries"))
            return {(channel, kind): state for channel, kind, state in rows}


@pytest.fixture
async def upshot(database, urls):
    queue = make_queue(urls.worker)
    async with queue.open_async():
        installation = Installation(database, queue)
        records = [make_record(name, cost=Decimal(20)) for name in NAMES]
        for back in range(7):
            day = MONDAY + back * A_DAY
            installation.provider.answers[day] = make_day(*records, day=day)
        work = [make_outcome(n, name) for n, name in enumerate(NAMES)]
        installation.source.batch = make_batch(*work, data_through=MONDAY_AFTER)
        yield installation


@pytest.fixture
async def acquainted(upshot):
    """Everybody was welcomed before the week began, and is in one team."""
    installation = upshot
    await installation.live_through(ONE_WEEK_BEFORE)
    members = [make_membership(name) for name in NAMES]
    await installation.stores.teams.sync([make_team(time_zone="UTC")], members)
    return installation


async def test_asks_every_source_first(upshot):
    await upshot.live_through(ONE_WEEK_BEFORE)

    assert len(upshot.provider.asked) == 14
    assert await upshot.stores.people.count() == len(NAMES)
    assert [source for source, _ in await upshot.stores.health.data_through()] == [
        "anthropic",
        "git",
        "slack",
    ]


async def test_welcomes_everybody_of_whom_there_is_something_to_tell(acquainted):
    assert await acquainted.deliveries() == {
        (f"U{name.upper()}", "welcome"): "sent" for name in NAMES
    }


async def test_tells_each_person_of_the_week_once(acquainted):
    await acquainted.live_through(MONDAY_AFTER)
    await acquainted.live_through(MONDAY_AFTER)

    told = await acquainted.deliveries()
    assert [state for (_, kind), state in told.items() if kind == "digest"] == ["sent"] * 6
    assert all(len(acquainted.messenger.accepted[f"U{name.upper()}"]) == 2 for name in NAMES)


async def test_tells_each_person_how_far_the_monthly_amount_has_come(acquainted):
    """Seven days of twenty dollars, of 150: the higher of two steps, and no digest less for it."""
    store = acquainted.stores.administration
    await store.set_threshold("monthly_budget", 150, MONDAY, "UBOB", acquainted.clock.now())

    await acquainted.live_through(MONDAY_AFTER)
    await acquainted.live_through(TUESDAY_AFTER)

    told = await acquainted.deliveries()
    assert [state for (_, kind), state in told.items() if kind == "budget"] == ["sent"] * 6
    assert all(len(acquainted.messenger.accepted[f"U{name.upper()}"]) == 3 for name in NAMES)


async def test_posts_the_teams_week_on_tuesday(acquainted):
    await acquainted.live_through(MONDAY_AFTER)
    await acquainted.live_through(TUESDAY_AFTER)

    assert (await acquainted.deliveries())["C1", "team_summary"] == "sent"


async def test_has_nothing_left_to_do_in_the_end(acquainted):
    await acquainted.live_through(TUESDAY_AFTER)

    assert await acquainted.live_through(TUESDAY_AFTER) == 0
    assert await acquainted.stores.health.last_tick() == TUESDAY_AFTER


async def test_tells_of_the_latest_week_only_after_a_month_away(acquainted):
    await acquainted.live_through(MONDAY_AFTER + timedelta(weeks=4))

    async with acquainted.database.for_jobs() as connection:
        weeks = await connection.scalars(
            text("SELECT DISTINCT period_start FROM deliveries WHERE kind = 'digest'")
        )
        assert set(weeks) == {MONDAY + timedelta(weeks=4)}


async def test_goes_on_without_a_provider_that_fails(acquainted):
    acquainted.provider.failing = SourceUnavailableError()

    await acquainted.live_through(MONDAY_AFTER)

    assert (await acquainted.deliveries())["UADA", "digest"] == "sent"
    assert "anthropic" in await acquainted.stores.health.resting(acquainted.real.now())


async def test_makes_up_for_the_days_of_a_provider_that_works_again(acquainted):
    acquainted.provider.failing = SourceUnavailableError()
    await acquainted.live_through(MONDAY_AFTER)
    acquainted.provider.failing = None
    acquainted.provider.asked.clear()
    acquainted.real.pass_by(timedelta(minutes=15))

    await acquainted.live_through(MONDAY_AFTER)

    assert set(acquainted.provider.asked) >= {MONDAY + n * A_DAY for n in range(7)}


async def test_begins_before_the_first_message_of_the_day(upshot):
    start = midnight(MONDAY_AFTER.date()) + timedelta(hours=COLLECT_HOUR)
    await upshot.live_through(start)

    assert max(upshot.provider.asked) == MONDAY_AFTER.date() - A_DAY
    assert set((await upshot.deliveries()).values()) == {"planned"}


async def test_two_clocks_do_no_harm(acquainted):
    acquainted.clock.move_to(MONDAY_AFTER)

    await asyncio.gather(*(acquainted.tick.enqueue_due() for _ in range(3)))
    await acquainted.live_through(MONDAY_AFTER)

    assert all(len(acquainted.messenger.accepted[f"U{name.upper()}"]) == 2 for name in NAMES)


async def test_enqueues_nothing_that_a_worker_is_at(acquainted):
    acquainted.clock.move_to(MONDAY_AFTER)
    planned = await acquainted.tick.enqueue_due()

    left = await acquainted.tick.enqueue_due(leaving_out=frozenset({planned[0].key}))

    assert planned[0] not in left


async def test_a_team_that_is_gone_is_released_no_more(acquainted):
    [team] = await acquainted.stores.teams.all()
    await acquainted.stores.teams.sync([], [])

    await tasks.release_team(acquainted._parts(), team=team.id, monday=str(MONDAY))

    assert await acquainted.stores.teams.teams_told(MONDAY) == frozenset()


class TestTheClock:
    class Leader:
        def __init__(self, *answers: bool | Exception) -> None:
            self.answers = list(answers)

        async def is_ours(self) -> bool:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

    async def look(self, upshot, *answers: bool | Exception) -> None:
        """Start the clock, and let it look once at once, as it does."""
        leader = self.Leader(*answers)
        scheduler = make_clock(upshot.tick, leader)
        scheduler.start()
        for _ in range(500):
            if not leader.answers and await self.is_quiet(scheduler):
                break
            await asyncio.sleep(0.01)
        scheduler.shutdown(wait=False)

    async def is_quiet(self, scheduler) -> bool:
        await asyncio.sleep(0.2)
        return len(scheduler.get_jobs()) == 1

    async def test_ticks_at_once_when_it_leads(self, upshot):
        await self.look(upshot, LEADS)

        assert await upshot.stores.health.last_tick() == ONE_WEEK_BEFORE

    async def test_stands_by_while_another_leads(self, upshot):
        await self.look(upshot, FOLLOWS)

        assert await upshot.stores.health.last_tick() is None

    async def test_lives_on_when_a_look_fails(self, upshot):
        await self.look(upshot, ConnectionError())

        assert await upshot.stores.health.last_tick() is None
