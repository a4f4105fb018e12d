"""A whole night from the tick to the message, with the real database and the real queue."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

from apscheduler.events import EVENT_JOB_EXECUTED
from sqlalchemy import text

from bot.domain.night import COLLECT_HOUR
from bot.domain.periods import midnight
from bot.errors import SourceUnavailableError
from jobs import tasks
from jobs.clock import make_clock
from tests.factories import (
    MONDAY,
    WEEK,
    make_day,
    make_record,
)
from tests.jobs.installation import (
    A_DAY,
    MONDAY_AFTER,
    NAMES,
    ONE_WEEK_BEFORE,
    TUESDAY_AFTER,
)

LEADS, FOLLOWS = True, False


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


class TestTheTeamsWeek:
    async def released(self, upshot) -> list[str]:
        async with upshot.database.unscoped() as connection:
            return list(await connection.scalars(text("SELECT body FROM ledger ORDER BY id")))

    async def test_is_released_once_whoever_does_it_twice(self, acquainted):
        await acquainted.live_through(MONDAY_AFTER)
        await acquainted.live_through(TUESDAY_AFTER)
        before = await self.released(acquainted)

        await tasks.release_week(acquainted._parts(), monday=str(MONDAY))

        assert await acquainted.stores.ledger.released(WEEK)
        assert await self.released(acquainted) == before

    async def test_stays_as_it_was_released_when_days_are_restated(self, acquainted):
        await acquainted.live_through(TUESDAY_AFTER)
        before = await self.released(acquainted)
        [told] = acquainted.messenger.accepted["C1"]
        for back in range(7):
            day = MONDAY + back * A_DAY
            records = [make_record(name, cost=Decimal(900)) for name in NAMES]
            acquainted.provider.answers[day] = make_day(*records, day=day)

        await acquainted.live_through(TUESDAY_AFTER + A_DAY)

        assert await self.released(acquainted) == before
        assert acquainted.messenger.accepted["C1"] == [told]

    async def test_is_told_after_a_crash_between_release_and_message(self, acquainted):
        await acquainted.live_through(MONDAY_AFTER)
        acquainted.clock.move_to(TUESDAY_AFTER)
        await tasks.release_week(acquainted._parts(), monday=str(MONDAY))

        await acquainted.live_through(TUESDAY_AFTER)

        assert len(acquainted.messenger.accepted["C1"]) == 1

    async def test_is_not_told_of_a_team_that_nobody_knows(self, acquainted):
        await acquainted.live_through(MONDAY_AFTER)

        await tasks.tell_team(acquainted._parts(), team=99, monday=str(MONDAY))

        assert acquainted.messenger.accepted["C1"] == []


async def test_looks_after_what_is_kept_once_a_night_and_after_assertions_once_an_hour(upshot):
    for hours in (0, 0, 1):
        await upshot.live_through(ONE_WEEK_BEFORE + timedelta(hours=hours))

    assert upshot.upkeep == {"retention": 1, "assertions": 2}


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
        scheduler = make_clock(upshot.tick, self.Leader(*answers))
        looked = asyncio.Event()
        scheduler.add_listener(lambda _: looked.set(), EVENT_JOB_EXECUTED)
        scheduler.start()
        async with asyncio.timeout(60):
            await looked.wait()
        assert len(scheduler.get_jobs()) == 1
        scheduler.shutdown(wait=False)

    async def test_ticks_at_once_when_it_leads(self, upshot):
        await self.look(upshot, LEADS)

        assert await upshot.stores.health.last_tick() == ONE_WEEK_BEFORE

    async def test_stands_by_while_another_leads(self, upshot):
        await self.look(upshot, FOLLOWS)

        assert await upshot.stores.health.last_tick() is None

    async def test_lives_on_when_a_look_fails(self, upshot):
        await self.look(upshot, ConnectionError())

        assert await upshot.stores.health.last_tick() is None
