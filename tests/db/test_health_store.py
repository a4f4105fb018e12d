"""How Upshot is doing is told from what came in, and never better than it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.periods import midnight
from db.health import LONGEST_WAIT, HealthStore
from db.usage import UsageStore
from tests.factories import MONDAY, NOON, enroll, make_day, make_record
from tests.fakes import REAL_START as REAL

A_DAY = timedelta(days=1)


@pytest.fixture
def health(database):
    return HealthStore(database)


@pytest.fixture
def come_in(database, health):
    async def come_in(*offsets: int, complete: bool = True) -> date | None:
        """These days after Monday came in; gives what is known to be whole now."""
        for offset in offsets:
            day = MONDAY + offset * A_DAY
            end = midnight(day) + (A_DAY if complete else timedelta(hours=3))
            answer = make_day(make_record(), day=day, data_through=end)
            await UsageStore(database).replace_day(answer, NOON)
        await health.provider_succeeded("anthropic", NOON)
        return dict(await health.data_through()).get("anthropic")

    return come_in


class TestTheWatermark:
    async def test_is_the_last_whole_day(self, come_in):
        assert await come_in(0, 1, 2) == MONDAY + 2 * A_DAY

    async def test_stops_before_the_first_gap(self, come_in):
        assert await come_in(0, 1, 3, 4) == MONDAY + A_DAY

    async def test_goes_on_when_the_gap_is_filled(self, come_in):
        await come_in(0, 2)

        assert await come_in(1) == MONDAY + 2 * A_DAY

    async def test_stops_before_a_day_that_is_not_whole(self, come_in):
        await come_in(0)

        assert await come_in(1, complete=False) == MONDAY

    async def test_is_before_the_first_day_when_even_that_is_not_whole(self, come_in):
        assert await come_in(0, complete=False) == MONDAY - A_DAY

    async def test_is_unknown_until_something_came_in(self, health):
        await health.failed("anthropic", "No.", "Look.", REAL)

        assert await health.data_through() == (("anthropic", None),)

    async def test_stays_when_a_later_day_fails(self, come_in, health):
        await come_in(0)
        await health.failed("anthropic", "No.", "Look.", REAL)

        assert await health.data_through() == (("anthropic", MONDAY),)

    @pytest.mark.parametrize("moment", [midnight(NOON.date()), NOON])
    async def test_of_outcomes_is_the_last_day_that_was_over_when_they_were_read(
        self, health, moment
    ):
        await health.source_succeeded("git", moment, NOON)

        assert await health.data_through() == (("git", NOON.date() - A_DAY),)


class TestAFailingSource:
    async def test_rests_longer_each_time_and_never_longer_than_a_quarter_of_an_hour(self, health):
        waits = []
        for _ in range(14):
            await health.failed("anthropic", "No.", "Look.", REAL)
            waits.append(await rest_of(health))

        assert waits[:5] == [30, 60, 120, 240, 480]
        assert waits[-1] == LONGEST_WAIT.total_seconds()

    async def test_rests_no_more_once_it_answers(self, health):
        await health.failed("anthropic", "No.", "Look.", REAL)

        await health.source_succeeded("anthropic", NOON, NOON)

        assert await health.resting(REAL) == frozenset()
        [known] = (await health.sources()).values()
        assert (known.last_error, known.hint) == (None, None)

    async def test_says_what_went_wrong_and_what_to_do(self, health):
        await health.failed("anthropic", "It refused our key.", "Give another key.", REAL)

        known = (await health.sources())["anthropic"]
        assert (known.last_error, known.hint) == ("It refused our key.", "Give another key.")
        assert known.last_success is None

    async def test_lets_the_others_work(self, health):
        await health.failed("anthropic", "No.", "Look.", REAL)

        assert await health.resting(REAL) == frozenset({"anthropic"})


async def rest_of(health: HealthStore) -> float:
    """Seconds, to the second."""
    second = timedelta(seconds=1)
    waits = (n for n in range(2000) if n % 30 == 0)
    for wait in waits:
        if not await health.resting(REAL + wait * second):
            return float(wait)
    raise AssertionError


async def test_accounts_are_counted_with_and_without_an_owner(database, health):
    await enroll(database, "ada")
    await UsageStore(database).replace_day(make_day(make_record(), make_record("zoe")), NOON)
    await health.provider_succeeded("anthropic", NOON)

    known = (await health.sources())["anthropic"]

    assert (known.accounts, known.unmatched_accounts) == (2, 1)


async def test_a_step_is_done_for_its_night_alone(health):
    await health.finish_step("directory", MONDAY, NOON)
    await health.finish_step("directory", MONDAY, NOON)

    assert await health.steps_done(MONDAY) == frozenset({"directory"})
    assert await health.steps_done(MONDAY + A_DAY) == frozenset()


async def test_the_last_tick_is_remembered(health):
    assert await health.last_tick() is None

    await health.ticked(NOON)

    assert await health.last_tick() == NOON
