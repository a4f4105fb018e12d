"""The made-up company's time: when the clock looks, how it is moved, and who has to wait."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SetClock
from bot.domain.periods import midnight
from bot.playground.looks import NIGHT, every_night, first_weeks, last_tuesday, moment_of
from bot.playground.page.stage import ClockBusyError, EndOfTimeError, Goal
from bot.playground.season import Season

TUESDAY = datetime(2026, 11, 17, 14, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
days_of_the_century = st.dates(date(2001, 1, 1), date(2100, 1, 1))


class Company:
    """Writes down who does what, and when; what is due takes as long as *due* is not set."""

    def __init__(self, ends_after: timedelta = 52 * WEEK) -> None:
        self.done: list[tuple[str, datetime]] = []
        self.due = asyncio.Event()
        self.due.set()
        self.clock = SetClock(TUESDAY)
        self.season = Season(
            self.clock,
            TUESDAY + ends_after,
            others=self._others,
            bot=self._bot,
            readers=self._readers,
        )

    def looks(self) -> list[datetime]:
        return [moment for who, moment in self.done if who == "bot"]

    async def _others(self, moment: datetime) -> None:
        self.done.append(("others", moment))

    async def _bot(self) -> None:
        self.done.append(("bot", self.clock.now()))
        await self.due.wait()

    async def _readers(self, moment: datetime) -> None:
        self.done.append(("readers", moment))


class TestWhenItLooks:
    def test_every_night_and_in_the_hours_of_the_messages(self):
        looks = every_night(TUESDAY, TUESDAY + WEEK)

        nights = [look for look in looks if look - midnight(look.date()) == NIGHT]
        assert [look.weekday() for look in nights] == [2, 3, 4, 5, 6, 0, 1]
        assert [look.hour for look in looks if look.weekday() == 0] == [5, 8, 14, 20]

    def test_last_at_the_very_moment_that_is_wanted(self):
        assert every_night(TUESDAY, TUESDAY + 3 * HOUR) == [TUESDAY + 3 * HOUR]

    @given(days_of_the_century, st.integers(0, 100), st.integers(0, 100))
    def test_to_stop_on_the_way_leaves_no_look_out(self, day, first, second):
        start = datetime(day.year, day.month, day.day, 14, tzinfo=UTC)
        stop, end = start + first * HOUR, start + (first + second) * HOUR

        halves = {*every_night(start, stop), *every_night(stop, end)}

        assert halves - {stop} == {*every_night(start, end)} - {stop}

    def test_seldom_in_the_first_weeks_but_every_night_in_the_last_days(self):
        installed = TUESDAY - 6 * WEEK

        looks = first_weeks(installed, TUESDAY)

        close = [look for look in looks if look.date() >= date(2026, 11, 11)]
        before = [look for look in looks if look not in close]
        assert (looks[0], looks[-1]) == (installed, TUESDAY)
        assert {look.weekday() for look in before} == {1}
        assert close == every_night(close[0] - HOUR, TUESDAY)

    def test_only_closely_where_there_are_few_days(self):
        installed = TUESDAY - 5 * DAY

        assert first_weeks(installed, TUESDAY) == [installed, *every_night(installed, TUESDAY)]


class TestWhereItStops:
    @given(days_of_the_century)
    def test_the_first_weeks_end_on_the_last_tuesday(self, today):
        stop = last_tuesday(today)

        assert stop.weekday() == 1
        assert timedelta(0) <= today - stop < WEEK

    @pytest.mark.parametrize(
        ("goal", "now", "moment"),
        [
            (Goal.TOMORROW, TUESDAY, datetime(2026, 11, 18, 14, tzinfo=UTC)),
            (Goal.TOMORROW, TUESDAY + 9 * HOUR, datetime(2026, 11, 18, 14, tzinfo=UTC)),
            (Goal.NEXT_MONDAY, TUESDAY, datetime(2026, 11, 23, 14, tzinfo=UTC)),
            (Goal.NEXT_MONDAY, TUESDAY + 6 * DAY, datetime(2026, 11, 30, 14, tzinfo=UTC)),
            (Goal.NEXT_MONTH, TUESDAY, datetime(2026, 12, 7, 14, tzinfo=UTC)),
            (Goal.NEXT_MONTH, TUESDAY + 20 * DAY, datetime(2027, 1, 4, 14, tzinfo=UTC)),
            (Goal.NEXT_MONTH, datetime(2027, 1, 31, 14, tzinfo=UTC), TUESDAY + 76 * DAY),
        ],
    )
    def test_every_goal_is_a_working_moment(self, goal, now, moment):
        assert moment_of(goal, now) == moment

    @given(days_of_the_century, st.sampled_from(Goal))
    def test_no_goal_is_behind(self, day, goal):
        now = datetime(day.year, day.month, day.day, 14, tzinfo=UTC)

        assert now < moment_of(goal, now) < now + timedelta(days=39)


class TestMoving:
    async def test_others_come_before_the_bot_and_readers_after_it(self):
        company = Company()

        await company.season.move(Goal.TOMORROW)

        night, goal = datetime(2026, 11, 18, tzinfo=UTC) + NIGHT, TUESDAY + DAY
        evening = TUESDAY + 6 * HOUR
        assert company.done == [
            (who, moment)
            for moment in (evening, night, goal)
            for who in ("others", "bot", "readers")
        ]
        assert (company.season.now, company.season.progress) == (goal, None)

    async def test_says_how_far_it_is(self):
        company, told = Company(), []

        await company.season.live([TUESDAY + HOUR, TUESDAY + DAY], told.append)

        assert [(p.done, p.total, p.at) for p in told] == [
            (0, 2, TUESDAY + HOUR),
            (1, 2, TUESDAY + DAY),
        ]

    async def test_there_is_no_goal_beyond_the_end(self):
        company = Company(ends_after=DAY)
        await company.season.move(Goal.TOMORROW)

        with pytest.raises(EndOfTimeError):
            await company.season.move(Goal.TOMORROW)

        assert company.season.now == company.season.last_moment
        assert company.season.progress is None

    async def test_nobody_else_moves_it_meanwhile(self):
        company = Company()
        company.due.clear()
        moving = asyncio.create_task(company.season.move(Goal.TOMORROW))
        await asyncio.sleep(0)

        with pytest.raises(ClockBusyError):
            await company.season.move(Goal.NEXT_MONTH)

        company.due.set()
        await moving
        assert company.season.now == TUESDAY + DAY

    async def test_a_move_that_is_cancelled_can_be_begun_again(self):
        company = Company()
        company.due.clear()
        moving = asyncio.create_task(company.season.move(Goal.TOMORROW))
        await asyncio.sleep(0)

        await company.season.end()
        company.due.set()
        stopped_at = company.season.now
        await company.season.move(Goal.TOMORROW)

        assert moving.cancelled()
        assert TUESDAY < stopped_at < company.season.now == TUESDAY + DAY

    async def test_a_move_that_fails_leaves_it_standing_and_free(self):
        company = Company()

        async def fail(_: datetime) -> None:
            raise ConnectionError

        company.season = Season(
            company.clock, TUESDAY + WEEK, others=fail, bot=company.due.wait, readers=fail
        )
        for _ in range(2):
            with pytest.raises(ConnectionError):
                await company.season.move(Goal.TOMORROW)

        assert company.season.progress is None


class TestSettling:
    async def test_does_what_is_due_and_does_not_move(self):
        company = Company()

        await company.season.settle()

        assert company.done == [("bot", TUESDAY)]

    async def test_waits_while_the_clock_moves(self):
        company = Company()
        company.due.clear()
        moving = asyncio.create_task(company.season.move(Goal.TOMORROW))
        await asyncio.sleep(0)
        settling = asyncio.create_task(company.season.settle())
        company.due.set()

        await asyncio.gather(moving, settling)

        assert company.looks()[-2:] == [TUESDAY + DAY, TUESDAY + DAY]

    async def test_a_move_waits_for_it(self):
        company = Company()
        company.due.clear()
        settling = asyncio.create_task(company.season.settle())
        await asyncio.sleep(0)
        moving = asyncio.create_task(company.season.move(Goal.TOMORROW))
        await asyncio.sleep(0)
        looked = len(company.done)
        company.due.set()

        await asyncio.gather(moving, settling)

        assert looked == 1
        assert company.season.now == TUESDAY + DAY
